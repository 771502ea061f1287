"""Recorded events: stored with the decision that tells them, replaced by their key, else never changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from storage.database import insert_or_replace
from storage.schema import Events
from workflows.events import Event


def save(connection: Connection, events: Sequence[Event]) -> None:
    """Store them; one whose key is there already takes the place of the old one."""
    if events:
        connection.execute(insert_or_replace(connection, Events), [_row(event) for event in events])


def _row(event: Event) -> dict[str, object]:
    return {
        "key": event.key,
        "kind": event.kind,
        "at": event.at,
        "week": event.week.isoformat(),
        "use_case": event.use_case or "",
        "function": event.function,
        "person": event.person or "",
        "value": event.value,
        "out_of": event.of,
        "source": event.source,
        "told_by": event.by or "",
        "received_at": event.received_at,
        "late": event.late,
        "detail": event.model_dump(mode="json")["detail"],
    }
