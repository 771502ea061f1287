"""Weeks and seconds in SQL, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CTE, Float, Integer, String, column, literal, select, union_all, values
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.metrics.registry import Ask
from storage.schema import Moment

PLACES = 9
"""Decimals that are kept: sums of fractions differ beyond that from database to database."""


class seconds(FunctionElement[int]):
    """Whole seconds since 1970 of a moment in a column."""

    type = Integer()
    inherit_cache = True
    name = "seconds"


@compiles(seconds, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **given)}) AS INTEGER)"


@compiles(seconds, "postgresql")
def _on_postgres(element: Any, compiler: Any, **given: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **given)})) AS BIGINT)"


def weeks(ask: Ask) -> CTE:
    """One row for each week asked for: ``week`` (as in events), ``begins``, ``ends``, and ``seen``."""
    rows = [
        select(
            literal(week.isoformat(), String).label("week"),
            literal(ask.begins(week), Moment).label("begins"),
            literal(ask.ends(week), Moment).label("ends"),
            literal(ask.seen(week), Moment).label("seen"),
        )
        for week in ask.weeks
    ]
    return union_all(*rows).cte("weeks")


def pairs(name: str, rows: Iterable[tuple[str, float]]) -> CTE:
    """A table ``name`` of ``key`` and ``number`` made of given values; at least one row is needed."""
    table = values(column("key", String), column("number", Float), name=f"{name}_given").data(list(rows))
    return select(table.c.key, table.c.number).cte(name)


def day(text: str) -> date:
    """The week of a row."""
    return date.fromisoformat(text)


def number(value: float | None) -> float | None:
    """A value as it is told: rounded, so that both databases say the same."""
    return None if value is None else round(float(value), PLACES)
