"""Remembers what was already heard, so that a redelivered event or a double click has one effect."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, delete
from sqlalchemy.sql.dml import ReturningInsert

from storage.database import new_rows
from storage.schema import Inbound

KEPT = timedelta(days=3)
"""Slack gives up redelivering within an hour or so; a queue in front of us may take longer."""


def first_time(connection: Connection, key: str, now: datetime) -> bool:
    """Whether the key was never seen; from the commit on it was.

    Of two transactions that ask at once, the second waits for the first and is then told the truth.
    """
    return connection.execute(_add(connection.dialect.name), {"key": key, "at": now}).first() is not None


def prune(connection: Connection, now: datetime) -> int:
    """Forget what was heard more than :data:`KEPT` ago; returns how many keys."""
    return connection.execute(delete(Inbound).where(Inbound.at < now - KEPT)).rowcount


@cache
def _add(dialect: str) -> ReturningInsert[tuple[str]]:
    # Not the row count: PostgreSQL's driver reports -1 for a row that was skipped.
    return new_rows(dialect, Inbound).returning(Inbound.key)
