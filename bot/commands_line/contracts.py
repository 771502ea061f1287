"""``preflight contracts``: check, submit, compare, export and list data contracts; report breaches."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.contracts import Hearing
    from bot.registry import Moment
    from storage.store import Store, Tx
    from workflows.contract import Contract
    from workflows.contract_reading import Read
    from workflows.decision import Circumstances, Decision
    from workflows.people import Directory
    from workflows.program import Program

_SYSTEM = "command_line"
FILE = click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))


@click.group()
def contracts() -> None:
    """Data contracts as files: check, submit, compare, export; report breaches and close them.

    All of it may run beside a serving bot, which tells people what came of it. FILE may be - for standard
    input.
    """


@contracts.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(files: tuple[str, ...], as_json: bool) -> None:
    """Check contracts without submitting them; the exit status is 1 where one has faults."""
    found = [(name, _read(name)) for name in files]
    if as_json:
        listed = [
            {"file": n, "ok": r.document is not None, "errors": [e.model_dump() for e in r.errors]}
            for n, r in found
        ]
        click.echo(json.dumps(listed, indent=2))
    else:
        for name, read in found:
            if read.document is not None:
                click.echo(f"{name}: {read.document.name}, version {read.document.version}. All right.")
            for error in read.errors:
                click.echo(str(error), err=True)
    sys.exit(1 if any(r.errors for _, r in found) else 0)


@contracts.command()
@FILE
@click.option("--by", metavar="PERSON", help="On whose behalf: a Slack handle, e-mail address or name.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and store nothing.")
def submit(file: str, by: str | None, dry_run: bool) -> None:
    """Submit a contract, or a new version of one."""
    from bot.contracts import taken
    from workflows.contracting import Submitted

    text = _text(file)
    read = _read(file, text)
    if read.document is None:
        _refuse(read)
        return
    with _store() as (store, program):
        moment = _moment(store, program)
        with store.write() as tx:
            circ = _circumstances(moment, tx, by)
            decision, contract = taken(tx, moment, circ, Submitted(read.document, read.values, text))
            _say_no(decision, program, file)
            if contract is None:
                raise click.ClickException("Nothing came of it.")
            if not dry_run:
                tx.apply(decision, circ)
        later = contract.announced(moment.now)
        when = f", counts from {later.counts_from:%-d %B %Y}" if later and later.counts_from else ""
        would = "Would be kept" if dry_run else "Kept"
        version = contract.current.version
        click.echo(f"{would} as {contract.id}: {contract.title}, version {version}{when}.")
        _say_changes(contract.current.changes, program)


@contracts.command()
@click.argument("old", type=click.Path(dir_okay=False, allow_dash=True))
@click.argument("new", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Compare two versions; the exit status is 1 where the number of NEW says less than what changed."""
    from workflows.contract_diff import compare, demanded, level_of, tells_the_truth

    before, after = _read(old), _read(new)
    if before.document is None or after.document is None:
        _refuse(before if before.document is None else after)
        return
    changes = compare(before.document, after.document)
    was, now = before.document.version, after.document.version
    wanted = demanded(was, changes)
    honest = not changes or tells_the_truth(was, now, changes)
    if as_json:
        listed = [c.model_dump() for c in changes]
        outcome = {"level": level_of(changes), "demanded": wanted, "ok": honest, "changes": listed}
        click.echo(json.dumps(outcome, indent=2, ensure_ascii=False))
    else:
        _say_changes(changes, _program())
        if not changes:
            click.echo("Nothing differs.")
        elif not honest:
            click.echo(f"Version {now} says less than this: it has to be {wanted} or more.", err=True)
    sys.exit(0 if honest else 1)


