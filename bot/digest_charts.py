"""The charts of a digest as data: what they show, and in words what is to be seen in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from storage import digest_counts
from storage.digest_facts.registry import Ask
from workflows.digests.amounts import amount
from workflows.digests.page import Bar, ChartData, Line, Point
from workflows.measures.measured import Series
from workflows.program import Program

_LINES = 3
"""As many figures as one trend shows, each in a panel of its own."""
_AGES = (2, 5, 10)
"""Days: the edges between the bars of the ageing of approvals."""


def chart_of(id: str, ask: Ask, series: Sequence[Series]) -> ChartData | None:
    """The chart of that id; ``None`` where there is nothing to draw. ``KeyError`` for an unknown id."""
    return CHARTS[id](ask, series)


def _plainly(program: Program, key: str, **values: object) -> str:
    """The sentence, filled in; nothing is escaped, for it is drawn."""
    return program.messages[key].format_map(values)


def trend(ask: Ask, series: Sequence[Series]) -> ChartData | None:
    """The first figures over the last weeks, each with its target."""
    lines: list[Line] = []
    for one in series:
        points = tuple(Point(week=c.week, value=c.value) for c in one.cells)
        if sum(p.value is not None for p in points) >= 2 and len(lines) < _LINES:
            lines.append(_line(ask, one, points))
    if not lines:
        return None
    said = "; ".join(_went(ask, line) for line in lines)
    weeks = len(lines[0].points)
    return ChartData(
        name="trend.png",
        kind="trend",
        title=_plainly(ask.program, "chart_trend", weeks=weeks),
        alt=_plainly(ask.program, "chart_trend_alt", weeks=weeks, said=said),
        lines=tuple(lines),
    )


def _line(ask: Ask, series: Series, points: tuple[Point, ...]) -> Line:
    told = [p.value for p in points if p.value is not None]
    unit, currency = series.metric.unit, ask.program.metrics.currency
    aim = ""
    if series.target is not None:
        aim = _plainly(ask.program, "chart_target", target=amount(series.target, unit, currency))
    return Line(
        label=series.metric.label,
        unit=unit,
        points=points,
        target=series.target,
        first=amount(told[0], unit, currency),
        last=amount(told[-1], unit, currency),
        aim=aim,
    )


def _went(ask: Ask, line: Line) -> str:
    key = "chart_went_target" if line.aim else "chart_went"
    return _plainly(ask.program, key, label=line.label, first=line.first, last=line.last, target=line.aim)


def funnel(ask: Ask, series: Sequence[Series]) -> ChartData | None:
    """How many use cases are in each open stage, in the order of the life cycle."""
    found = digest_counts.use_cases(ask.connection, ask.scope)
    stages = [s for s in ask.program.life_cycle.stages if s.open]
    bars = [Bar(label=s.label, value=float(sum(c.number for c in found if c.stage == s.id))) for s in stages]
    bars = [b for b in bars if b.value]
    if not bars:
        return None
    total = f"{sum(b.value for b in bars):,.0f}"
    said = ", ".join(f"{b.label.lower()} {b.value:,.0f}" for b in bars)
    return ChartData(
        name="funnel.png",
        kind="funnel",
        title=_plainly(ask.program, "chart_funnel", total=total),
        alt=_plainly(ask.program, "chart_funnel_alt", total=total, said=said),
        bars=tuple(bars),
    )


def ageing(ask: Ask, series: Sequence[Series]) -> ChartData | None:
    """How long the decisions that are open have waited, and how many of them are overdue."""
    found = digest_counts.ages(ask.connection, ask.scope, _AGES)
    total, late = sum(w.number for w in found), sum(w.overdue for w in found)
    if not total:
        return None
    labels = [
        _plainly(ask.program, "chart_age_first", days=_AGES[0]),
        *(_plainly(ask.program, "chart_age", first=a, last=b) for a, b in pairwise(_AGES)),
        _plainly(ask.program, "chart_age_last", days=_AGES[-1]),
    ]
    bars = [
        Bar(
            label=label,
            value=float(w.number),
            part=float(w.overdue),
            part_shown=_plainly(ask.program, "chart_overdue", count=w.overdue) if w.overdue else "",
        )
        for label, w in zip(labels, found, strict=True)
    ]
    said = ", ".join(f"{b.label} {b.value:.0f}" for b in bars)
    return ChartData(
        name="ageing.png",
        kind="ageing",
        title=_plainly(ask.program, "chart_ageing", total=total, late=late),
        alt=_plainly(ask.program, "chart_ageing_alt", total=total, late=late, said=said),
        bars=tuple(bars),
    )


CHARTS: Mapping[str, Callable[[Ask, Sequence[Series]], ChartData | None]] = {
    "trend": trend,
    "funnel": funnel,
    "ageing": ageing,
}
"""By the id that programs name them by."""
