"""What use cases are compared by when similar ones are looked for: a text each, and its vector."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.database import insert_or_replace
from storage.schema import Texts, UseCases
from workflows.ids import UseCaseId

UNFINISHED = ("idea", "draft")
"""Stages in which a use case is its writer's own business."""


@dataclass(frozen=True)
class Comparable:
    """A recorded use case. ``vector`` is ``None`` where the given model has not made one yet."""

    id: UseCaseId
    text: str
    vector: bytes | None


def save(connection: Connection, id: UseCaseId, text: str, fingerprint: str, vector: bytes | None) -> None:
    """Keep a use case's text and its vector by the model of that fingerprint; replaces what was there."""
    values = {"use_case": id, "text": text, "fingerprint": fingerprint, "vector": vector}
    connection.execute(insert_or_replace(connection, Texts), values)


def comparable(
    connection: Connection, fingerprint: str, without: Collection[str] = UNFINISHED
) -> tuple[Comparable, ...]:
    """Every use case but those in the stages ``without``; where no text is kept the title stands for it."""
    wanted = (
        select(UseCases.id, func.coalesce(Texts.text, UseCases.title), Texts.vector, Texts.fingerprint)
        .join_from(UseCases, Texts, Texts.use_case == UseCases.id, isouter=True)
        .where(UseCases.stage.not_in(tuple(without)))
        .order_by(UseCases.id)
    )
    return tuple(
        Comparable(UseCaseId(id), text, vector if made_by == fingerprint else None)
        for id, text, vector, made_by in connection.execute(wanted)
    )


def missing(connection: Connection, fingerprint: str, at_most: int) -> tuple[UseCaseId, ...]:
    """Use cases that have no text yet, or no vector of this model."""
    wanted = (
        select(UseCases.id)
        .join_from(UseCases, Texts, Texts.use_case == UseCases.id, isouter=True)
        .where(UseCases.stage.not_in(UNFINISHED))
        .where(Texts.vector.is_(None) | (Texts.fingerprint != fingerprint))
        .order_by(UseCases.id)
        .limit(at_most)
    )
    return tuple(UseCaseId(id) for id in connection.execute(wanted).scalars())
