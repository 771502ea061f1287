"""Recorded events: stored with the decision that tells them, replaced by their key, else never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from storage.database import insert_or_replace
from storage.schema import Events, table_of
from workflows.events import Event
from workflows.ids import UseCaseId, UserId


def save(connection: Connection, events: Sequence[Event]) -> None:
    """Store them; one whose key is there already takes the place of the old one."""
    if events:
        connection.execute(insert_or_replace(connection, Events), [_row(event) for event in events])


def of(connection: Connection, use_case: str, since: date | None = None) -> tuple[Event, ...]:
    """The events of a use case, by week and key; from the week of that Monday on, where one is given."""
    wanted = select(table_of(Events)).where(Events.use_case == use_case)
    if since is not None:
        wanted = wanted.where(Events.week >= since.isoformat())
    rows = connection.execute(wanted.order_by(Events.week, Events.key)).mappings()
    return tuple(
        Event(
            key=row["key"],
            kind=row["kind"],
            at=row["at"],
            week=date.fromisoformat(row["week"]),
            use_case=UseCaseId(row["use_case"]),
            function=row["function"],
            person=UserId(row["person"]) if row["person"] else None,
            value=row["value"],
            of=row["out_of"],
            source=row["source"],
            by=UserId(row["told_by"]) if row["told_by"] else None,
            received_at=row["received_at"],
            late=row["late"],
            detail=row["detail"],
        )
        for row in rows
    )


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
