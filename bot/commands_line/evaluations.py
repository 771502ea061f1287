"""``preflight evaluation``: for a pipeline that tests, or a person at a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from workflows.evaluation import Evaluation

PASSED, NOT_PASSED, ERROR = 0, 1, 2
"""Exit statuses: it passes; it does not; it could not be taken, or there is nothing."""


@click.group()
def evaluation() -> None:
    """Bring the results of an evaluation, or see how one stands. Both may run beside a serving bot.

    Exit status 0: it passes. 1: it does not, with what is lacking. 2: it could not be taken.
    """


@evaluation.command()
@click.argument("use_case")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--as", "as_", required=True, metavar="HANDLE", help="Who brings them.")
@click.option("--version", default="", help="The version that was tested, where the file does not say.")
@click.option(
    "--hurtful", type=click.IntRange(0), default=None, help="Results that would have hurt somebody."
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def add(use_case: str, file: Path, as_: str, version: str, hurtful: int | None, as_json: bool) -> None:
    """Attach the results in FILE (JSON or CSV) to USE_CASE and compare them with its plan."""
    from bot.walks import bringing
    from workflows.evaluating import attach, left_open, ways
    from workflows.evaluation_files import BYTES_AT_MOST, NotResults, read_file

    moment = _moment()
    rules = moment.program.evaluation
    if rules is None:
        _fail("The program has no evaluation.yaml, so there is nothing to compare with.")
    try:
        with file.open("rb") as opened:
            told = read_file(opened.read(BYTES_AT_MOST + 1), file.name, *ways(rules))
    except NotResults as refused:
        _fail(moment.program.messages[refused.message].format_map(refused.values))
    told = told._replace(
        version=version or told.version, hurtful=told.hurtful if hurtful is None else hurtful
    )
    lacking = left_open(rules, moment.program, told)
    if lacking:
        _fail(f"The file does not say: {', '.join(lacking)}. Add it there, or by --version and --hurtful.")
    circ = moment.circumstances(_person(moment, as_), "cli")
    with moment.store.write() as tx:
        found = tx.lock_use_case(use_case.upper())
        if found is None:
            _fail(f"There is no use case {use_case.upper()}.")
        brought = bringing(tx, moment, circ, found)
        decision = attach(tx.new_id("walk"), brought, told, "imported", file.name)
        tx.apply(
            decision.model_copy(update={"effects": ()}) if _refused(decision) else decision, brought.circ
        )
    if _refused(decision):
        _fail("Results can be brought by those who work on the use case.")
    if told.unread:
        click.echo(f"Not read: {', '.join(told.unread)}.", err=True)
    _print(_stands(moment, use_case.upper()), as_json)


@evaluation.command()
@click.argument("use_case")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def show(use_case: str, as_json: bool) -> None:
    """How the evaluation of USE_CASE stands now."""
    _print(_stands(_moment(), use_case.upper()), as_json)


def _moment() -> Any:
    from datetime import UTC, datetime

    from bot.registry import Moment
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_files, read_program
    from storage.store import open_store
    from workflows.ids import UserId

    settings = read_settings()
    folder = settings.program_dir or default_program_folder()
    program = read_program(folder)
    store = open_store(settings)
    click.get_current_context().call_on_close(store.close)
    now = datetime.now(UTC)
    with store.write() as tx:
        tx.keep_program(program, read_files(folder), now)
    return Moment(store, program, settings, now, UserId(""))


def _person(moment: Any, handle: str) -> Any:
    name = handle.lstrip("@")
    people = moment.directory.people.values()
    found = [p.id for p in people if p.active and name in (p.handle, p.id, p.email)]
    if len(found) != 1:
        raise click.UsageError(f"There is nobody called {name!r} among the people Preflight knows.")
    return found[0]


def _stands(moment: Any, use_case: str) -> Evaluation:
    from workflows.evaluation import evaluation_of

    with moment.store.read() as reading:
        dossier = reading.dossier(use_case)
    found = evaluation_of(dossier, moment.program, moment.now) if dossier else None
    if found is None or found.walk is None:
        _fail(f"There are no results of an evaluation of {use_case}.")
    return found


def _refused(decision: Any) -> bool:
    return any(e.refused for e in decision.entries)


def _print(found: Evaluation, as_json: bool) -> None:
    from workflows.evaluation import in_figures

    if as_json:
        body = found.model_dump(mode="json") | {"passed": found.passed}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        verdict = "passes" if found.passed else "does not pass"
        click.echo(f"Version {found.version} {verdict}: {found.cases} cases of {found.needed}.")
        for c in found.classes:
            share = f"{c.right} of {c.of} ({in_figures(c.share or 0.0, '%')})" if c.of else "not tested"
            want = f"at least {in_figures(c.limit, '%')} of {c.needed}"
            click.echo(f"{'pass' if c.passed else 'FAIL':<5} {c.label:<32} {share:<22} {want}")
        for m in found.measures:
            value = "not measured" if m.value is None else in_figures(m.value, m.unit)
            most = "at least" if m.better == "higher" else "at most"
            want = f"{most} {in_figures(m.limit, m.unit)}"
            click.echo(f"{'pass' if m.passed else 'FAIL':<5} {m.label:<32} {value:<22} {want}")
        if found.hurtful:
            click.echo(f"FAIL  {found.hurtful} results would have hurt somebody.")
    sys.exit(PASSED if found.passed else NOT_PASSED)


def _fail(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(ERROR)
