"""How each aggregate is laid out in its table: the whole state as JSON, and columns for the queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Insert, Select, Table, Update, bindparam, insert, select, update

from storage import schema
from storage.consultation_schema import Consultations
from workflows.approval import Approval
from workflows.consultation import Consultation
from workflows.decision import Aggregate
from workflows.ids import Place
from workflows.seats import open_seats, to_act
from workflows.use_case import UseCase
from workflows.walk import Walk


@dataclass(frozen=True)
class Layout:
    """One kind of aggregate: its model and its table."""

    model: type[Aggregate]
    rows: type[schema.UseCases | schema.Walks | schema.Approvals | Consultations]

    @property
    def table(self) -> Table:
        """The table, for statements."""
        return schema.table_of(self.rows)

    @cached_property
    def lock(self) -> Select[Any]:
        """Revision and state of the one with ``wanted`` as its id, locked."""
        table = self.table
        return (
            select(table.c.revision, table.c.state).where(table.c.id == bindparam("wanted")).with_for_update()
        )

    @cached_property
    def insert(self) -> Insert:
        """Stores a new one."""
        return insert(self.table)

    @cached_property
    def update(self) -> Update:
        """Changes the one with ``wanted`` as its id."""
        return update(self.table).where(self.table.c.id == bindparam("wanted"))


LAYOUTS: Mapping[str, Layout] = {
    "use_case": Layout(UseCase, schema.UseCases),
    "walk": Layout(Walk, schema.Walks),
    "approval": Layout(Approval, schema.Approvals),
    "consultation": Layout(Consultation, Consultations),
}
"""By the type of the subject."""


def columns(aggregate: Aggregate) -> dict[str, Any]:
    """The columns beside id, revision and state."""
    if isinstance(aggregate, UseCase):
        return {
            "title": aggregate.title,
            "stage": aggregate.stage,
            "tier": aggregate.assessment.tier.tier if aggregate.assessment else None,
            "submitter": aggregate.submitter,
            "approval": aggregate.approval,
            "source": aggregate.source,
            "source_key": aggregate.source_key,
            "created_at": aggregate.created_at,
            "submitted_at": aggregate.submitted_at,
            "decided_at": aggregate.decided_at,
        }
    if isinstance(aggregate, Walk):
        return {
            "questionnaire": aggregate.questionnaire,
            "about": aggregate.about,
            "owner": aggregate.owner,
            "status": aggregate.status,
            **_place(aggregate.place),
            "touched_at": aggregate.touched_at,
        }
    if isinstance(aggregate, Approval):
        return {
            "use_case": aggregate.use_case,
            "submitter": aggregate.submitter,
            "status": aggregate.status,
            **_place(aggregate.home),
            "opened_at": aggregate.opened_at,
            "closed_at": aggregate.closed_at,
        }
    if isinstance(aggregate, Consultation):
        return {
            "asker": aggregate.asker,
            "status": aggregate.state,
            **_place(aggregate.place),
            "asked_at": aggregate.asked_at,
            "touched_at": aggregate.touched_at,
            "put_to": aggregate.put_to,
        }
    raise TypeError(f"{type(aggregate).__name__} has no table")


def _place(place: Place | None) -> dict[str, str | None]:
    return {"channel": place.channel if place else None, "thread": place.thread if place else None}


class Wait(NamedTuple):
    """One person who is waited on for one thing in an approval."""

    kind: str
    item: str
    person: str
    due: datetime | None


def waiting(approval: Approval) -> set[Wait]:
    """Everyone the approval waits on now. Conditions are waited for after the decision too."""
    waits = {Wait("seat", s.id, user, s.due) for s in open_seats(approval) for user in to_act(s)}
    if approval.status == "waiting":
        waits |= {Wait("inquiry", i.id, i.of, None) for i in approval.inquiries if i.open}
    if approval.status in {"waiting", "approved"}:
        waits |= {Wait("condition", c.id, c.owner, c.due) for c in approval.conditions if c.done_at is None}
    return waits
