"""Consultations as they are looked for, and what was told in each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, select

from storage.consultation_schema import Consultations, ToldRows
from storage.corpus_schema import CorpusAudiences, CorpusDocuments, CorpusPassages
from storage.database import insert_or_replace
from storage.schema import OutboxRows
from workflows.consultation import Told


def of(id: str) -> Select[Any]:
    """The state of the one of that id."""
    return select(Consultations.state).where(Consultations.id == id)


def last_at(channel: str, thread: str | None) -> Select[Any]:
    """The state of the last one of a thread."""
    here = select(Consultations.state).where(Consultations.channel == channel, Consultations.thread == thread)
    return here.order_by(Consultations.asked_at.desc(), Consultations.id.desc()).limit(1)


def last_of(user: str, channel: str, since: datetime) -> Select[Any]:
    """The state of the last one that a person asked in a channel since that moment."""
    mine = select(Consultations.state).where(
        Consultations.asker == user, Consultations.channel == channel, Consultations.asked_at >= since
    )
    return mine.order_by(Consultations.asked_at.desc(), Consultations.id.desc()).limit(1)


def put_to(user: str) -> Select[Any]:
    """The states of those that this champion has in hand, the oldest first."""
    theirs = select(Consultations.state).where(Consultations.put_to == user)
    return theirs.order_by(Consultations.asked_at, Consultations.id)


def touched(since: datetime, until: datetime) -> Select[Any]:
    """The states of those asked before ``until`` of which something came since ``since``, oldest first."""
    within = select(Consultations.state).where(
        Consultations.touched_at >= since, Consultations.asked_at < until
    )
    return within.order_by(Consultations.asked_at, Consultations.id)


def told(connection: Connection, id: str) -> Told:
    """What was found for it."""
    content = connection.execute(
        select(ToldRows.content).where(ToldRows.consultation == id)
    ).scalar_one_or_none()
    return Told() if content is None else Told.model_validate(content)


def save_told(connection: Connection, id: str, found: Told) -> None:
    """Keep what was found for it, in place of what was kept before."""
    values = {"consultation": id, "content": found.model_dump(mode="json")}
    connection.execute(insert_or_replace(connection, ToldRows), values)


def meant_for(connection: Connection, passages: Collection[int]) -> dict[int, tuple[tuple[str, ...], str]]:
    """Passage -> the audiences of its document, and its review date (ISO, empty where none is set)."""
    p, d, a = CorpusPassages, CorpusDocuments, CorpusAudiences
    wanted = (
        select(p.id, a.audience, d.review_date)
        .join(d, d.id == p.document)
        .join(a, a.document == p.document)
        .where(p.id.in_(tuple(passages)))
        .order_by(p.id, a.audience)
    )
    found: dict[int, tuple[tuple[str, ...], str]] = {}
    for passage, audience, review_date in connection.execute(wanted):
        known = found.get(passage, ((), review_date))[0]
        found[passage] = ((*known, audience), review_date)
    return found


OVERHEARD = "overhear/"
"""How the keys of work begin that looks up what was not put to the bot."""


def prune(connection: Connection) -> int:
    """Forget the words that were only looked up, once that is done; returns how many rows went."""
    # "0" comes right after "/": these are all the keys that begin so.
    theirs = (OutboxRows.key >= OVERHEARD) & (OutboxRows.key < OVERHEARD[:-1] + "0")
    done = delete(OutboxRows).where(theirs, OutboxRows.done_at.is_not(None))
    return connection.execute(done).rowcount
