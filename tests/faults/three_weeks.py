"""Three weeks down: each draft is nudged once, each decision reminded of once; later each expires once."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from storage.schema import Audit, OutboxRows
from storage.store import Store
from tests.faults.cases import MEDIUM, submitted, the_program
from tests.faults.checker import check
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.replica import Plan
from tests.faults.story import idea
from tests.faults.workplace import Workplace

_DOWN = 21.0
_UNTIL_EXPIRED = 75.0
_TICK = 6.0


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` drafts and ``n`` cases are left alone for three weeks, and the drafts for two months more."""
    outcome = Outcome("three weeks down", database)
    program = the_program()
    with Workplace(database, [Plan(pace=0.0)], people=n) as place, place.memory() as store:
        place.control("POST", "/sandbox/settings", {"rate_limits": False})
        for number in range(n):
            place.act("message", f"clerk{number}", channel="@app", text=idea(number))
        place.settle(60)
        cases = [submitted(store, program, f"U0CLERK{i}", f"Case {i}", MEDIUM) for i in range(n)]
        place.settle(60)
        before = _posted(store)  # much waits for the two risk partners at once, so each has a list already
        _later(place, _DOWN)
        kinds = _posted(store)
        nudges = Counter({s: c for (kind, s, _), c in kinds.items() if kind == "nudge"})
        reminders = Counter({(s, to): c for (kind, s, to), c in kinds.items() if kind == "reminder"})
        desks = Counter({to: c for (kind, _, to), c in (kinds - before).items() if kind == "desk"})
        outcome.counts = {
            "drafts": n,
            "nudges": nudges.total(),
            "cases": len(cases),
            "reminders": reminders.total(),
            "desks": desks.total(),
        }
        outcome.demand(len(nudges) == n and set(nudges.values()) == {1}, f"nudges: {dict(nudges)}")
        outcome.demand(
            len({s for s, _ in reminders}) == n, f"only {len({s for s, _ in reminders})} cases reminded of"
        )
        for what, counted in (("reminder", reminders), ("desk", desks)):
            often = {k: c for k, c in counted.items() if c > 1}
            outcome.demand(not often, f"{what} more than once: {often}")
        _later(place, _UNTIL_EXPIRED)
        with store.read() as reading:
            expired = Counter(
                reading.connection.execute(
                    select(Audit.subject_id).where(Audit.action == "walk.expired")
                ).scalars()
            )
        outcome.counts["expiries"] = expired.total()
        outcome.demand(len(expired) == n and set(expired.values()) == {1}, f"expiries: {dict(expired)}")
        again = Counter({s: c for (kind, s, _), c in _posted(store).items() if kind == "nudge"})
        # What was carried out a month ago is not kept in full, so there may be fewer than there were.
        outcome.demand(not again - nudges, "a draft was nudged a second time")
        outcome.add(check(store, place.sandbox))
    return outcome


def _later(place: Workplace, days: float) -> None:
    """The bot is down until then."""
    replica = place.replicas[0]
    place.stop_replica(replica)
    again = place.start_replica(Plan(name=f"day{days:.0f}", pace=0.0, advance_days=days), replica.port)
    place.replicas[0] = again
    assert wait_until(lambda: again.status() == 200, 40), place.said(again)
    wait_until(lambda: False, _TICK)
    place.settle(90)


def _posted(store: Store) -> Counter[tuple[str, str, str]]:
    """How many posts there were, by kind, subject and address."""
    with store.read() as reading:
        return Counter(
            (e["kind"], e["subject"]["id"], str(e["to"]))
            for e in reading.connection.execute(select(OutboxRows.effect)).scalars()
            if e.get("effect") == "post"
        )


if __name__ == "__main__":
    main(run, n=20, databases=("sqlite",))
