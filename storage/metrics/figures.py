"""What was told of a figure: by week, and by use case or function, each number counted once.

A use case tells a figure for all functions together, or for some by name. Where it has told the whole, that
counts; where it has only told parts, their sum does. By function the parts count, and the whole of a use case
without parts counts for the function that the use case belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, and_, case, func, literal, or_, select

from storage.metrics.registry import Ask
from storage.metrics.weeks import day, number
from storage.schema import Events, UseCases, table_of
from workflows.figures.catalogue import BY_ID
from workflows.measures.measured import Cell

NOWHERE = "-"
"""The key of what belongs to no function that is known."""


def told(ask: Ask, figure: str) -> Subquery:
    """Rows of ``week``, ``use_case``, ``function``, ``amount`` and ``base``, of one figure.

    Of an average the amount is the sum that it stands for (value times answers) and the base the number of
    answers; one that came without that number counts as one answer. A plain number is an average as well:
    those of several functions are never added up. Of anything else they are what was told.
    """
    value, of = table_of(Events).c.value, table_of(Events).c.out_of
    weight = func.coalesce(of, 1.0)
    averaged = BY_ID[figure].shape in ("average", "number")
    amount: ColumnElement[Any] = value * weight if averaged else value
    base: ColumnElement[Any] = weight if averaged else of
    # No BETWEEN: PostgreSQL does not read one whose bounds name a collation.
    first, last = ask.weeks[0].isoformat(), ask.last.isoformat()
    wanted = [Events.kind == figure, Events.week >= first, Events.week <= last]
    if ask.use_case:
        wanted.append(Events.use_case == ask.use_case)
    by_function = ask.by == "function" or bool(ask.function)
    counted = or_(_wins(table_of(Events).c.function, by_function), ~_told_otherwise(wanted, by_function))
    rows: FromClause = table_of(Events)
    function: ColumnElement[Any] = literal("")
    if by_function:
        rows = rows.outerjoin(UseCases, UseCases.id == Events.use_case)
        function = func.coalesce(
            func.nullif(Events.function, ""), func.nullif(UseCases.function, ""), NOWHERE
        )
    if ask.function:
        wanted.append(function == ask.function)
    return (
        select(
            Events.week,
            Events.use_case,
            function.label("function"),
            amount.label("amount"),
            base.label("base"),
        )
        .select_from(rows)
        .where(counted, *wanted)
        .subquery("told")
    )


def _wins(function: ColumnElement[str], by_function: bool) -> ColumnElement[bool]:
    """Whether a row counts, whatever else was told: by function a part, else a whole."""
    return function != "" if by_function else function == ""


def _told_otherwise(wanted: Sequence[ColumnElement[bool]], by_function: bool) -> ColumnElement[bool]:
    """Whether the other kind of row was told for the same use case and week, so that this one must not count.

    It is only looked for where a row does not count by itself: in most companies for a few rows, or none.
    """
    same = select(Events.week + "/" + Events.use_case).where(
        *wanted, _wins(table_of(Events).c.function, by_function)
    )
    return (Events.week + "/" + Events.use_case).in_(same.correlate(None))


def keyed(ask: Ask, rows: Subquery) -> list[ColumnElement[Any]]:
    """What rows are grouped by: the week, and the key that was asked for."""
    return [rows.c.week, *([rows.c[ask.by]] if ask.by else [])]


def sums(ask: Ask, figure: str) -> Sequence[Cell]:
    """The sum of what was told; ``of`` is the sum of what it is a part of, where all of that was told."""
    rows = told(ask, figure)
    by = keyed(ask, rows)
    all_said = func.count(rows.c.base) == func.count()
    wanted = select(*by, func.sum(rows.c.amount), case((all_said, func.sum(rows.c.base)))).group_by(*by)
    return cells(ask, wanted)


def ratios(ask: Ask, figure: str, times: float = 1.0) -> Sequence[Cell]:
    """What was told as a share (or average, or price) of what it is a part of, over those that said both."""
    rows = told(ask, figure)
    by = keyed(ask, rows)
    both = and_(rows.c.base > 0, rows.c.amount.is_not(None))
    whole = func.sum(rows.c.base)
    wanted = select(*by, times * func.sum(rows.c.amount) / whole, whole).where(both).group_by(*by)
    return cells(ask, wanted)


def cells(ask: Ask, wanted: Select[Any]) -> Sequence[Cell]:
    """Rows of week, key (where there is one), value and what it is of, as cells in order."""
    found = []
    for row in ask.connection.execute(wanted):
        week, *key, value, of = row
        found.append(Cell(week=day(week), key=key[0] if key else "", value=number(value), of=number(of)))
    return sorted(found, key=lambda c: (c.week, c.key))
