"""Weeks and seconds in SQL, the same on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Float, Integer, String, cast, literal, null, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.metrics.registry import WEEK, Ask
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


class a_week_before(FunctionElement[str]):
    """The day a week before that of a column, both as ``2026-11-16``; what is no day stays as it is."""

    type = String()
    inherit_cache = True
    name = "a_week_before"


@compiles(a_week_before, "sqlite")
def _day_on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    day = compiler.process(element.clauses, **given)
    return f"coalesce(date({day}, '-7 days'), {day})"


@compiles(a_week_before, "postgresql")
def _day_on_postgres(element: Any, compiler: Any, **given: Any) -> str:
    day = compiler.process(element.clauses, **given)
    earlier = f"to_char(to_date({day}, 'YYYY-MM-DD') - 7, 'YYYY-MM-DD')"
    return f"(CASE WHEN {day} SIMILAR TO '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}' THEN {earlier} ELSE {day} END)"


def weeks(ask: Ask, back: int = 1) -> CTE:
    """One row for each week asked for: ``week`` (as in events), ``begins``, ``ends``, and ``seen``.

    ``since`` is the beginning of the ``back`` weeks that end with it, ``soon`` two weeks after ``seen``.
    """
    rows = [
        select(
            literal(week.isoformat(), String).label("week"),
            literal(ask.begins(week), Moment).label("begins"),
            literal(ask.ends(week), Moment).label("ends"),
            literal(ask.seen(week), Moment).label("seen"),
            literal(ask.begins(week - (back - 1) * WEEK), Moment).label("since"),
            literal(ask.seen(week) + 2 * WEEK, Moment).label("soon"),
        )
        for week in ask.weeks
    ]
    return union_all(*rows).cte("weeks")


def no_number() -> ColumnElement[float]:
    """Nothing, of the type of a number."""
    return cast(null(), Float)


def day(text: str) -> date:
    """The week of a row."""
    return date.fromisoformat(text)


def number(value: float | None) -> float | None:
    """A value as it is told: rounded, so that both databases say the same."""
    return None if value is None else round(float(value), PLACES)
