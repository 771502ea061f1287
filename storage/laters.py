"""Jobs planned for a time: moved by planning them again, taken back by prefix, turned into work when due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from storage.database import insert_or_replace
from storage.schema import Laters
from workflows.effects import Later, Work
from workflows.ids import Subject


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
    connection.execute(delete(Laters).where(_at_or_below(key.rstrip("/"))))


def planned(connection: Connection, key: str) -> tuple[Later, ...]:
    """The jobs of that key and below it, soonest first."""
    wanted = select(Laters.__table__).where(_at_or_below(key.rstrip("/"))).order_by(Laters.due, Laters.key)
    return tuple(_later(row) for row in connection.execute(wanted).mappings())


def next_due(connection: Connection) -> datetime | None:
    """When the next job is due."""
    return connection.execute(select(func.min(Laters.due))).scalar_one()


def take_due(connection: Connection, now: datetime, at_most: int) -> dict[str, Work]:
    """Remove the jobs that are due and return them as work by its key, soonest first.

    The key names the planning too: a job that is planned again after it ran is a new one, even for the same
    time.
    """
    due = select(Laters.__table__).where(Laters.due <= now).order_by(Laters.due, Laters.key).limit(at_most)
    rows = connection.execute(due.with_for_update(skip_locked=True)).mappings().all()
    if rows:
        connection.execute(delete(Laters).where(Laters.key.in_([row["key"] for row in rows])))
    return {
        f"{row['key']}#{row['plan']}": Work(name=later.name, subject=later.subject, data=later.data)
        for row, later in ((row, _later(row)) for row in rows)
    }


def _at_or_below(key: str) -> ColumnElement[bool]:
    # Keys are compared by bytes and "0" comes right after "/": this is every key that starts with "key/".
    return or_(Laters.key == key, (Laters.key >= f"{key}/") & (Laters.key < f"{key}0"))


def _later(row: RowMapping) -> Later:
    subject = Subject(type=row["subject_type"], id=row["subject_id"])
    return Later(key=row["key"], due=row["due"], name=row["name"], subject=subject, data=row["data"])
