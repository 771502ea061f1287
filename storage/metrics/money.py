"""Money: what running the systems costs, what it brings, and when the one has paid for the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from storage.metrics.figures import cells, keyed, sums, told
from storage.metrics.registry import WEEK, Ask, metric
from storage.schema import Events
from workflows.measures.measured import Cell, Metric


@metric(
    Metric(
        id="benefit",
        label="Benefit",
        family="value",
        kind="impact",
        unit="money",
        window="week",
        definition="Money that the use of AI systems saved or earned in the week, as Finance counts it.",
        action="Finance confirms the largest figures each quarter.",
        better="up",
    ),
)
def benefit(ask: Ask) -> Sequence[Cell]:
    """The sum of what was told."""
    return sums(ask, "benefit")


@metric(
    Metric(
        id="cost",
        label="Cost",
        family="value",
        kind="impact",
        unit="money",
        window="week",
        definition="What running the systems cost in the week, as told.",
        action="Look at the three dearest systems first, and at cost per task beside it.",
        better="down",
    ),
)
def cost(ask: Ask) -> Sequence[Cell]:
    """The sum of what was told."""
    return [c.model_copy(update={"of": None}) for c in sums(ask, "cost")]


@metric(
    Metric(
        id="payback",
        label="Payback",
        family="value",
        kind="impact",
        unit="money",
        window="to date",
        definition="Benefit minus cost, added up from the first week that was told to the end of this one.",
        action=(
            "Where the total has not turned after a year, the portfolio review decides whether to go on."
        ),
        better="up",
    ),
)
def payback(ask: Ask) -> Sequence[Cell]:
    """The running total; none before anything was told."""
    begun = ask.connection.execute(
        select(func.min(Events.week)).where(Events.kind.in_(("benefit", "cost")))
    ).scalar_one()
    if begun is None:
        return ()
    first = min(date.fromisoformat(begun), ask.weeks[0])
    count = (ask.last - first).days // 7 + 1
    wide = replace(ask, weeks=tuple(first + n * WEEK for n in range(count)))
    moved: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for figure, sign in (("benefit", 1.0), ("cost", -1.0)):
        rows = told(wide, figure)
        by = keyed(wide, rows)
        for cell in cells(wide, select(*by, func.sum(rows.c.amount), func.count()).group_by(*by)):
            moved[cell.key][cell.week] += sign * (cell.value or 0.0)
    found = []
    for key, of_week in moved.items():
        total = sum(value for week, value in of_week.items() if week < ask.weeks[0])
        begins = min(of_week)
        for week in ask.weeks:
            total += of_week.get(week, 0.0)
            if week >= begins:
                found.append(Cell(week=week, key=key, value=round(total, 6)))
    return sorted(found, key=lambda c: (c.week, c.key))
