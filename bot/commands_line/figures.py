"""``preflight figures``: the numbers of use cases from a file, and as they are known."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def figures() -> None:
    """Bring numbers of use cases in, and show them. May run beside a serving bot."""


@figures.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Let it count. Without it, only what would happen is shown.")
def import_(file: Path, yes: bool) -> None:
    """Take the numbers in FILE (CSV): a row for each use case and week."""
    import hashlib

    from bot.commands_line.incidents import moment_of_now
    from bot.figures_file import previewed, taken
    from bot.views.kit import bare
    from workflows.figures.from_csv import read_table
    from workflows.systems import system_user

    data = file.read_bytes()
    try:
        table = read_table(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name} is not UTF-8. Save it as UTF-8 and try again.") from None
    if table is None or not table.rows:
        needs = "It needs a first row with names, a column for the use case and one for the week."
        raise click.ClickException(f"{file.name} cannot be read as a table. {needs}")
    with moment_of_now() as moment:
        circ = moment.circumstances(system_user("cli"), "import")
        if yes:
            key = f"figures/{hashlib.sha256(data).hexdigest()[:32]}/cli"
            report = taken(moment, circ, table, key, "import")
        else:
            with moment.store.read() as reading:
                report = previewed(reading, moment, circ, table)
    for line, why in report.faults:
        click.echo(f"row {line}: {bare(why)}")
    if report.unread:
        click.echo(f"not read: {', '.join(report.unread)}")
    would = "count" if yes else "would count"
    click.echo(
        f"{report.rows} rows: {report.counts} numbers {would}, {report.doubted} to be asked about, "
        f"{report.known} known already, {report.refused} rows refused."
    )
    if table.cut:
        click.echo("The file is longer than what is taken at once; split it.", err=True)
    if not yes and (report.counts or report.doubted):
        click.echo("Nothing was changed. Say --yes to let it count.", err=True)


@figures.command()
@click.argument("use_case")
@click.option("--weeks", default=12, show_default=True, help="How many weeks back.")
def show(use_case: str, weeks: int) -> None:
    """Print the numbers of USE_CASE (its id or name), a line for each figure and week."""
    from bot.commands_line.incidents import moment_of_now
    from bot.listeners.incident_hook import named
    from workflows.figures.measured import history, measured_in

    with moment_of_now() as moment, moment.store.read() as reading:
        found = named(reading, use_case)
        if found is None:
            raise click.ClickException(f"There is no use case {use_case}.")
        events = reading.figures_of(found.id)
        measured = measured_in(found, moment.program, events)
    known = history(events)
    for one in measured:
        for point in known.get(one.id, ())[-weeks:]:
            of = "" if point.of is None else f" of {point.of:g}"
            late = "  late" if point.late else ""
            click.echo(f"{point.week}  {one.id:<18} {point.value:g}{of}{late}")
