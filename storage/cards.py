"""Where the messages are that get updated in place, and what is needed to draw each of them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, select

from storage.database import insert_or_replace
from storage.schema import Cards, table_of
from workflows.effects import Post, ToPerson, ToPlace
from workflows.ids import Subject, UserId

_CARDS = select(table_of(Cards))
_OF = _CARDS.where(Cards.subject_type == bindparam("type"), Cards.subject_id == bindparam("id")).order_by(
    Cards.ts, Cards.channel
)
_OF_ONE_NAME = _OF.where(Cards.card == bindparam("card"))
_IN_THREAD = _CARDS.where(
    Cards.channel == bindparam("channel"),
    Cards.thread == bindparam("thread"),
    Cards.subject_type == bindparam("type"),
).order_by(Cards.ts.desc())
_AT = _CARDS.where(Cards.channel == bindparam("channel"), Cards.ts == bindparam("ts"))


@dataclass(frozen=True)
class Card:
    """A posted message. ``reader`` is the one person who sees it, where it went to a person."""

    subject: Subject
    card: str
    kind: str
    data: Mapping[str, Any]
    channel: str
    ts: str
    thread: str | None
    reader: UserId | None


def remember(connection: Connection, post: Post, channel: str, ts: str) -> None:
    """Keep where a post with a card came to be. Posted again in the same place, it replaces itself."""
    assert post.card is not None
    values = {
        "channel": channel,
        "ts": ts,
        "subject_type": post.subject.type,
        "subject_id": post.subject.id,
        "card": post.card,
        "kind": post.kind,
        "data": post.model_dump(mode="json")["data"],
        "reader": post.to.user if isinstance(post.to, ToPerson) else None,
        "thread": post.to.place.thread if isinstance(post.to, ToPlace) else None,
    }
    connection.execute(insert_or_replace(connection, Cards), values)


def forget(connection: Connection, channel: str, ts: str) -> None:
    """The message is gone: do not try to update it again."""
    connection.execute(delete(Cards).where(Cards.channel == channel, Cards.ts == ts))


def of(connection: Connection, subject: Subject, card: str | None = None) -> tuple[Card, ...]:
    """The cards of a subject, all or those of one name, oldest first."""
    about = {"type": subject.type, "id": subject.id}
    rows = connection.execute(
        _OF if card is None else _OF_ONE_NAME, about if card is None else {**about, "card": card}
    ).mappings()
    return tuple(_card(row) for row in rows)


def at(connection: Connection, channel: str, ts: str) -> Card | None:
    """The card that this message is."""
    row = connection.execute(_AT, {"channel": channel, "ts": ts}).mappings().first()
    return _card(row) if row else None


def in_thread(connection: Connection, channel: str, thread: str, type: str) -> tuple[Card, ...]:
    """The cards about subjects of that type that stand in a thread, newest first."""
    where = {"channel": channel, "thread": thread, "type": type}
    return tuple(_card(row) for row in connection.execute(_IN_THREAD, where).mappings())


def _card(row: RowMapping) -> Card:
    fields = dict(row)
    subject = Subject(type=fields.pop("subject_type"), id=fields.pop("subject_id"))
    return Card(subject=subject, **fields)
