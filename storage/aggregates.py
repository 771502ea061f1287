"""How each aggregate is laid out in its table: the whole state as JSON, and columns for the queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Insert, Select, Table, Update, bindparam, insert, select, update

from storage import matter_schema, schema
from storage.consultation_schema import Consultations
from workflows.approval import Approval
from workflows.availability import Availability
from workflows.consultation import Consultation
from workflows.contract import Contract
from workflows.decision import Aggregate
from workflows.digests.issue import DigestIssue
from workflows.digests.subscription import Subscription
from workflows.feedback import Feedback
from workflows.figures.check_in import CheckIn
from workflows.ids import Place
from workflows.incident import Incident
from workflows.learning.learner import Learner
from workflows.matter import Matter
from workflows.plan.plan import Plan
from workflows.portfolio_review import PortfolioReview
from workflows.release import Release
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Walk


@dataclass(frozen=True)
class Layout:
    """One kind of aggregate: its model and its table."""

    model: type[Aggregate]
    rows: type[schema.Table]
    prefix: str = ""
    """Of its ids; empty where they are not counted."""

    @property
    def table(self) -> Table:
        """The table, for statements."""
        return schema.table_of(self.rows)

    @cached_property
    def one(self) -> Select[Any]:
        """State of the one with that ``id``."""
        return select(self.table.c.state).where(self.table.c.id == bindparam("id"))

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
    "use_case": Layout(UseCase, schema.UseCases, "UC"),
    "walk": Layout(Walk, schema.Walks, "W"),
    "approval": Layout(Approval, schema.Approvals, "A"),
    "consultation": Layout(Consultation, Consultations, "Q"),
    "release": Layout(Release, matter_schema.Releases, "RL"),
    "contract": Layout(Contract, matter_schema.Contracts, "DC"),
    "incident": Layout(Incident, matter_schema.Incidents, "INC"),
    "waiver": Layout(Waiver, matter_schema.Waivers, "WV"),
    "portfolio_review": Layout(PortfolioReview, matter_schema.PortfolioReviews, "PR"),
    "availability": Layout(Availability, matter_schema.Availabilities),
    "subscription": Layout(Subscription, matter_schema.Subscriptions, "SB"),
    "digest_issue": Layout(DigestIssue, matter_schema.DigestIssues, "DG"),
    "check_in": Layout(CheckIn, matter_schema.CheckIns, "CI"),
    "feedback": Layout(Feedback, matter_schema.Feedbacks, "FB"),
    "plan": Layout(Plan, matter_schema.Plans, "PL"),
    "learner": Layout(Learner, matter_schema.Learners),
}
"""By the type of the subject."""

KIND_OF: Mapping[type[Aggregate], str] = {layout.model: kind for kind, layout in LAYOUTS.items()}
"""The type of the subject by the model."""


FACETS = ("lane", "bucket", "function", "business_owner", "metric_owner", "room", "topic", "users")
"""What portfolios are filtered by, as columns. They are found anew when the program changes, without a change
of the state (``storage.portfolio.fill``), so they may be newer than what the state says."""


def facets(state: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of :data:`FACETS` by the stored state of a use case."""
    found = (state.get("assessment") or {}).get("facets") or {}
    users = found.get("users")
    return {
        **{name: found.get(name, "") for name in FACETS},
        "lane": (state.get("lane") or {}).get("lane") or found.get("lane", ""),
        "topic": state.get("topic") or "",
        "users": float(users) if users else None,
    }


def facets_said(state: Mapping[str, Any]) -> tuple[object, ...]:
    """All that :func:`facets` goes by, to see whether a change says anything of them."""
    found = (state.get("assessment") or {}).get("facets") or {}
    return found, state.get("lane"), state.get("topic") or ""


def columns(aggregate: Aggregate) -> dict[str, Any]:
    """The columns beside id, revision and state."""
    if isinstance(aggregate, UseCase):
        return {
            **_facets(aggregate),
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
            "matter": str(aggregate.matter or ""),
            "owner": aggregate.owner,
            "status": aggregate.status,
            **_place(aggregate.place),
            "touched_at": aggregate.touched_at,
        }
    if isinstance(aggregate, Approval):
        return {
            "use_case": aggregate.use_case,
            "submitter": aggregate.submitter,
            "kind": aggregate.kind,
            "gate": aggregate.gate,
            "matter": str(aggregate.matter or ""),
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
    if isinstance(aggregate, Matter):
        return {
            "use_case": aggregate.use_case,
            "name": _name(aggregate),
            "status": aggregate.status,
            "owner": aggregate.owner,
            **_place(aggregate.home),
            "opened_at": aggregate.opened_at,
            "closed_at": aggregate.closed_at,
        }
    raise TypeError(f"{type(aggregate).__name__} has no table")


def _facets(use_case: UseCase) -> dict[str, Any]:
    found = use_case.assessment.facets if use_case.assessment else {}
    by_hand = {"lane": use_case.lane.lane} if use_case.lane else {}
    return facets({"assessment": {"facets": found}, "lane": by_hand, "topic": use_case.topic})


def _name(matter: Matter) -> str:
    match matter:
        case Release():
            return matter.version
        case Contract():
            return matter.name
        case Waiver():
            return matter.control
        case PortfolioReview():
            return matter.period
        case Subscription():
            return matter.key
        case DigestIssue():
            return f"{matter.subscription or matter.owner}|{matter.period}"
        case CheckIn():
            return f"{matter.use_case}|{matter.week.isoformat()}"
    return ""


def _place(place: Place | None) -> dict[str, str | None]:
    return {"channel": place.channel if place else None, "thread": place.thread if place else None}
