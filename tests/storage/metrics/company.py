"""A small company whose figures were worked out by hand, and how a test asks for a metric of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from storage.program_folder import default_program_folder, read_program
from storage.store import Store
from tests.storage.records import CIRC, decision, use_case
from workflows.decision import Decision, Entry
from workflows.events import Event
from workflows.ids import Subject, UseCaseId
from workflows.measures.measured import Cell
from workflows.use_case import Assessment, TierFinding

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday: the last finished week is that of 9 November."""
W1, W2, W3, W4 = (date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9))
PROGRAM = read_program(default_program_folder())
TOLD = Entry(action="figures.told", subject=Subject(type="use_case", id="UC-0001"))


def figure(
    kind: str,
    use_case: int,
    week: date,
    value: float,
    of: float | None = None,
    function: str = "",
    **fields: Any,
) -> Event:
    """One figure of a use case, as it was told."""
    id = UseCaseId(f"UC-{use_case:04d}")
    return Event(
        key=f"figure/{id}/{kind}/{function}/{week}",
        kind=kind,
        at=NOW,
        week=week,
        use_case=id,
        function=function,
        value=value,
        of=of,
        source="check_in",
        received_at=NOW,
        **fields,
    )


def case_of(number: int, function: str = "", stage: str = "production", **fields: Any) -> Any:
    """A use case of a function."""
    facets = {"function": function} if function else {}
    assessed = Assessment(scorecards={}, tier=TierFinding(tier="medium"), facets=facets)
    return use_case(f"UC-{number:04d}", stage=stage, assessment=assessed, **fields)


def keep(store: Store, *changed: Any, events: tuple[Event, ...] = (), now: datetime = NOW) -> None:
    """Store these in one transaction at that moment."""
    with store.write() as tx:
        whole = decision(*changed).and_then(Decision(events=events, entries=(TOLD,)))
        tx.apply(whole, CIRC.model_copy(update={"now": now}))


def asked(store: Store, metric: str, weeks: int = 2, program: Any = PROGRAM, **narrow: Any) -> list[Cell]:
    """The cells of a metric."""
    with store.read() as reading:
        return list(reading.measure(metric, program, NOW, weeks=weeks, **narrow).cells)


def values(store: Store, metric: str, weeks: int = 2, **narrow: Any) -> list[float | None]:
    """The values of a metric, the oldest first."""
    return [c.value for c in asked(store, metric, weeks, **narrow)]


def by_key(store: Store, metric: str, by: str, **narrow: Any) -> dict[str, float | None]:
    """The newest value of each key."""
    cells = asked(store, metric, weeks=1, by=by, **narrow)
    return {c.key: c.value for c in cells}
