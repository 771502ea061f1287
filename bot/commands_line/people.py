"""``preflight people``: what is kept about somebody, erasing them, and letting them in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.registry import Moment
    from storage.erasing import Erasure
    from storage.reading import Reading
    from workflows.personal.mask import Named

_TRIES = 3
_SHOWN = 20


@click.group()
def people() -> None:
    """What is kept about somebody; erasing them. May run beside a serving bot."""


@people.command()
@click.argument("user")
@click.option("--markdown", is_flag=True, help="To read, instead of JSON.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it there.")
def export(user: str, markdown: bool, to: Path | None) -> None:
    """Print everything that is kept about USER (Slack's id, @handle or e-mail), or was said by them."""
    from bot.commands_line.incidents import moment_of_now
    from bot.own_data import as_json, as_markdown, gathered

    with moment_of_now() as moment:
        with moment.store.read() as reading:
            found = gathered(reading, _named(reading, user), moment.now)
        _on_record(moment, str(found["person"]["id"]))
    text = as_markdown(found) if markdown else as_json(found)
    if to is None:
        click.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{to} cannot be written: {error.strerror}.") from None


@people.command()
@click.argument("user")
@click.option("--reason", required=True, help="Why: kept in the log.")
@click.option("--yes", is_flag=True, help="Do it. Without this it is only said what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def erase(user: str, reason: str, yes: bool, as_json: bool) -> None:
    """Put a pseudonym in the place of USER everywhere, and blank their own words. This cannot be undone."""
    from bot.commands_line.incidents import moment_of_now
    from bot.duties import duties_of
    from storage.erasing import preview
    from workflows.ids import UserId

    with moment_of_now() as moment:
        with moment.store.read() as reading:
            who = _named(reading, user)
            held = duties_of(reading, moment.program, UserId(who.id))
            active = reading.directory().person(UserId(who.id)).active
            found = None if yes or held else preview(reading.connection, who)
        if held:
            lines = [f"  {d.subject}: {d.what}: {d.how}" for d in held[:_SHOWN]]
            more = [f"  and {len(held) - _SHOWN} more"] if len(held) > _SHOWN else []
            raise click.ClickException(
                "\n".join(
                    [f"{who.name or who.id} still holds what others wait for. First hand on:", *lines, *more]
                )
            )
        pseudonym = ""
        if found is None:
            pseudonym, found = _erased(moment, who, reason)
    if as_json:
        click.echo(json.dumps({"done": yes, "pseudonym": pseudonym, **vars(found)}, indent=2))
        return
    if active:
        click.echo(
            f"{who.name or who.id} is still active in Slack. What they tell the bot from now on is kept like "
            "anybody's: deactivate the account first.",
            err=True,
        )
    _say(found, yes, pseudonym)


@people.command()
@click.argument("user")
def readmit(user: str) -> None:
    """Let Slack's next sync bring USER (Slack's id) in again after an erasure, as somebody new."""
    from bot.commands_line.incidents import moment_of_now
    from storage import erased
    from workflows.decision import Decision, Entry
    from workflows.ids import Subject

    with moment_of_now() as moment, moment.store.write() as tx:
        if not erased.readmit(tx.connection, user):
            raise click.ClickException(f"Nobody was erased under the id {user}.")
        entry = Entry(action="person.readmitted", subject=Subject(type="person", id=user))
        tx.apply(Decision(entries=(entry,)), moment.circumstances(moment.bot_user, "cli"))
    click.echo("The next sync with Slack brings them in as somebody new.")


def _named(reading: Reading, user: str) -> Named:
    from storage.own_data import named

    found = named(reading.connection, user)
    if found is None:
        raise click.ClickException(
            f"“{user}” is nobody, or more than one. Give Slack's id, such as U012AB3CD, or an e-mail address."
        )
    return found


def _on_record(moment: Moment, user: str) -> None:
    from workflows.decision import Decision, Entry
    from workflows.ids import Subject

    with moment.store.write() as tx:
        entry = Entry(action="person.exported", subject=Subject(type="person", id=user))
        tx.apply(Decision(entries=(entry,)), moment.circumstances(moment.bot_user, "cli"))


def _erased(moment: Moment, who: Named, reason: str) -> tuple[str, Erasure]:
    from storage import erased
    from storage.erasing import erase as erase_now
    from storage.errors import StaleState

    circ = moment.circumstances(moment.bot_user, "cli")
    for left in reversed(range(_TRIES)):
        try:
            with moment.store.write() as tx:
                pseudonym = erased.new_pseudonym(tx.connection)
                return pseudonym, erase_now(tx, who, pseudonym, reason, circ)
        except StaleState:
            if not left:
                raise
    raise AssertionError("unreachable")


def _say(found: Erasure, done: bool, pseudonym: str) -> None:
    def listed(counts: dict[str, int]) -> str:
        return ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(counts.items())) or "nothing"

    click.echo(f"{'Changed' if done else 'Would change'}: {listed(found.changed)}")
    click.echo(f"{'Removed' if done else 'Would remove'}: {listed(found.removed)}")
    click.echo(f"{'Rewritten' if done else 'Would rewrite'} rows elsewhere: {listed(found.rows)}")
    click.echo(f"{'Redacted' if done else 'Would redact'} rows of the audit log: {found.log}")
    for document in found.documents:
        click.echo(f"Named in a document of the playbook, to be changed where it is kept: {document}")
    if done:
        click.echo(
            f"In their place stands {pseudonym}. Messages in Slack, exports and backups made before still "
            "name them; `preflight audit verify` shows what was redacted."
        )
    else:
        click.echo("Nothing was changed. With --yes it is done, and cannot be undone.")
