"""What stood at the end of each week, and what began, ended or happened in it: counted from spans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, exists, func, literal, or_, select

from storage.measure_schema import Spans
from storage.metrics.figures import NOWHERE, cells
from storage.metrics.registry import WEEK, Ask
from storage.metrics.weeks import no_number, seconds, weeks
from storage.schema import Events, UseCases, table_of
from workflows.measures.measured import Cell
from workflows.measures.spans import STAGE

_HOUR = 3600.0
SPANS = table_of(Spans).c
"""The columns of spans."""

Columns = Any
"""A collection of columns; they are its attributes."""
Value = Callable[[Columns], ColumnElement[Any]]
"""Made of the columns of a span."""
When = Callable[[Columns, Columns], ColumnElement[bool]]
"""Made of the columns of a span and of a week."""

function_key = func.coalesce(func.nullif(UseCases.function, ""), NOWHERE)
"""The function that a use case belongs to, as a key."""


def keys(ask: Ask, use_case: ColumnElement[str]) -> list[Any]:
    """What is grouped by besides the week: nothing, or one column."""
    match ask.by:
        case "function":
            return [function_key]
        case "use_case":
            return [use_case]
    return []


def narrowed(ask: Ask, use_case: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """The conditions of what was asked for."""
    found: list[ColumnElement[bool]] = []
    if ask.use_case:
        found.append(use_case == ask.use_case)
    if ask.function:
        found.append(function_key == ask.function)
    return found


def with_functions(ask: Ask, rows: FromClause, use_case: ColumnElement[str]) -> FromClause:
    """The rows beside their use cases, where the function of these matters."""
    if ask.by == "function" or ask.function:
        return rows.outerjoin(UseCases, UseCases.id == use_case)
    return rows


def during(
    ask: Ask,
    kind: str,
    value: Value,
    of: Value | None = None,
    *,
    moment: Value | None = None,
    back: int = 1,
    where: Sequence[ColumnElement[bool]] = (),
) -> Sequence[Cell]:
    """Spans whose ``moment`` (their beginning) fell into the ``back`` weeks that end with the week.

    ``value``, ``of`` and ``moment`` are made of a span's columns.
    """
    w = weeks(ask, back)
    at = SPANS.begins if moment is None else moment(SPANS)
    first = ask.begins(ask.weeks[0] - (back - 1) * WEEK)
    s = _candidates(ask, (SPANS.kind == kind, at >= first, at < ask.ends(ask.last), *where))
    then = s.c.begins if moment is None else moment(s.c)
    rows = w.join(s, (then >= w.c.since) & (then < w.c.ends))
    return cells(ask, _select(ask, w, s, rows, value, of))


def standing(
    ask: Ask,
    kind: str,
    value: Value,
    of: Value | None = None,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    at: When | None = None,
) -> Sequence[Cell]:
    """Spans that stood at the end of each week; of the running week, now.

    ``where`` is about the span alone, ``at`` about the span and the row of the week.
    """
    w = weeks(ask)
    lasting = or_(SPANS.ends.is_(None), SPANS.ends > ask.seen(ask.weeks[0]))
    s = _candidates(ask, (SPANS.kind == kind, lasting, *where))
    stands = (s.c.begins <= w.c.seen) & or_(s.c.ends.is_(None), s.c.ends > w.c.seen)
    rows = w.join(s, stands if at is None else stands & at(s.c, w.c))
    return cells(ask, _select(ask, w, s, rows, value, of))


def _candidates(ask: Ask, where: Sequence[ColumnElement[bool]]) -> CTE:
    """The spans that can count, found once and not anew for each week."""
    by_function = ask.by == "function" or bool(ask.function)
    rows: FromClause = with_functions(ask, table_of(Spans), SPANS.use_case)
    function = function_key if by_function else literal("")
    found = select(*SPANS, function.label("function")).select_from(rows)
    narrow = narrowed(ask, SPANS.use_case)
    return found.where(*where, *narrow).cte("candidates").prefix_with("MATERIALIZED")


def in_use(ask: Ask) -> Sequence[Cell]:
    """How many use cases were in use at the end of each week, by the stages of the program."""
    return standing(ask, STAGE, count, where=(SPANS.label.in_(stages_in_use(ask)),))


def telling(ask: Ask, figure: str) -> Sequence[Cell]:
    """The share, in per cent, of the use cases in use that told this figure for the week."""
    e = table_of(Events).c
    inside = (e.kind == figure, e.week >= ask.weeks[0].isoformat(), e.week <= ask.last.isoformat())
    w = weeks(ask)
    told = (
        select(e.week, e.use_case, w.c.seen)
        .join(w, w.c.week == e.week)
        .where(*inside)
        .distinct()
        .cte("told")
        .prefix_with("MATERIALIZED")
    )
    # A question for each row, and no join, since SQLite would begin with the stages; and its beginning is
    # wrapped up, or SQLite looks through all that began before instead of those of the use case.
    begun = func.coalesce(SPANS.begins, told.c.seen)
    was_in_use = exists().where(
        SPANS.subject_type == "use_case",
        SPANS.subject_id == told.c.use_case,
        SPANS.kind == STAGE,
        SPANS.label.in_(stages_in_use(ask)),
        begun <= told.c.seen,
        or_(SPANS.ends.is_(None), SPANS.ends > told.c.seen),
    )
    by = [told.c.week, *keys(ask, told.c.use_case)]
    wanted = select(*by, func.count(), no_number()).select_from(with_functions(ask, told, told.c.use_case))
    wanted = wanted.where(was_in_use, *narrowed(ask, told.c.use_case)).group_by(*by)
    said = {(c.week, c.key): c.value or 0.0 for c in cells(ask, wanted)}
    return [
        c.model_copy(update={"value": 100.0 * said.get((c.week, c.key), 0.0) / c.value, "of": c.value})
        for c in in_use(ask)
        if c.value
    ]


def stages_in_use(ask: Ask) -> tuple[str, ...]:
    """The stages in which a version may be in use."""
    return ask.program.releases.stages or ask.program.digests.in_use


def stages_watched(ask: Ask) -> tuple[str, ...]:
    """The stages in which owners and outcomes are asked after."""
    return ask.program.digests.watched or stages_in_use(ask)


def count(_: Columns) -> ColumnElement[Any]:
    """How many there are."""
    return func.count()


def hours(s: Columns) -> ColumnElement[Any]:
    """The average of hours from beginning to end."""
    return func.avg((seconds(s.ends) - seconds(s.begins)) / _HOUR)


def _select(ask: Ask, w: CTE, s: CTE, rows: FromClause, value: Value, of: Value | None) -> Select[Any]:
    part: dict[str, list[Any]] = {
        "function": [s.c.function],
        "use_case": [s.c.use_case],
        "severity": [s.c.label],
    }
    by = [w.c.week, *part.get(ask.by, [])]
    whole = of(s.c) if of is not None else no_number()
    return select(*by, value(s.c), whole).select_from(rows).group_by(*by)
