"""``preflight status``: how things stand, for those without Prometheus."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings
    from storage.outbox import Undeliverable
    from storage.spending import Spent
    from storage.standing import Standing

_DAYS = 30
_GIVEN_UP_SHOWN = 5
_WAITS_LONG = 300.0
_PATIENCE = 2.0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
def status(as_json: bool) -> None:
    """Say how things stand: what waits, what is overdue, what was given up, what the chat model cost.

    It reads the database, beside a running bot or without one, and asks the bot on this machine whether it
    is ready.
    """
    from bot.settings import read_settings
    from storage.standing import spent_since
    from storage.store import open_store

    settings = read_settings()
    now = datetime.now(UTC)
    store = open_store(settings)
    try:
        standing = store.standing(now)
        given_up = store.outbox.undeliverable(_GIVEN_UP_SHOWN)
        with store.read() as reading:
            spent = spent_since(reading.connection, now, _DAYS)
        kind = "SQLite" if store.local else "PostgreSQL"
    finally:
        store.close()
    ready = _asked(settings)
    if as_json:
        told = {"ready": ready, **asdict(standing), "spent": [asdict(each) for each in spent]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in (*_here(ready, settings), *_lines(standing, kind), *_lost(given_up), *_costs(spent)):
        click.echo(line)


def _asked(settings: Settings) -> dict[str, Any] | None:
    """What ``/readyz`` of the bot on this machine says; ``None`` where none answers."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - read, not bound
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        try:
            found = json.load(error)
        except ValueError:
            return None
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "problems" in found else None


def _here(ready: dict[str, Any] | None, settings: Settings) -> Iterator[str]:
    if ready is None:
        yield f"Bot: none answers on port {settings.port} of this machine."
    elif ready.get("ok"):
        yield "Bot: ready."
    else:
        yield f"Bot: not ready: {'; '.join(map(str, ready['problems']))}."


def _lines(standing: Standing, kind: str) -> Iterator[str]:
    yield f"Database: {kind}, tables of version {standing.schema}; {standing.audit_seq} rows of audit log."
    waits = f", the oldest for {_span(standing.outbox_oldest)}" if standing.outbox_open else ""
    late = (
        " Slack, the token or the database may be in trouble." if standing.outbox_oldest > _WAITS_LONG else ""
    )
    yield f"To be delivered: {standing.outbox_open}{waits}. Given up so far: {standing.given_up}.{late}"
    yield f"Planned jobs: {standing.jobs_planned}, overdue: {standing.jobs_overdue}."
    yield f"Digests: {standing.digests_overdue} overdue, {standing.digests_broken} that cannot be delivered."
    yield (
        f"Check-ins of four weeks: {standing.check_ins_open} wait for an answer, "
        f"{standing.check_ins_missed} were missed."
    )


def _lost(given_up: Sequence[Undeliverable]) -> Iterator[str]:
    if given_up:
        yield "Given up last:"
    for each in given_up:
        tries = "1 attempt" if each.attempts == 1 else f"{each.attempts} attempts"
        yield f"  {each.at:%Y-%m-%d %H:%M} UTC, {each.conversation}, after {tries}: {each.error}"


def _costs(spent: Sequence[Spent]) -> Iterator[str]:
    if not spent:
        yield f"Chat model: not asked in the last {_DAYS} days."
        return
    yield f"Chat model, last {_DAYS} days, by workflow:"
    for each in spent:
        cost = "no prices are set" if each.unpriced == each.calls else f"cost {each.cost:.4f}"
        failed = f", {each.failed} of no use" if each.failed else ""
        yield (
            f"  {each.workflow} ({each.model}): {each.calls} calls{failed}, {each.tokens_in} tokens in, "
            f"{each.tokens_out} out, {cost}, {each.seconds / max(each.calls, 1):.1f} s each"
        )


def _span(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"
