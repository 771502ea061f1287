"""Remembers what was already heard, so that a redelivered event or a double click has one effect."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from storage.database import insert_new
from storage.schema import Inbound, table_of

KEPT = timedelta(days=3)
"""Slack gives up redelivering within an hour or so; a queue in front of us may take longer."""


def first_time(connection: Connection, key: str, now: datetime) -> bool:
    """Whether the key was never seen; from the commit on it was.

    Of two transactions that ask at once, the second waits for the first and is then told the truth.
    """
    # Not the row count: PostgreSQL's driver reports -1 for a row that was skipped.
    statement = insert_new(connection, Inbound).returning(table_of(Inbound).c.key)
    return connection.execute(statement, {"key": key, "at": now}).first() is not None


def prune(connection: Connection, now: datetime) -> int:
    """Forget what was heard more than :data:`KEPT` ago; returns how many keys."""
    return connection.execute(delete(Inbound).where(Inbound.at < now - KEPT)).rowcount
