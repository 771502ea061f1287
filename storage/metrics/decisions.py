"""How fast the company decides: the seats of approvals, and what was promised with them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, case, func

from storage.measure_schema import Spans
from storage.metrics.registry import Ask, metric
from storage.metrics.standings import during, standing
from storage.metrics.weeks import seconds, weeks
from storage.schema import table_of
from workflows.measures.measured import Cell, Metric

_S = table_of(Spans).c
_DECIDED = _S.outcome.in_(("approved", "rejected"))
_HOUR = 3600.0


@metric(
    Metric(
        id="overdue_approvals",
        label="Decisions overdue",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition=(
            "Seats of approvals whose working-hours deadline has passed and in which nobody has decided."
        ),
        action=(
            "The program team asks each decider what is missing, and hands the seat on where "
            "somebody is away."
        ),
        better="down",
    ),
    counts=True,
)
def overdue_approvals(ask: Ask) -> Sequence[Cell]:
    """Seats that stand and are past their due time."""
    w = weeks(ask)
    return standing(ask, w, "seat", func.count(), where=(_S.due <= w.c.seen,))


@metric(
    Metric(
        id="waiting_approvals",
        label="Decisions waiting",
        family="risk",
        kind="risk",
        unit="count",
        window="now",
        definition="Seats of approvals in which a decision is wanted, overdue or not.",
        action=(
            "Where the list grows week by week, look at the governance matrix: too many seats, or "
            "too few people."
        ),
        better="neither",
    ),
    counts=True,
)
def waiting_approvals(ask: Ask) -> Sequence[Cell]:
    """Seats that stand."""
    return standing(ask, weeks(ask), "seat", func.count())


@metric(
    Metric(
        id="decided_in_time",
        label="Decided in time",
        family="risk",
        kind="risk",
        unit="percent",
        window="4 weeks",
        definition=(
            "Seats decided within their working hours, as a share of those that were decided, or "
            "became overdue, in the last four weeks."
        ),
        action="Name stand-ins for the role that is late most often, or give it fewer cases.",
        better="up",
    ),
)
def decided_in_time(ask: Ask) -> Sequence[Cell]:
    """Seats decided by their due time; of those decided, and those whose time ran out undecided."""
    # A seat counts in the weeks in which its deadline fell or, if that came first, its decision.
    settled = func.coalesce(case((_DECIDED & (_S.ends <= _S.due), _S.ends)), _S.due)
    w_in_time = case((and_(_DECIDED, _S.ends <= _S.due), 1.0), else_=0.0)
    share = 100.0 * func.sum(w_in_time) / func.count()
    there = (_S.due.is_not(None), _S.outcome != "dropped")
    return during(ask, "seat", share, func.count(), moment=settled, back=4, where=there)


@metric(
    Metric(
        id="hours_to_decide",
        label="Hours to a decision",
        family="risk",
        kind="risk",
        unit="hours",
        window="4 weeks",
        definition=(
            "Hours by the clock from the moment a seat's turn came to its decision, on average over "
            "the last four weeks."
        ),
        action="Read the three slowest cases together, and say which it was: question, papers or people.",
        better="down",
    ),
)
def hours_to_decide(ask: Ask) -> Sequence[Cell]:
    """Average over the seats decided."""
    hours = func.avg((seconds(_S.ends) - seconds(_S.begins)) / _HOUR)
    return during(ask, "seat", hours, func.count(), moment=_S.ends, back=4, where=(_DECIDED,))
