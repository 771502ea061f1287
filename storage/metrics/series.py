"""A metric as its readers get it: a cell for each week, and no group shown that is too small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from storage.metrics.registry import WEEK, Ask, By, Registered, found
from workflows.events import week_of
from workflows.measures.measured import Cell, Series
from workflows.measures.small_groups import hidden, withheld
from workflows.people import Directory
from workflows.program import Program

NOW = "now"
"""The window of what stands at a moment: its last cell is that of the running week."""


def measured(
    connection: Connection,
    directory: Directory,
    metric: str,
    program: Program,
    now: datetime,
    *,
    weeks: int = 8,
    function: str = "",
    use_case: str = "",
    by: By = "",
) -> Series:
    """The metric over so many weeks, the oldest first, with a cell for every week and key.

    What counts over a week is given for the finished ones; what stands at a moment (window ``now``) for the
    ends of weeks and, last, for now. Where the metric cannot be narrowed to a function or a use case, or
    broken down as asked, nothing has a value: the company's figure is never passed off as a part's.
    Raises :class:`UnknownMetric`.
    """
    registered = found(metric)
    newest = week_of(now.astimezone(ZoneInfo(program.digests.zone)).date())
    if registered.metric.window != NOW:
        newest -= WEEK
    ask = Ask(
        connection=connection,
        program=program,
        directory=directory,
        now=now,
        weeks=tuple(newest - n * WEEK for n in reversed(range(weeks))),
        function=function,
        use_case=use_case,
        by=by,
    )
    able = _can(registered, ask)
    cells = _filled(ask, _shown(registered, ask) if able else (), 0.0 if able and registered.counts else None)
    return Series(metric=registered.metric, target=program.metrics.target(metric), cells=cells)


def _shown(registered: Registered, ask: Ask) -> Sequence[Cell]:
    if not registered.metric.people:
        return registered.query(ask)
    smallest = ask.program.digests.smallest_group
    if ask.by:
        return hidden(registered.query(ask), smallest)
    # One part by itself says as much as the same part in the table of all: it is withheld where it is there.
    ways: list[tuple[Ask, str]] = []
    if ask.function:
        ways.append((replace(ask, by="function", function=""), ask.function))
    if ask.use_case:
        ways.append((replace(ask, by="use_case", use_case=""), ask.use_case))
    if not ways:
        return hidden(registered.query(ask), smallest)
    tables = [
        {c.week: c for c in hidden(registered.query(wider), smallest) if c.key == key} for wider, key in ways
    ]
    first = tables[0]
    return [_both(cell, [t.get(week) for t in tables]) for week, cell in first.items()]


def _both(cell: Cell, ways: Sequence[Cell | None]) -> Cell:
    """The cell, withheld where any of the tables it stands in withholds it."""
    kept_back = any(c is None or c.withheld for c in ways)
    alone = cell.model_copy(update={"key": ""})
    return withheld(alone) if kept_back else alone


def _can(registered: Registered, ask: Ask) -> bool:
    wanted: set[By] = {ask.by} if ask.by else set()
    wanted |= {"function"} if ask.function else set()
    wanted |= {"use_case"} if ask.use_case else set()
    return wanted <= set(registered.by)


def _filled(ask: Ask, cells: Sequence[Cell], empty: float | None) -> tuple[Cell, ...]:
    """Every week has a cell for each key; the ``empty`` one where nothing was found."""
    there = {(c.week, c.key): c for c in cells}
    keys = sorted({c.key for c in cells}) if ask.by else [""]
    return tuple(
        there.get((week, key)) or Cell(week=week, key=key, value=empty) for week in ask.weeks for key in keys
    )
