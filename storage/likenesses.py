"""Which use cases look alike: found once for each, so that nobody waits for it to be worked out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, delete, func, or_, select
from sqlalchemy.orm import aliased

from storage.database import insert_or_replace
from storage.schema import Likenesses, UseCases
from storage.texts import UNFINISHED
from workflows.ids import UseCaseId
from workflows.portfolio.sorting import Compared


@dataclass(frozen=True)
class Alike:
    """Two use cases that look alike. ``score`` is a probability, 0 to 1; ``why`` a clause for people."""

    one: UseCaseId
    other: UseCaseId
    score: float
    why: str


def save(connection: Connection, about: Collection[str], found: Iterable[Alike], fingerprint: str) -> None:
    """Keep what was found for these use cases, in the place of what was known of them."""
    ids = list(about)
    for start in range(0, len(ids), 400):
        some = ids[start : start + 400]
        gone = or_(Likenesses.one.in_(some), Likenesses.other.in_(some))
        connection.execute(delete(Likenesses).where(gone))
    rows = {
        (one, other): {
            "one": one,
            "other": other,
            "fingerprint": fingerprint,
            "score": pair.score,
            "why": pair.why,
        }
        for pair in found
        for one, other in [sorted((pair.one, pair.other))]
    }
    if rows:
        connection.execute(insert_or_replace(connection, Likenesses), list(rows.values()))


def known(connection: Connection, fingerprint: str) -> bool:
    """Whether any were found by that model."""
    wanted = select(Likenesses.one).where(Likenesses.fingerprint == fingerprint).limit(1)
    return connection.execute(wanted).first() is not None


def of(connection: Connection, id: str, at_most: int) -> tuple[Alike, ...]:
    """Those that look like one use case, the likeliest first; never a draft. ``one`` is the one asked for."""
    other = case((Likenesses.one == id, Likenesses.other), else_=Likenesses.one)
    wanted = (
        select(other, Likenesses.score, Likenesses.why)
        .join(UseCases, UseCases.id == other)
        .where(or_(Likenesses.one == id, Likenesses.other == id), UseCases.stage.not_in(UNFINISHED))
        .order_by(Likenesses.score.desc(), other)
        .limit(at_most)
    )
    return tuple(
        Alike(UseCaseId(id), UseCaseId(like), score, why) for like, score, why in connection.execute(wanted)
    )


def likeliest(
    connection: Connection, stages: Collection[str], at_least: float, at_most: int
) -> tuple[Alike, ...]:
    """The pairs in these stages that are likeliest the same, the surest first."""
    one, other = aliased(UseCases), aliased(UseCases)
    there = tuple(stages)
    wanted = (
        select(Likenesses.one, Likenesses.other, Likenesses.score, Likenesses.why)
        .join(one, and_(one.id == Likenesses.one, one.stage.in_(there)))
        .join(other, and_(other.id == Likenesses.other, other.stage.in_(there)))
        .where(Likenesses.score >= at_least)
        .order_by(Likenesses.score.desc(), Likenesses.one, Likenesses.other)
        .limit(at_most)
    )
    return tuple(
        Alike(UseCaseId(a), UseCaseId(b), score, why) for a, b, score, why in connection.execute(wanted)
    )


def said_of(connection: Connection, ids: Iterable[str]) -> dict[UseCaseId, Compared]:
    """What somebody has said of these use cases beside others; their records stay where they are."""
    same, unlike = UseCases.state["same_as"].label("same"), UseCases.state["unlike"].label("unlike")
    found = connection.execute(select(UseCases.id, same, unlike).where(UseCases.id.in_(list(ids))))
    return {
        UseCaseId(row.id): Compared(id=row.id, same_as=row.same, unlike=row.unlike or ()) for row in found
    }


def number(connection: Connection) -> int:
    """How many pairs are kept."""
    return connection.execute(select(func.count()).select_from(Likenesses)).scalar_one()
