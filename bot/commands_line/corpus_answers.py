"""``preflight corpus promoted`` and ``gaps``: what questions did for the playbook, and still could."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click


@click.command()
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write into; it is made where it is missing.",
)
def promoted(folder: Path) -> None:
    """Write the pages made of champions' answers as Markdown, to be taken into the folder of the playbook.

    Once they are synced from there, `preflight corpus remove answers` takes these out.
    """
    from bot.settings import read_settings
    from knowledge.promoted import write_out
    from storage.store import open_store

    store = open_store(read_settings())
    try:
        written = write_out(store, folder, lambda said: click.echo(said, err=True))
    finally:
        store.close()
    click.echo(f"{written} {'page' if written == 1 else 'pages'} written to {folder}.")


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366), help="How far back.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--as", "user", default="", metavar="USER", help="As this person may see it: an id or a handle."
)
def gaps(days: int, as_json: bool, user: str) -> None:
    """What was asked and found no good answer, the same questions together, and stale pages that were quoted.

    Without --as nothing is told that rests on documents for a few.
    """
    from bot.commands_line.asking import person_named
    from bot.settings import read_settings
    from bot.views.gaps import gaps_for
    from storage.program_folder import default_program_folder, read_program
    from storage.store import open_store

    settings = read_settings()
    program = read_program(settings.program_dir or default_program_folder())
    until = datetime.now(UTC)
    store = open_store(settings)
    try:
        with store.read() as reading:
            reader = person_named(reading.directory(), user) if user else None
            report = gaps_for(reading, program, reader, until - timedelta(days=days), until)
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    if report.empty:
        click.echo(f"No gaps in {days} days.")
    for gap in report.gaps:
        function = program.functions[gap.function].label if gap.function else "no function"
        people = "1 person" if gap.askers == 1 else f"{gap.askers} people"
        click.echo(f"{function}: {gap.question} ({people}; {', '.join(gap.why)})")
        for said in gap.said:
            click.echo(f"    “{said}”")
    for page in report.stale:
        click.echo(f"past its review date {page.date}, quoted {page.times}x: {page.document} ({page.path})")
