"""How fast the company decides: the seats of approvals, and what was promised with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func

from storage.metrics.registry import Ask, metric
from storage.metrics.standings import SPANS, Columns, count, during, hours, standing
from workflows.measures.measured import Cell, Metric

_DECIDED = ("approved", "rejected")


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
    return standing(ask, "seat", count, at=lambda s, w: s.due <= w.seen)


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
    return standing(ask, "seat", count)


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

    def settled(s: Columns) -> ColumnElement[Any]:
        """A seat counts when its time ran out or, if that came first, when it was decided."""
        return func.coalesce(case((s.outcome.in_(_DECIDED) & (s.ends <= s.due), s.ends)), s.due)

    def in_time(s: Columns) -> ColumnElement[Any]:
        return 100.0 * func.avg(case((s.outcome.in_(_DECIDED) & (s.ends <= s.due), 1.0), else_=0.0))

    there = (SPANS.due.is_not(None), SPANS.outcome != "dropped")
    return during(ask, "seat", in_time, count, moment=settled, back=4, where=there)


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
    decided = (SPANS.outcome.in_(_DECIDED),)
    return during(ask, "seat", hours, count, moment=lambda s: s.ends, back=4, where=decided)
