"""Taking something out of the database whole: its state, what is repeated from it, its words in the log."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, delete, or_

from storage.aggregates import LAYOUTS
from storage.personal import APART
from storage.redaction import Rewritten
from storage.schema import Table as Tables
from workflows.ids import Subject


def remove(connection: Connection, subject: Subject) -> None:
    """Delete the stored state, and every row of another table that is about it."""
    own = {layout.table.name for layout in LAYOUTS.values()}
    states = LAYOUTS[subject.type].table
    for table in reversed(Tables.metadata.sorted_tables):
        if table.name in own | APART:
            continue
        columns = table.c
        if "subject_type" in columns and "subject_id" in columns:
            about = and_(columns.subject_type == subject.type, columns.subject_id == subject.id)
            connection.execute(delete(table).where(about))
            continue
        naming = [c for c in columns if c.name == subject.type or c.references(states.c.id)]
        if naming:
            connection.execute(delete(table).where(or_(*(c == subject.id for c in naming))))
    connection.execute(delete(states).where(states.c.id == subject.id))


def emptied(row: dict[str, Any]) -> Rewritten:
    """A row of the log about something that is removed: who, when and what was done stay, no words of it."""
    return Rewritten(row, row["actor"], row["subject_id"], {}, None)