@contracts.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_(as_json: bool) -> None:
    """List the contracts on record, with those who rely on them and what is broken now."""
    from datetime import UTC, datetime

    from workflows.contract import Contract

    now = datetime.now(UTC)
    with _store() as (store, _), store.read() as reading:
        found = sorted(reading.matters(Contract), key=lambda c: c.id)
        if as_json:
            kept = {"id", "name", "title", "status", "owner", "consumers", "breaches"}
            listed = [
                {**c.model_dump(mode="json", include=kept), "version": c.in_force(now).version} for c in found
            ]
            click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
            return
        for c in found:
            broken = ", ".join(b.id for b in c.open_breaches)
            state = c.status if c.status == "retired" else f"broken: {broken}" if broken else "kept"
            relied = f"{len(c.consumers)} rely on it"
            click.echo(
                f"{c.id:<8} {c.in_force(now).version:<8} {state:<16} {relied:<15} {c.title} ({c.name})"
            )
        click.echo(f"{len(found)} data contracts.", err=True)


@contracts.command()
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--all", "everything", is_flag=True, help="Every version, not only the newest.")
def export(folder: str, everything: bool) -> None:
    """Write the contracts into FOLDER as they were submitted, NAME.yaml each, to the letter."""
    from pathlib import Path

    from workflows.contract import Contract

    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    with _store() as (store, _), store.read() as reading:
        found = reading.matters(Contract)
    written = 0
    for contract in found:
        for version in contract.versions if everything else contract.versions[-1:]:
            name = f"{contract.name}-{version.version}.yaml" if everything else f"{contract.name}.yaml"
            # Bytes, so that no line ending changes on the way.
            (where / name).write_bytes(version.text.encode("utf-8"))
            written += 1
    click.echo(f"{written} files in {where}.")


@contracts.command()
@click.argument("contract")
@click.argument("use_case")
@click.option("--by", metavar="PERSON", help="On whose behalf.")
@click.option("--not", "leaves", is_flag=True, help="It does not rely on it any more.")
def rely(contract: str, use_case: str, by: str | None, leaves: bool) -> None:
    """Say that USE_CASE relies on CONTRACT (or, with --not, does not any more)."""
    from workflows import contracting

    def do(heard: Hearing) -> Decision:
        case = heard.tx.use_case(use_case.upper())
        if case is None:
            raise click.ClickException(f"There is no use case {use_case}.")
        rule = contracting.leave if leaves else contracting.rely
        return rule(heard.contract, case, heard.moment.program, heard.tx.directory(), heard.circ)

    there = _done(contract, by, do, also=(use_case.upper(),))
    click.echo(f"{there.title}: relied upon by {', '.join(there.consumers) or 'nobody'}.")


@contracts.command()
@click.argument("contract")
@click.argument("what")
@click.option("--layer", type=click.Choice(["structural", "semantic", "behavioural"]), default="behavioural")
@click.option("--about", default="", help="The promise or the field: latency, claims.settled_on ...")
@click.option("--severity", type=click.Choice(["low", "medium", "high"]), default="medium")
@click.option("--by", metavar="PERSON", help="Who saw it.")
def breach(contract: str, what: str, layer: Any, about: str, severity: Any, by: str | None) -> None:
    """Report that CONTRACT is broken: WHAT is what was seen."""
    from workflows import breaching
    from workflows.breaching import Seen

    seen = Seen(layer, about.strip(), what, severity)
    there = _done(contract, by, lambda heard: heard.ask(breaching.report, seen=seen, source="cli"))
    standing = ", ".join(f"{b.id} ({b.about or b.layer})" for b in there.open_breaches)
    click.echo(f"{there.title} is broken: {standing}.")


@contracts.command()
@click.argument("contract")
@click.argument("breach_id", metavar="BREACH")
@click.argument("reason")
@click.option("--by", metavar="PERSON", help="On whose behalf.")
def close(contract: str, breach_id: str, reason: str, by: str | None) -> None:
    """Close BREACH (such as B1) of CONTRACT, because of REASON."""
    from workflows import breaching

    there = _done(
        contract, by, lambda heard: heard.ask(breaching.close, breach=breach_id.upper(), reason=reason)
    )
    click.echo(f"{there.title}: {len(there.open_breaches)} breaches are open now.")


