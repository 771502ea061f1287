"""Jobs planned for a time: moved by planning them again, taken back by prefix, turned into work when due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, or_, select

from storage.database import insert_or_replace
from storage.schema import Laters, table_of
from workflows.effects import Later, Work
from workflows.ids import Subject

# Keys are compared by bytes and "0" comes right after "/": a key, and every one that starts with "key/".
_AT_OR_BELOW = or_(
    Laters.key == bindparam("at"),
    (Laters.key >= bindparam("below")) & (Laters.key < bindparam("beyond")),
)
_FORGET = delete(Laters).where(_AT_OR_BELOW)
_PLANNED = select(table_of(Laters)).where(_AT_OR_BELOW).order_by(Laters.due, Laters.key)
_NEXT_DUE = select(func.min(Laters.due))


def plan(connection: Connection, later: Later, name: str) -> None:
    """Keep the job; one with the same key is replaced. ``name`` is this planning's own, never used before."""
    values = {
        "key": later.key,
        "plan": name,
        "due": later.due,
        "name": later.name,
        "subject_type": later.subject.type,
        "subject_id": later.subject.id,
        "data": later.model_dump(mode="json")["data"],
    }
    connection.execute(insert_or_replace(connection, Laters), values)


def forget(connection: Connection, key: str) -> None:
    """Take back the job of that key and all below it: ``remind/A-0042`` also takes ``remind/A-0042/privacy``.

    Keys are compared by whole segments, so ``nudge/W-1000`` leaves ``nudge/W-10001`` alone.
    """
    connection.execute(_FORGET, _range(key))


def planned(connection: Connection, key: str) -> tuple[Later, ...]:
    """The jobs of that key and below it, soonest first."""
    return tuple(_later(row) for row in connection.execute(_PLANNED, _range(key)).mappings())


def next_due(connection: Connection) -> datetime | None:
    """When the next job is due."""
    return connection.execute(_NEXT_DUE).scalar_one()


def take_due(connection: Connection, now: datetime, at_most: int) -> dict[str, tuple[Work, datetime]]:
    """Remove the jobs that are due and return them as work, with their times, by its key, soonest first.

    The key names the planning too: a job that is planned again after it ran is a new one, even for the same
    time.
    """
    due = select(Laters.__table__).where(Laters.due <= now).order_by(Laters.due, Laters.key).limit(at_most)
    rows = connection.execute(due.with_for_update(skip_locked=True)).mappings().all()
    if rows:
        connection.execute(delete(Laters).where(Laters.key.in_([row["key"] for row in rows])))
    return {
        f"{row['key']}#{row['plan']}": (
            Work(name=later.name, subject=later.subject, data=later.data),
            later.due,
        )
        for row, later in ((row, _later(row)) for row in rows)
    }


def _range(key: str) -> dict[str, str]:
    """What :data:`_AT_OR_BELOW` asks for."""
    key = key.rstrip("/")
    return {"at": key, "below": f"{key}/", "beyond": f"{key}0"}


def _later(row: RowMapping) -> Later:
    subject = Subject(type=row["subject_type"], id=row["subject_id"])
    return Later(key=row["key"], due=row["due"], name=row["name"], subject=subject, data=row["data"])
