"""What stood at the end of each week, and what began, ended or happened in it: counted from spans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, case, exists, func, or_, select

from storage.measure_schema import Spans
from storage.metrics.figures import NOWHERE, cells
from storage.metrics.registry import WEEK, Ask
from storage.metrics.weeks import no_number, weeks
from storage.schema import Events, UseCases, table_of
from workflows.measures.measured import Cell
from workflows.measures.spans import STAGE

_SPANS = table_of(Spans)
function_key = func.coalesce(func.nullif(UseCases.function, ""), NOWHERE)
"""The function that a use case belongs to, as a key."""


def keys(ask: Ask, use_case: ColumnElement[str], label: ColumnElement[str] | None = None) -> list[Any]:
    """What is grouped by besides the week: nothing, or one column."""
    match ask.by:
        case "function":
            return [function_key]
        case "use_case":
            return [use_case]
        case "severity" if label is not None:
            return [label]
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
    value: ColumnElement[Any],
    of: ColumnElement[Any] | None = None,
    *,
    moment: ColumnElement[Any] | None = None,
    back: int = 1,
    where: Sequence[ColumnElement[bool]] = (),
) -> Sequence[Cell]:
    """Spans whose ``moment`` (their beginning) fell into the ``back`` weeks that end with the week."""
    at = _SPANS.c.begins if moment is None else moment
    w = weeks(ask, back)
    rows = w.join(_SPANS, (at >= w.c.since) & (at < w.c.ends))
    first = ask.begins(ask.weeks[0] - (back - 1) * WEEK)
    wanted = _select(ask, w, rows, value, of, (_SPANS.c.kind == kind, at >= first, *where))
    return cells(ask, wanted)


def standing(
    ask: Ask,
    w: CTE,
    kind: str,
    value: ColumnElement[Any],
    of: ColumnElement[Any] | None = None,
    *,
    where: Sequence[ColumnElement[bool]] = (),
) -> Sequence[Cell]:
    """Spans that stood at the end of the week of ``w``; of the running week, now."""
    s = _SPANS.c
    rows = w.join(_SPANS, (s.begins <= w.c.seen) & or_(s.ends.is_(None), s.ends > w.c.seen))
    lasting = or_(s.ends.is_(None), s.ends > ask.seen(ask.weeks[0]))
    return cells(ask, _select(ask, w, rows, value, of, (s.kind == kind, lasting, *where)))


def in_use(ask: Ask) -> Sequence[Cell]:
    """How many use cases were in use at the end of each week, by the stages of the program."""
    return standing(ask, weeks(ask), STAGE, func.count(), where=(used(ask),))


def telling(ask: Ask, figure: str) -> Sequence[Cell]:
    """The share, in per cent, of the use cases in use that told this figure for the week."""
    w = weeks(ask)
    said = exists().where(
        Events.use_case == _SPANS.c.use_case, Events.kind == figure, Events.week == w.c.week
    )
    value = 100.0 * func.sum(case((said, 1.0), else_=0.0)) / func.count()
    return standing(ask, w, STAGE, value, func.count(), where=(used(ask),))


def used(ask: Ask) -> ColumnElement[bool]:
    """Whether the stage of a span is one in which a use case is used."""
    return _SPANS.c.label.in_(stages_in_use(ask))


def stages_in_use(ask: Ask) -> tuple[str, ...]:
    """The stages in which a version may be in use."""
    return ask.program.releases.stages or ask.program.digests.in_use


def stages_watched(ask: Ask) -> tuple[str, ...]:
    """The stages in which owners and outcomes are asked after."""
    return ask.program.digests.watched or stages_in_use(ask)


def _select(
    ask: Ask,
    w: CTE,
    rows: FromClause,
    value: ColumnElement[Any],
    of: ColumnElement[Any] | None,
    where: Sequence[ColumnElement[bool]],
) -> Select[Any]:
    by = [w.c.week, *keys(ask, _SPANS.c.use_case, _SPANS.c.label)]
    whole = of if of is not None else no_number()
    return (
        select(*by, value, whole)
        .select_from(with_functions(ask, rows, _SPANS.c.use_case))
        .where(*where, *narrowed(ask, _SPANS.c.use_case))
        .group_by(*by)
    )
