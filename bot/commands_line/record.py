"""``preflight record``: the governance record of a use case as Markdown or PDF."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("id")
@click.option(
    "--pdf",
    "pdf_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it as PDF there instead of printing Markdown.",
)
def record(id: str, pdf_file: Path | None) -> None:
    """Print the governance record of the use case ID as Markdown. May run beside a serving bot."""
    from bot.commands_line.incidents import moment_of_now
    from bot.filing import record_of
    from workflows.records.markdown import markdown

    with moment_of_now() as moment, moment.store.read() as reading:
        found = record_of(reading, moment.program, id.upper(), moment.now)
    if found is None:
        raise click.ClickException(
            f"There is no use case {id}. `preflight usecases list` shows those there are."
        )
    if pdf_file is None:
        click.echo(markdown(found), nl=False)
        return
    from bot.paper import pdf

    try:
        pdf_file.write_bytes(pdf(found))
    except OSError as error:
        raise click.ClickException(f"{pdf_file} cannot be written: {error.strerror}.") from None
    click.echo(f"The record of {found.subject} is in {pdf_file}.", err=True)
