"""How fast messages go out: a thousand to two hundred channels at the permitted pace, and without a pace."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import func, select

from storage.schema import OutboxRows
from storage.store import Store
from tests.faults.cases import circumstances, the_program
from tests.faults.checker import check
from tests.faults.replica import Plan
from tests.faults.workplace import Workplace
from workflows.decision import Decision
from workflows.effects import Post, ToPlace
from workflows.ids import Place, Subject

_CHANNELS = 200
_EACH = 5


def rows() -> list[tuple[str, ...]]:
    """Seconds until the last of them was posted and marked, beside what Slack's limit alone would take."""
    found: list[tuple[str, ...]] = [
        ("delivering 1,000 messages to 200 channels", "seconds", "per s", "Slack's limit, s")
    ]
    for name, plan, limit in (
        ("at one a second in a channel", None, f"{_EACH - 1}"),
        ("without a pace", Plan(pace=0.0, model=True), ""),
    ):
        took, wrong = _deliver(plan)
        found.append(
            (
                name + (f", {wrong} WRONG" if wrong else ""),
                f"{took:.1f}",
                f"{_CHANNELS * _EACH / took:.0f}",
                limit,
            )
        )
    return found


def _deliver(plan: Plan | None) -> tuple[float, int]:
    with Workplace("sqlite", [plan], people=_CHANNELS) as place, place.memory() as store:
        place.control("POST", "/sandbox/settings", {"rate_limits": plan is None})
        world = place.sandbox.world
        assert world.app is not None
        bot = world.app.bot_user
        direct = [world.direct([f"U0CLERK{i}", bot]) for i in range(_CHANNELS)]
        _put(store, [c.id for c in direct if c is not None])
        # Told by another process, which on SQLite wakes nobody: the bot looks every two seconds by itself.
        begun = time.monotonic()
        while not _begun(store):
            begun = time.monotonic()
            time.sleep(0.01)
        while store.outbox.backlog().open:
            time.sleep(0.05)
        took = time.monotonic() - begun
        place.settle(10)
        found = check(store, place.sandbox, pace=1.0 if plan is None else 0.0)
        return took, len(found.lost) + len(found.doubled) + len(found.wrong)


def _begun(store: Store) -> bool:
    with store.read() as reading:
        return bool(
            reading.connection.execute(
                select(func.count()).select_from(OutboxRows).where(OutboxRows.status == "claimed")
            ).scalar_one()
        )


def _put(store: Store, channels: list[str]) -> None:
    circ = circumstances("U0DANA", the_program()).model_copy(update={"now": datetime.now(UTC)})
    posts = tuple(
        Post(to=ToPlace(place=Place(channel=c)), kind="help", subject=Subject(type="person", id="U0DANA"))
        for _ in range(_EACH)
        for c in channels
    )
    with store.write() as tx:
        tx.apply(Decision(effects=posts), circ)
