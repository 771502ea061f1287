"""Who is waited on for what, in everything that is stored: what desks, nudges and reports are made from."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from workflows.approval import Approval
from workflows.decision import Aggregate
from workflows.incident import Incident
from workflows.plan.plan import Plan
from workflows.portfolio_review import PortfolioReview
from workflows.seats import open_seats, to_act
from workflows.walk import Walk


class Wait(NamedTuple):
    """One person who is waited on for one thing of a subject."""

    kind: str
    """``seat``, ``inquiry``, ``condition``, ``assignment`` or ``action``."""
    item: str
    person: str
    due: datetime | None


WAITED_ON = (Approval, Walk, Incident, PortfolioReview, Plan)
"""The kinds of which somebody may be waited on."""


def waits_of(aggregate: Aggregate) -> set[Wait]:
    """Everyone this waits on now."""
    if isinstance(aggregate, Approval):
        return _in_approval(aggregate)
    if isinstance(aggregate, Walk):
        if aggregate.status in ("cancelled", "expired"):
            return set()
        return {Wait("assignment", a.id, a.to, a.due) for a in aggregate.assignments if a.open}
    if isinstance(aggregate, Incident):
        return {Wait("action", a.id, a.owner, a.due) for a in aggregate.actions if a.open}
    if isinstance(aggregate, PortfolioReview):
        return {Wait("action", t.id, t.owner, t.due) for t in aggregate.tasks if t.open}
    if isinstance(aggregate, Plan):
        open_ = (t for t in aggregate.tasks if t.action.open)
        return {Wait("action", t.task, t.action.owner, t.action.due) for t in open_}
    return set()


def _in_approval(approval: Approval) -> set[Wait]:
    """Conditions are waited for after the decision too."""
    waits = {Wait("seat", s.id, user, s.due) for s in open_seats(approval) for user in to_act(s)}
    if approval.status == "waiting":
        waits |= {Wait("inquiry", i.id, i.of, None) for i in approval.inquiries if i.open}
    if approval.status in {"waiting", "approved"}:
        waits |= {Wait("condition", c.id, c.owner, c.due) for c in approval.conditions if c.done_at is None}
    return waits
