"""``preflight usecases``: import a list, and list, show or export what is on record."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.commands_line.bringing_in import ImportReport
    from workflows.people import Directory
    from workflows.program import Program
    from workflows.use_case import UseCase

_BYTES_AT_MOST = 200_000_000
_SHOWN_AT_MOST = 10
_TIERS = ("low", "medium", "high", "prohibited")


@click.group()
def usecases() -> None:
    """List, show, export and import use cases. All of it may run beside a serving bot."""


@usecases.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--map", "name", required=True, metavar="NAME", help="A mapping of the program, imports/NAME.yaml."
)
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report, row by row, as JSON.")
def import_(file: Path, name: str, dry_run: bool, as_json: bool) -> None:
    """Import the use cases in FILE (CSV), scored and tiered. Doing it again changes nothing twice."""
    from datetime import UTC, datetime

    from bot.commands_line.bringing_in import bring_in
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_files, read_program
    from storage.store import open_store
    from workflows.import_rows import NotAList, read_rows

    settings = read_settings()
    folder = settings.program_dir or default_program_folder()
    program = read_program(folder)
    if name not in program.imports:
        known = ", ".join(sorted(program.imports)) or "none"
        raise click.ClickException(f'The program has no mapping "{name}". It has: {known}.')
    if file.stat().st_size > _BYTES_AT_MOST:
        raise click.ClickException("The file is larger than 200 MB. Split it and import the parts.")
    try:
        listing = read_rows(file.read_bytes())
    except NotAList as wrong:
        raise click.ClickException(f"{file.name} cannot be imported. {wrong}") from None
    mapping = program.imports[name]
    if not set(mapping.key) & set(listing.columns):
        raise click.ClickException(
            f'{file.name} has none of the columns that "{name}" reads by: {", ".join(mapping.key)}. '
            "Is it the right file, or the right mapping?"
        )
    store = open_store(settings)
    try:
        report = bring_in(
            store, program, read_files(folder), mapping, listing, lambda: datetime.now(UTC), dry_run
        )
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        _say(report)


def _say(report: ImportReport) -> None:
    results = report.results()
    counted = ", ".join(
        f"{results[r]} {r}" for r in ("added", "changed", "unchanged", "not taken") if results[r]
    )
    would = "Would be: " if report.dry_run else ""
    click.echo(f"{len(report.rows)} rows read ({report.encoding}). {would}{counted or 'nothing to do'}.")
    tiers = report.tiers()
    click.echo("Tier: " + ", ".join(f"{t} {tiers[t]}" for t in _TIERS if tiers[t]) + ".")
    doubtful = sum(len(r.doubtful) for r in report.rows)
    missing = sum(len(r.missing) for r in report.rows)
    click.echo(f"{doubtful} answers are doubtful and {missing} are missing; --json says which, row by row.")
    if report.blank:
        click.echo(f"{report.blank} rows were empty.")
    for column in report.columns_missing:
        click.echo(f'The file has no column "{column}".', err=True)
    odd = [r for r in report.rows if r.notes and (r.result != "unchanged")]
    damaged = [r for r in odd if any("longer than" not in n for n in r.notes)]
    for row in damaged[:_SHOWN_AT_MOST]:
        click.echo(f"Line {row.line}, {row.title}: {'; '.join(row.notes)}.", err=True)
    if len(damaged) > _SHOWN_AT_MOST:
        click.echo(f"And {len(damaged) - _SHOWN_AT_MOST} more rows like these.", err=True)


@usecases.command(name="list")
@click.option("--stage", metavar="STAGE", help="Only those in this stage, such as in_review.")
@click.option("--tier", type=click.Choice(_TIERS), help="Only those of this tier.")
@click.option("--source", type=click.Choice(["slack", "import"]), help="Only those from here.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_(stage: str | None, tier: str | None, source: str | None, limit: int | None, as_json: bool) -> None:
    """List the use cases on record, oldest first."""
    program, directory, found = _found(stage, tier, source, limit)
    if as_json:
        click.echo(json.dumps([_short(u, directory) for u in found], ensure_ascii=False, indent=2))
        return
    labels = {s.id: s.label for s in program.life_cycle.stages}
    for use_case in found:
        level = use_case.assessment.tier.tier if use_case.assessment else "-"
        where = labels.get(use_case.stage, use_case.stage)
        click.echo(f"{use_case.id:<9} {level:<10} {where:<19} {use_case.title or '(no name yet)'}")
    click.echo(f"{len(found)} use cases.", err=True)


@usecases.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(id: str, as_json: bool) -> None:
    """Show one use case: its answers, scores and tier, and what they rest on."""
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program
    from storage.store import open_store

    settings = read_settings()
    program = read_program(settings.program_dir or default_program_folder())
    store = open_store(settings)
    try:
        with store.read() as reading:
            use_case = reading.use_case(id.upper())
            directory = reading.directory()
    finally:
        store.close()
    if use_case is None:
        raise click.ClickException(
            f"There is no use case {id}. `preflight usecases list` shows those there are."
        )
    if as_json:
        click.echo(json.dumps(use_case.model_dump(mode="json"), ensure_ascii=False, indent=2))
        return
    for line in _record(use_case, program, directory):
        click.echo(line)


@usecases.command()
@click.option(
    "--format",
    "shape",
    type=click.Choice(["csv", "json"]),
    default="csv",
    help="A table for a spreadsheet (the default), or the same as a JSON list.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with everything that is kept.")
def export(shape: str, as_json: bool) -> None:
    """Print every use case, one a line; `import --map preflight` reads the table again.

    docs/portfolio.md says what each column is.
    """
    if as_json:
        _, _, found = _found(None, None, None, None)
        for use_case in found:
            click.echo(json.dumps(use_case.model_dump(mode="json"), ensure_ascii=False))
        return
    from bot.portfolio_export import everything
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program
    from storage.store import open_store
    from workflows.portfolio.exporting import as_csv
    from workflows.portfolio.exporting import as_json as as_list

    settings = read_settings()
    program = read_program(settings.program_dir or default_program_folder())
    store = open_store(settings)
    try:
        with store.read() as reading:
            columns, records = everything(reading, program)
            text = as_csv(columns, records) if shape == "csv" else as_list(records)
    finally:
        store.close()
    sys.stdout.write(text)


def _found(
    stage: str | None, tier: str | None, source: str | None, limit: int | None
) -> tuple[Program, Directory, tuple[UseCase, ...]]:
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program
    from storage.store import open_store

    settings = read_settings()
    program = read_program(settings.program_dir or default_program_folder())
    stages = [s.id for s in program.life_cycle.stages]
    if stage and stage not in stages:
        raise click.UsageError(f'There is no stage "{stage}". There are: {", ".join(stages)}.')
    store = open_store(settings)
    try:
        with store.read() as reading:
            tiers: Any = (tier,) if tier else ()
            found = reading.use_cases(
                stages=(stage,) if stage else (), tiers=tiers, source=source or "", at_most=limit
            )
            return program, reading.directory(), found
    finally:
        store.close()


def _short(use_case: UseCase, directory: Directory) -> dict[str, Any]:
    assessment = use_case.assessment
    times = (use_case.created_at, use_case.submitted_at, use_case.decided_at)
    created, submitted, decided = (t.isoformat() if t else None for t in times)
    return {
        "id": use_case.id,
        "title": use_case.title,
        "stage": use_case.stage,
        "tier": assessment.tier.tier if assessment else None,
        "scores": {
            card: {s.dimension: s.value for s in scores} for card, scores in assessment.scorecards.items()
        }
        if assessment
        else {},
        "submitter": directory.person(use_case.submitter).name,
        "source": use_case.source,
        "created_at": created,
        "submitted_at": submitted,
        "decided_at": decided,
    }


def _record(use_case: UseCase, program: Program, directory: Directory) -> Iterable[str]:
    from workflows.questionnaire import shown

    stage = next((s.label for s in program.life_cycle.stages if s.id == use_case.stage), use_case.stage)
    yield f"{use_case.id}  {use_case.title or '(no name yet)'}"
    yield f"{stage}, program version {use_case.program.label}"
    if use_case.assessment:
        tier = use_case.assessment.tier
        because = f", because {'; '.join(tier.because)}" if tier.because else ""
        yield f"Tier: {tier.tier}{because}"
        for lever in tier.levers:
            yield f"  would be {lever.tier} if {lever.text}"
        for score in use_case.assessment.scorecards.get(program.scorecard, ()):
            yield f"{score.label}: {score.value}" + (
                f" ({'; '.join(score.because)})" if score.because else ""
            )
    for question in program.intake.questions():
        answer = use_case.answers.get(question.id)
        if answer:
            doubt = f"  [doubtful: {answer.reason}]" if answer.how == "imported" and answer.reason else ""
            yield f"{question.label}: {shown(question, answer.value, directory)}{doubt}"
