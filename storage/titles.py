"""The names of use cases, for finding the one that somebody means, without reading their records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from storage.schema import UseCases
from storage.texts import UNFINISHED
from workflows.words.known_titles import Known


def known(connection: Connection, user: str | None) -> tuple[Known, ...]:
    """Every use case that this reader may know of, the newest first: their own drafts, and no other drafts.

    A draft may have no name yet; then it is known by its id.
    ``None`` as the reader stands for everybody who reads a channel.
    """
    finished = UseCases.stage.not_in(UNFINISHED)
    wanted = (
        select(UseCases.id, UseCases.title)
        .where(or_(finished, UseCases.submitter == user) if user else finished)
        .order_by(UseCases.created_at.desc(), UseCases.id.desc())
    )
    return tuple(Known(id, title) for id, title in connection.execute(wanted))


class Placed(NamedTuple):
    """A use case by its name and where it is; ``room``: the function whose channel hears of its releases."""

    id: str
    title: str
    stage: str
    room: str


def placed(connection: Connection, stages: Sequence[str]) -> tuple[Placed, ...]:
    """Every use case in these stages, the newest first. Reads no record, however many there are."""
    wanted = (
        select(UseCases.id, UseCases.title, UseCases.stage, UseCases.room)
        .where(UseCases.stage.in_(tuple(stages)))
        .order_by(UseCases.created_at.desc(), UseCases.id.desc())
    )
    return tuple(Placed(id, title, stage, room) for id, title, stage, room in connection.execute(wanted))
