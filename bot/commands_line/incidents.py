"""``preflight incidents``: report one from a terminal, list and show them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.registry import Moment
    from workflows.incident import Incident
    from workflows.people import Directory

_SYSTEM = "command_line"


@click.group()
def incidents() -> None:
    """Report an incident, list and show them. All of it may run beside a serving bot, which tells people."""


@incidents.command()
@click.argument("what")
@click.option("--use-case", default="", metavar="ID", help="Which use case, by id or name.")
@click.option(
    "--kind", default="", metavar="KIND", help="A kind of the program; guessed from WHAT without it."
)
@click.option("--severity", required=True, metavar="SEVERITY", help="A severity of the program.")
@click.option("--reference", default="", help="What you call it: the same again is the same incident.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def report(what: str, use_case: str, kind: str, severity: str, reference: str, as_json: bool) -> None:
    """Report that WHAT went wrong."""
    from bot.listeners.incident_hook import Told, named, report_of
    from bot.listeners.reporting import taken
    from bot.views.kit import bare
    from workflows.incident import Incident
    from workflows.systems import system_user

    with moment_of_now() as moment, moment.store.write() as tx:
        known = moment.program.incidents
        for name, given, able in (
            ("severity", severity, [s.id for s in known.severities]),
            ("kind", kind, [k.id for k in known.kinds]),
        ):
            if given and given not in able:
                raise click.ClickException(f'There is no {name} "{given}". There are: {", ".join(able)}.')
        about = named(tx, use_case)
        if use_case and about is None:
            raise click.ClickException(
                f'There is no use case "{use_case}". `preflight usecases list` shows those there are.'
            )
        told = Told(kind=kind, severity=severity, what=what[:2000], reference=reference)
        circ = moment.circumstances(system_user(_SYSTEM), "cli")
        said = report_of(told, _SYSTEM, moment).model_copy(update={"source": "cli"})
        decision = taken(tx, moment, circ, said, str(about.id) if about else "")
        for problem in decision.problems.values():
            raise click.ClickException(bare(problem))
        tx.apply(decision, circ)
        made = next((i for i in decision.changed if isinstance(i, Incident)), None)
    if made is None:
        click.echo("It was reported already.")
    elif as_json:
        click.echo(json.dumps({"incident": made.id, "told": list(made.told), "rooms": list(made.rooms)}))
    else:
        rooms = "".join(f", #{r}" for r in made.rooms)
        click.echo(f"{made.id}. Told: {len(made.told)} people{rooms}.")


@incidents.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Also those that are closed.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, with their times in seconds.")
def list_(everything: bool, as_json: bool) -> None:
    """List the incidents that are not closed, the newest first."""
    from workflows.incident import OVER, Incident

    with moment_of_now() as moment, moment.store.read() as reading:
        found = [i for i in reading.matters(Incident) if everything or i.status not in OVER]
        directory = reading.directory()
    if as_json:
        click.echo(json.dumps([_short(i, directory) for i in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        owner = directory.person(one.owner).name if one.owner else "nobody yet"
        click.echo(f"{one.id:<9} {one.severity:<9} {one.status:<10} {one.use_case or '-':<9} {owner}")
    click.echo(f"{len(found)} incidents.", err=True)


@incidents.command()
@click.argument("id")
def show(id: str) -> None:
    """Print everything that is kept of the incident ID, as JSON."""
    from workflows.incident import Incident

    with moment_of_now() as moment, moment.store.read() as reading:
        found = reading.get(Incident, id.upper())
    if found is None:
        raise click.ClickException(
            f"There is no incident {id}. `preflight incidents list` shows those there are."
        )
    click.echo(json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2))


def _short(one: Incident, directory: Directory) -> dict[str, Any]:
    recover = one.to_recover
    return {
        "id": one.id,
        "use_case": one.use_case,
        "kind": one.type,
        "severity": one.severity,
        "status": one.status,
        "owner": directory.person(one.owner).name if one.owner else None,
        "opened_at": one.opened_at.isoformat(),
        "to_detect_seconds": int(one.to_detect.total_seconds()),
        "to_recover_seconds": int(recover.total_seconds()) if recover is not None else None,
        "actions_open": sum(1 for a in one.actions if a.open),
    }


@contextmanager
def moment_of_now() -> Iterator[Moment]:
    """The state and the program, as a command of this minute has them."""
    from datetime import UTC, datetime

    from bot.registry import Moment
    from bot.settings import read_settings
    from storage.program_folder import default_program_folder, read_program
    from storage.store import open_store
    from workflows.ids import UserId

    settings = read_settings()
    program = read_program(settings.program_dir or default_program_folder())
    store = open_store(settings)
    try:
        yield Moment(store, program, settings, datetime.now(UTC), UserId("preflight"))
    finally:
        store.close()