@contracts.command()
@click.argument("contract")
@click.argument("reason")
@click.option("--by", metavar="PERSON", help="On whose behalf.")
def retire(contract: str, reason: str, by: str | None) -> None:
    """Retire CONTRACT, because of REASON: the data is not supplied any more."""
    from workflows import contracting

    there = _done(contract, by, lambda heard: heard.ask(contracting.retire, reason=reason))
    click.echo(f"{there.title} is retired.")


@contracts.command()
def schema() -> None:
    """Print the JSON schema of a data contract, for editors and other tools."""
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """The JSON schema as it is published in ``docs/schemas``."""
    from workflows.contract_document import Document

    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Document.model_json_schema(by_alias=True),
        "title": "Data contract",
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


# --- how ----------------------------------------------------------------------------------------------------


def _done(
    name: str, by: str | None, do: Callable[[Hearing], Decision], also: tuple[str, ...] = ()
) -> Contract:
    """Lock the contract, let the rule decide, keep what it decided; the contract as it is then."""
    from bot.contracts import found, hearing
    from workflows.contract import Contract

    with _store() as (store, program):
        moment = _moment(store, program)
        with store.write() as tx:
            named = found(tx, name)
            if named is None:
                raise click.ClickException(
                    f'There is no data contract "{name}". `preflight contracts list` shows those there are.'
                )
            circ = _circumstances(moment, tx, by)
            heard = hearing(tx, moment, circ, str(named.id), also)
            if heard is None:
                raise click.ClickException(f'"{name}" is gone.')
            decision = do(heard)
            _say_no(decision, program, str(named.id))
            tx.apply(decision, circ)
        return next((c for c in decision.changed if isinstance(c, Contract)), heard.contract)


def _say_no(decision: Decision, program: Program, what: str) -> None:
    """Raise what a rule says against it."""
    from bot.views.kit import bare

    for problem in decision.problems.values():
        raise click.ClickException(f"{what}: {bare(problem)}")
    for entry in decision.entries:
        if entry.refused:
            effect = decision.effects[0]
            data = getattr(effect, "data", {})
            text = program.messages[str(data["message"])].format_map(data["values"])
            raise click.ClickException(bare(text))


def _say_changes(changes: Any, program: Program) -> None:
    from workflows.contracting import said

    for change in changes:
        click.echo(f"  {change.level:<9} {change.layer:<12} {said(change, program)}")


def _refuse(read: Read) -> None:
    for error in read.errors:
        click.echo(str(error), err=True)
    raise click.ClickException(f"{len(read.errors)} to put right; nothing was kept.")


def _text(name: str) -> str:
    from workflows.contract_reading import TEXT_AT_MOST

    try:
        with click.open_file(name, "rb") as opened:
            raw = opened.read(TEXT_AT_MOST * 4 + 1)
        return bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{name} is not UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise click.ClickException(f"{name} cannot be read: {error.strerror}.") from None


def _read(name: str, text: str | None = None) -> Read:
    from workflows.contract_reading import read_contract

    called = "standard input" if name == "-" else name
    return read_contract(_text(name) if text is None else text, called)


def _program() -> Program:
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program

    return read_program(read_settings().program_dir or default_program_folder())


@contextmanager
def _store() -> Iterator[tuple[Store, Program]]:
    from bot.settings import read_settings
    from storage.store import open_store

    program = _program()
    store = open_store(read_settings())
    try:
        yield store, program
    finally:
        store.close()


def _moment(store: Store, program: Program) -> Moment:
    from datetime import UTC, datetime

    from bot.registry import Moment
    from bot.settings import read_settings
    from workflows.systems import system_user

    return Moment(
        store=store,
        program=program,
        settings=read_settings(),
        now=datetime.now(UTC),
        bot_user=system_user(_SYSTEM),
    )


def _circumstances(moment: Moment, tx: Tx, by: str | None) -> Circumstances:
    from workflows.systems import system_user

    return moment.circumstances(_person(by, tx.directory()) if by else system_user(_SYSTEM), "cli")


def _person(by: str, directory: Directory) -> Any:
    from workflows.contract_reading import found_person

    found = found_person(by, directory)
    if found is None:
        raise click.ClickException(
            f'Nobody here is called "{by}". Write a Slack handle or an e-mail address.'
        )
    return found
