"""The last number that each use case told, as it stood in each week."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, Subquery, case, func, literal, or_, select, union_all

from storage.metrics.registry import WEEK, Ask
from storage.schema import Events, table_of

GOOD_FOR = 5
"""Weeks for which a number stands until the next one is told: outcomes are measured at least every month."""


def latest(ask: Ask, figure: str) -> Subquery:
    """Rows of ``week``, ``use_case`` and ``value``: the newest number told in that week or the four before.

    The whole of a use case counts before its parts; of parts alone it is their average.
    """
    e = table_of(Events).c
    first = (ask.weeks[0] - (GOOD_FOR - 1) * WEEK).isoformat()
    wanted = [e.kind == figure, e.week >= first, e.week <= ask.last.isoformat()]
    if ask.use_case:
        wanted.append(e.use_case == ask.use_case)
    value = func.coalesce(func.avg(case((e.function == "", e.value))), func.avg(e.value))
    following: ColumnElement[Any] = func.lead(e.week).over(partition_by=e.use_case, order_by=e.week)
    told = (
        select(e.use_case, e.week, value.label("value"), following.label("following"))
        .where(*wanted)
        .group_by(e.use_case, e.week)
        .subquery("told")
    )
    rows = [
        select(
            literal(week.isoformat(), String).label("week"),
            literal((week - (GOOD_FOR - 1) * WEEK).isoformat(), String).label("oldest"),
        )
        for week in ask.weeks
    ]
    span = union_all(*rows).cte("span")
    stands = (
        (told.c.week <= span.c.week)
        & (told.c.week >= span.c.oldest)
        & or_(told.c.following.is_(None), told.c.following > span.c.week)
    )
    return (
        select(span.c.week, told.c.use_case, told.c.value)
        .select_from(span.join(told, stands))
        .subquery("latest")
    )
