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
    """A use case by its name and where it is; ``said`` is its answer to the one question that was named."""

    id: str
    title: str
    stage: str
    said: str


def placed(connection: Connection, stages: Sequence[str], question: str) -> tuple[Placed, ...]:
    """Every use case in these stages, the newest first, with its answer (empty: none) to a question."""
    said = UseCases.state["answers"][question]["value"].as_string()
    wanted = (
        select(UseCases.id, UseCases.title, UseCases.stage, said)
        .where(UseCases.stage.in_(tuple(stages)))
        .order_by(UseCases.created_at.desc(), UseCases.id.desc())
    )
    return tuple(
        Placed(id, title, stage, answer or "") for id, title, stage, answer in connection.execute(wanted)
    )
