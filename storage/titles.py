"""The names of use cases, for finding the one that somebody means, without reading their records."""

from __future__ import annotations

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
