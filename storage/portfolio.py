"""The portfolio as the database sees it: filtered, ranked, counted and turned page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, update
from sqlalchemy.orm import aliased

from storage.aggregates import FACETS, facets
from storage.schema import Scores, UseCases, storable, table_of
from workflows.ids import TIERS, UseCaseId, UserId
from workflows.portfolio.listing import NONE, Listed, Order, Page, Wanted
from workflows.seeing import UNFINISHED
from workflows.use_case import UseCase

_COLUMNS = (
    UseCases.id,
    UseCases.title,
    UseCases.stage,
    UseCases.tier,
    UseCases.lane,
    UseCases.bucket,
    UseCases.function,
    UseCases.business_owner,
    UseCases.metric_owner,
    UseCases.submitter,
    UseCases.topic,
    UseCases.users,
    UseCases.created_at,
)
_COUNTED = (UseCases.lane, UseCases.stage, UseCases.bucket, UseCases.function, UseCases.tier)


def page(
    connection: Connection,
    wanted: Wanted,
    stages: Sequence[str],
    order: Order,
    scorecard: str,
    at_most: int | None,
    skip: int = 0,
    reader: str | None = None,
    whole: bool = False,
) -> Page:
    """The use cases in these stages that meet the filter, with the counts over all of them.

    ``reader`` is the one person who reads it, ``None`` where anybody may; nobody sees somebody else's draft.
    ``whole`` leaves nothing out: for whoever runs the bot. ``scorecard`` is the one whose scores are shown.
    ``skip`` past the end gives the last page.
    """
    conditions = _conditions(wanted, stages, reader, whole)
    counted = connection.execute(select(*_COUNTED, func.count()).where(*conditions).group_by(*_COUNTED)).all()
    lanes: Counter[str] = Counter()
    others: list[Counter[str]] = [Counter() for _ in _COUNTED[1:]]
    of = 0
    for lane, *rest, number in counted:
        lanes[lane] += number
        if wanted.lanes and (lane or NONE) not in wanted.lanes:
            continue
        of += number
        for counter, value in zip(others, rest, strict=True):
            counter[value or ""] += number
    if at_most is not None and skip >= of:
        skip = (of - 1) // at_most * at_most if of else 0
    if at_most == 0:
        return _page((), of, 0, lanes, others)
    conditions += _one_of(UseCases.lane, wanted.lanes)
    if at_most is None:
        every = connection.execute(_ordered(_rows().where(*conditions), order)).all()
        return _page(_listed(connection, every, scorecard), of, 0, lanes, others)
    # The ids first, from the index alone: the rows themselves, with their long states, only for one page.
    ids = _ordered(select(UseCases.id).where(*conditions), order).limit(at_most).offset(skip or None)
    rows = listed(connection, connection.execute(ids).scalars().all(), scorecard)
    return _page(rows, of, skip, lanes, others)


def _page(
    rows: tuple[Listed, ...], of: int, first: int, lanes: Counter[str], others: Sequence[Counter[str]]
) -> Page:
    stages, buckets, functions, tiers = others
    return Page(
        rows=rows,
        of=of,
        first=first,
        lanes=lanes,
        stages=stages,
        buckets=buckets,
        functions=functions,
        tiers=tiers,
    )


def listed(connection: Connection, ids: Iterable[str], scorecard: str) -> tuple[Listed, ...]:
    """These use cases as rows, in the order given; one that is not there is left out."""
    wanted = list(dict.fromkeys(ids))
    found = connection.execute(_rows().where(UseCases.id.in_(wanted))).all()
    by_id = {row.id: row for row in _listed(connection, found, scorecard)}
    return tuple(by_id[UseCaseId(id)] for id in wanted if id in by_id)


def records(connection: Connection, ids: Iterable[str]) -> dict[str, UseCase]:
    """The records of these use cases."""
    found = select(UseCases.state).where(UseCases.id.in_(list(ids)))
    read = (UseCase.model_validate(state) for state in connection.execute(found).scalars())
    return {str(u.id): u for u in read}


def _rows() -> Any:
    return select(*_COLUMNS)


def _conditions(
    wanted: Wanted, stages: Sequence[str], reader: str | None, whole: bool
) -> list[ColumnElement[bool]]:
    """Everything but the lane, so that the lanes can be counted beside one another."""
    made: list[ColumnElement[bool]] = [UseCases.stage.in_(tuple(stages))]
    if not whole and set(stages) & set(UNFINISHED):
        own = UseCases.submitter == reader if reader else None
        finished = UseCases.stage.not_in(UNFINISHED)
        made.append(finished if own is None else or_(finished, own))
    made += _one_of(UseCases.bucket, wanted.buckets)
    made += _one_of(UseCases.function, wanted.functions)
    made += _one_of(UseCases.topic, wanted.topics)
    if wanted.tiers:
        made.append(UseCases.tier.in_(wanted.tiers))
    if wanted.owner:
        owners = (UseCases.business_owner, UseCases.metric_owner, UseCases.submitter)
        made.append(or_(*(column == wanted.owner for column in owners)))
    if wanted.submitter:
        made.append(UseCases.submitter == wanted.submitter)
    if wanted.ids is not None:
        made.append(UseCases.id.in_(wanted.ids))
    if wanted.words.strip():
        like = f"%{_literally(' '.join(storable(wanted.words).lower().split()))}%"
        made.append(
            or_(
                func.lower(UseCases.title).like(like, escape="\\"),
                func.lower(UseCases.id).like(like, escape="\\"),
            )
        )
    return made


def _one_of(column: Any, values: Sequence[str]) -> list[ColumnElement[bool]]:
    if not values:
        return []
    return [column.in_(tuple("" if v == NONE else v for v in values))]


_TIER = case({tier: n for n, tier in enumerate(TIERS)}, value=UseCases.tier, else_=-1)
_BY_COLUMN: Mapping[str, Any] = {
    "title": func.lower(UseCases.title),
    "tier": _TIER,
    "users": func.coalesce(UseCases.users, -1),
    "created_at": UseCases.created_at,
    "lane": UseCases.lane,
    "stage": UseCases.stage,
    "bucket": UseCases.bucket,
    "function": UseCases.function,
    "business_owner": UseCases.business_owner,
}

_NEWEST = (UseCases.created_at.desc(), UseCases.id.desc())
_BUILT_IN: Mapping[str, tuple[Any, ...]] = {
    "newest": _NEWEST,
    "oldest": (UseCases.created_at, UseCases.id),
    "riskiest": (_TIER.desc(), *_NEWEST),
    "users": (_BY_COLUMN["users"].desc(), *_NEWEST),
    "title": (_BY_COLUMN["title"], UseCases.id),
}
"""How the orders that need no scores sort, by their ids."""


def _ordered(wanted: Any, order: Order) -> Any:
    if order.column in _BY_COLUMN:
        column = _BY_COLUMN[order.column]
        return wanted.order_by(column.desc() if order.down else column, *_NEWEST)
    if order.by:
        product: Any = None
        for dimension, good in order.by:
            score = aliased(Scores)
            wanted = wanted.outerjoin(
                score,
                and_(
                    score.use_case == UseCases.id,
                    score.scorecard == order.scorecard,
                    score.dimension == dimension,
                ),
            )
            value = func.coalesce(score.value if good else 6 - score.value, 0)
            product = value if product is None else product * value
        return wanted.order_by(product.desc() if order.down else product, *_NEWEST)
    return wanted.order_by(*_BUILT_IN.get(order.id, _NEWEST))


def _listed(connection: Connection, rows: Sequence[Any], scorecard: str) -> tuple[Listed, ...]:
    scores: dict[str, dict[str, int]] = {}
    ids = [row.id for row in rows]
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        asked = select(Scores.use_case, Scores.dimension, Scores.value).where(
            Scores.use_case.in_(some), Scores.scorecard == scorecard
        )
        for id, dimension, value in connection.execute(asked):
            scores.setdefault(id, {})[dimension] = value
    return tuple(
        Listed(
            id=UseCaseId(row.id),
            title=row.title,
            stage=row.stage,
            tier=row.tier,
            lane=row.lane,
            bucket=row.bucket,
            function=row.function,
            business_owner=row.business_owner,
            metric_owner=row.metric_owner,
            submitter=UserId(row.submitter),
            topic=row.topic,
            users=row.users,
            created_at=row.created_at,
            scores=scores.get(row.id, {}),
        )
        for row in rows
    )


def batch(connection: Connection, after: str, at_most: int) -> list[dict[str, Any]]:
    """The stored states of some use cases, locked, in the order of their ids as text, after that one."""
    found = select(UseCases.state).where(UseCases.id > after).order_by(UseCases.id).limit(at_most)
    return list(connection.execute(found.with_for_update()).scalars())


def fill(connection: Connection, found: Iterable[tuple[str, dict[str, Any]]]) -> int:
    """Write facets that were found anew, of use case id and state each, where they differ; how many did.

    Only the columns change: the state, and what the audit log says of it, stay as they are. The rows must be
    locked (:func:`batch`), so that nothing newer is written over.
    """
    new = {id: facets(state) for id, state in found}
    now = connection.execute(
        select(UseCases.id, *(getattr(UseCases, name) for name in FACETS)).where(UseCases.id.in_(list(new)))
    ).all()
    table = table_of(UseCases)
    changed = [
        {"which": row.id, **new[row.id]}
        for row in now
        if any(getattr(row, name) != new[row.id][name] for name in FACETS)
    ]
    if changed:
        said = update(table).where(table.c.id == bindparam("which"))
        connection.execute(said.values({name: bindparam(name) for name in FACETS}), changed)
    return len(changed)


def _literally(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
