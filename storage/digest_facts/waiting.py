"""Decisions and promises whose time is up, stages that last too long, numbers that did not come."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from storage.digest_facts.registry import ABOUT, Ask, about, fact
from storage.matter_schema import CheckIns, Incidents, PortfolioReviews
from storage.measure_schema import Spans
from storage.schema import Approvals, UseCases, Waits
from workflows.digests.facts import Fact, Found
from workflows.ids import Subject, UserId
from workflows.measures.spans import STAGE


@fact("approval_overdue")
def approval_overdue(ask: Ask) -> Found:
    """Seats whose time is up, the oldest first; several people of one seat are one fact."""
    conditions = [Waits.subject_type == "approval", Waits.kind == "seat", Waits.due < ask.scope.now]
    if ask.scope.function:
        conditions.append(UseCases.function == ask.scope.function)
    if ask.scope.person:
        conditions.append(Waits.person == ask.scope.person)
    late = (
        select(Waits.subject_id, Waits.item, func.min(Waits.due).label("due"), *ABOUT, Approvals.opened_at)
        .select_from(Waits)
        .join(Approvals, Approvals.id == Waits.subject_id)
        .join(UseCases, UseCases.id == Approvals.use_case)
        .where(*conditions)
        .group_by(Waits.subject_id, Waits.item, *(UseCases.id, UseCases.title, UseCases.tier))
        .group_by(Approvals.opened_at)
    )
    # The weightiest first, then the oldest: a page of five has to be the right five.
    weight = case((UseCases.tier.in_(("high", "prohibited")), 0), (UseCases.tier == "medium", 1), else_=2)
    rows, total = ask.page(late.order_by(func.min(weight), func.min(Waits.due), Waits.subject_id, Waits.item))
    waiting = defaultdict(list)
    ids = {row.subject_id for row in rows}
    who = select(Waits.subject_id, Waits.item, Waits.person).where(
        Waits.subject_type == "approval", Waits.kind == "seat", Waits.subject_id.in_(ids)
    )
    for row in ask.connection.execute(who.order_by(Waits.person)):
        waiting[row.subject_id, row.item].append(UserId(row.person))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="approval_overdue",
                subject=Subject(type="approval", id=row.subject_id),
                item=row.item,
                people=ask.able(waiting[row.subject_id, row.item]),
                since=row.opened_at,
                due=row.due,
                **about(row),
            )
            for row in rows
        ),
    )


@fact("action_overdue")
def action_overdue(ask: Ask) -> Found:
    """Actions after incidents, and tasks of portfolio reviews, whose day has passed."""
    conditions = [Waits.kind == "action", Waits.due < ask.scope.now]
    if ask.scope.function:
        conditions.append(UseCases.function == ask.scope.function)
    if ask.scope.person:
        conditions.append(Waits.person == ask.scope.person)
    late = (
        select(
            Waits.subject_type,
            Waits.subject_id,
            Waits.item,
            Waits.person,
            Waits.due,
            *ABOUT,
            Incidents.state["actions"].label("actions"),
            PortfolioReviews.state["tasks"].label("tasks"),
        )
        .select_from(Waits)
        .outerjoin(Incidents, and_(Waits.subject_type == "incident", Incidents.id == Waits.subject_id))
        .outerjoin(
            PortfolioReviews,
            and_(Waits.subject_type == "portfolio_review", PortfolioReviews.id == Waits.subject_id),
        )
        .outerjoin(UseCases, UseCases.id == Incidents.use_case)
        .where(*conditions)
    )
    rows, total = ask.page(late.order_by(Waits.due, Waits.subject_id, Waits.item))
    facts = []
    for row in rows:
        said: dict[str, Any] = next((a for a in row.actions or row.tasks or () if a["id"] == row.item), {})
        known = about(row)
        if known["use_case"] is None and said.get("use_case"):
            known = {**known, "use_case": said["use_case"], "title": said["use_case"]}
        facts.append(
            Fact(
                kind="action_overdue",
                subject=Subject(type=row.subject_type, id=row.subject_id),
                item=row.item,
                people=ask.able([row.person]),
                due=row.due,
                text=str(said.get("text", "")),
                **known,
            )
        )
    return Found(total=total, facts=tuple(facts))


@fact("stage_stuck")
def stage_stuck(ask: Ask) -> Found:
    """Use cases that have been in a stage for longer than the program says, the longest first."""
    patience = ask.program.digests.stuck
    if not patience:
        return Found()
    now = ask.scope.now
    too_long = [
        and_(UseCases.stage == p.stage, Spans.begins < now - timedelta(days=p.days)) for p in patience
    ]
    wanted = (
        select(*ABOUT, UseCases.stage, UseCases.submitter, UseCases.business_owner, Spans.begins)
        .select_from(UseCases)
        .join(Spans, (Spans.subject_type == "use_case") & (Spans.subject_id == UseCases.id))
        .where(Spans.kind == STAGE, Spans.ends.is_(None), or_(*too_long), *ask.use_cases())
    )
    rows, total = ask.page(wanted.order_by(Spans.begins, UseCases.id))
    facts = [
        Fact(
            kind="stage_stuck",
            subject=Subject(type="use_case", id=row.use_case),
            stage=row.stage,
            people=ask.able([row.business_owner or row.submitter]),
            since=row.begins,
            number=float((now - row.begins).days),
            **about(row),
        )
        for row in rows
    ]
    return Found(total=total, facts=tuple(facts))


@fact("check_in_missed")
def check_in_missed(ask: Ask) -> Found:
    """Use cases whose week was not reported, those that missed most often first."""
    missed = (
        select(
            *ABOUT,
            UseCases.metric_owner,
            func.count().label("times"),
            func.min(CheckIns.opened_at).label("since"),
        )
        .select_from(CheckIns)
        .join(UseCases, UseCases.id == CheckIns.use_case)
        .where(CheckIns.status == "missed", CheckIns.opened_at >= ask.scope.since, *ask.use_cases())
        .group_by(UseCases.id, UseCases.title, UseCases.tier, UseCases.metric_owner)
    )
    rows, total = ask.page(missed.order_by(func.count().desc(), UseCases.id))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="check_in_missed",
                subject=Subject(type="use_case", id=row.use_case),
                people=ask.able([row.metric_owner]),
                since=row.since,
                number=float(row.times),
                **about(row),
            )
            for row in rows
        ),
    )
