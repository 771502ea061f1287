"""What is asked for each request: built once, because building a statement takes longer than running it."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storage.schema import Approvals, OutboxRows, UseCases, Waits, Walks
from workflows.approval import ApprovalKind

DRAFTS = ("opening", "asking", "saved", "reviewing")
"""The statuses of a walk that can still be gone on with."""

OF_THE_WHOLE: tuple[ApprovalKind, ...] = ("intake", "change", "renewal")
"""Approvals of the use case as submitted, and what came in their place."""

USE_CASE = select(UseCases.state).where(UseCases.id == bindparam("id"))
WALK = select(Walks.state).where(Walks.id == bindparam("id"))
APPROVAL = select(Approvals.state).where(Approvals.id == bindparam("id"))
WALK_AT = (
    select(Walks.state)
    .where(Walks.channel == bindparam("channel"), Walks.thread == bindparam("thread"))
    .order_by(Walks.status.in_(DRAFTS).desc(), Walks.touched_at.desc())
    .limit(1)
)
WALK_OF = (
    select(Walks.state)
    .where(Walks.about == bindparam("use_case"), Walks.questionnaire == "intake")
    .order_by(Walks.touched_at.desc())
    .limit(1)
)
WALKS_ABOUT = (
    select(Walks.state)
    .where(Walks.about == bindparam("use_case"))
    .order_by(Walks.touched_at.desc(), Walks.id.desc())
)
DRAFTS_OF = (
    select(Walks.state)
    .where(Walks.owner == bindparam("user"), Walks.status.in_(DRAFTS))
    .order_by(Walks.touched_at.desc(), Walks.id.desc())
)
USE_CASES_OF = (
    select(UseCases.state)
    .where(UseCases.submitter == bindparam("user"))
    .order_by(UseCases.created_at.desc(), UseCases.id.desc())
)
APPROVALS_OF = (
    select(Approvals.state)
    .where(
        Approvals.use_case == bindparam("use_case"), Approvals.kind.in_(bindparam("kinds", expanding=True))
    )
    .order_by(Approvals.opened_at.desc(), Approvals.id.desc())
)
NEWEST_APPROVALS = (
    select(Approvals.state)
    .where(Approvals.use_case.in_(bindparam("use_cases", expanding=True)), Approvals.kind.in_(OF_THE_WHOLE))
    .order_by(Approvals.opened_at, Approvals.id)
)
PROMISED_FOR = (
    select(Approvals.state)
    .where(
        Approvals.use_case.in_(bindparam("use_cases", expanding=True)),
        Approvals.status == "approved",
        Approvals.id.in_(
            select(Waits.subject_id).where(Waits.subject_type == "approval", Waits.kind == "condition")
        ),
    )
    .order_by(Approvals.opened_at.desc(), Approvals.id.desc())
)
TITLES = select(UseCases.id, UseCases.title).where(UseCases.id.in_(bindparam("ids", expanding=True)))
APPROVAL_AT = (
    select(Approvals.state)
    .where(Approvals.channel == bindparam("channel"), Approvals.thread == bindparam("thread"))
    .order_by((Approvals.status == "waiting").desc(), Approvals.opened_at.desc())
    .limit(1)
)
UNDER_WAY = select(OutboxRows.effect).where(
    OutboxRows.done_at.is_(None), OutboxRows.conversation == bindparam("conversation")
)
FALLING_DUE = select(OutboxRows.key).where(
    OutboxRows.done_at.is_(None), OutboxRows.conversation.like("work/%"), OutboxRows.key.like("%#%")
)
WAITING_FOR = (
    select(Approvals.state, Approvals.id)
    .join(Waits, (Waits.subject_id == Approvals.id) & (Waits.subject_type == "approval"))
    .where(Waits.person == bindparam("user"), Waits.kind == "seat")
    .order_by(Waits.due.is_(None), Waits.due, Approvals.opened_at, Approvals.id)
)
WAITS_FOR = (
    select(Waits.subject_type, Waits.subject_id, Waits.kind, Waits.item, Waits.person, Waits.due)
    .where(Waits.person == bindparam("user"))
    .order_by(Waits.due.is_(None), Waits.due, Waits.subject_type, Waits.subject_id, Waits.item)
)
