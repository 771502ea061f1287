"""What has run out lately, and what will before the next digest: waivers, evidence, approvals."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from storage.digest_facts.registry import ABOUT, Ask, about, fact, in_scope, moment_of, spelled
from storage.matter_schema import Waivers
from storage.measure_schema import Spans
from storage.schema import Approvals, UseCases, Walks
from workflows.digests.facts import Fact, Found
from workflows.ids import Subject

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_LASTING = ("intake", "gate", "change", "renewal")
"""Approvals that run out."""


@fact("waiver_expiring")
def waiver_expiring(ask: Ask) -> Found:
    """Waivers in force that end before the next digest."""
    return _waivers(ask, "waiver_expiring", "in_force", ask.scope.now, ask.scope.until)


@fact("waiver_over")
def waiver_over(ask: Ask) -> Found:
    """Waivers that ended since the last digest: their control counts again."""
    return _waivers(ask, "waiver_over", "expired", ask.scope.since, ask.scope.now)


def _waivers(ask: Ask, kind: str, status: str, since: datetime, until: datetime) -> Found:
    ends = Waivers.state["expires_at"].as_string()
    wanted = (
        select(
            Waivers.id,
            Waivers.name,
            Waivers.owner,
            ends.label("ends"),
            Waivers.state["checklist"].as_string().label("checklist"),
            *ABOUT,
        )
        .select_from(Waivers)
        .join(UseCases, UseCases.id == Waivers.use_case)
        .where(Waivers.status == status, ends >= spelled(since), ends < spelled(until), *in_scope(ask.scope))
    )
    rows, total = ask.page(wanted.order_by(ends, Waivers.id))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind=kind,
                subject=Subject(type="waiver", id=row.id),
                item=row.name,
                people=ask.able([row.owner]),
                due=moment_of(row.ends),
                detail={"checklist": row.checklist},
                **about(row),
            )
            for row in rows
        ),
    )


@fact("approval_expiring")
def approval_expiring(ask: Ask) -> Found:
    """Approvals that run out before the next digest and were not renewed."""
    return _approvals(ask, "approval_expiring", ask.scope.now, ask.scope.until)


@fact("approval_over")
def approval_over(ask: Ask) -> Found:
    """Approvals that ran out and were not renewed."""
    return _approvals(ask, "approval_over", None, ask.scope.now)


def _approvals(ask: Ask, kind: str, since: datetime | None, until: datetime) -> Found:
    ends = Approvals.state["expires_at"].as_string()
    newer = aliased(Approvals)
    renewed = (
        select(newer.id)
        .where(
            newer.use_case == Approvals.use_case,
            newer.gate == Approvals.gate,
            newer.kind.in_(_LASTING),
            newer.status == "approved",
            newer.opened_at > Approvals.opened_at,
        )
        .exists()
    )
    ended = [s.id for s in ask.program.life_cycle.stages if not s.open]
    conditions = [
        Approvals.status == "approved",
        Approvals.kind.in_(_LASTING),
        ends < spelled(until),
        *([ends >= spelled(since)] if since else []),
        ~renewed,
        UseCases.stage.not_in(ended),
        *ask.use_cases(),
    ]
    wanted = (
        select(Approvals.id, ends.label("ends"), UseCases.business_owner, UseCases.submitter, *ABOUT)
        .select_from(Approvals)
        .join(UseCases, UseCases.id == Approvals.use_case)
        .where(*conditions)
    )
    rows, total = ask.page(wanted.order_by(ends, Approvals.id))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind=kind,
                subject=Subject(type="approval", id=row.id),
                people=ask.able([row.business_owner or row.submitter]),
                due=moment_of(row.ends),
                **about(row),
            )
            for row in rows
        ),
    )


@fact("evidence_expiring")
def evidence_expiring(ask: Ask) -> Found:
    """Items of checklists whose evidence runs out before the next digest."""
    return _evidence(ask, "evidence_expiring", ask.scope.now, ask.scope.until)


@fact("evidence_over")
def evidence_over(ask: Ask) -> Found:
    """Items of checklists whose evidence has run out."""
    return _evidence(ask, "evidence_over", None, ask.scope.now)


def _evidence(ask: Ask, kind: str, since: datetime | None, until: datetime) -> Found:
    # An item holds as long as any of its evidence does: a piece that never runs out keeps it for good.
    ends = func.max(func.coalesce(Spans.due, _NEVER))
    item = (
        select(
            Spans.subject_id.label("walk"),
            Spans.use_case.label("about"),
            Spans.label.label("checklist"),
            Spans.outcome.label("item"),
            ends.label("ends"),
        )
        .where(Spans.kind == "evidence", Spans.subject_type == "walk")
        .group_by(Spans.subject_id, Spans.use_case, Spans.label, Spans.outcome)
        .having(ends < until)
        .subquery()
    )
    waived = (
        select(Waivers.id)
        .where(Waivers.use_case == item.c.about, Waivers.name == item.c.item, Waivers.status == "in_force")
        .exists()
    )
    ended = [s.id for s in ask.program.life_cycle.stages if not s.open]
    wanted = (
        select(item.c.walk, item.c.checklist, item.c.item, item.c.ends, Walks.owner, *ABOUT)
        .select_from(item)
        .join(UseCases, UseCases.id == item.c.about)
        .join(Walks, Walks.id == item.c.walk)
        .where(UseCases.stage.not_in(ended), ~waived, *ask.use_cases())
    )
    if since is not None:
        wanted = wanted.where(item.c.ends >= since)
    rows, total = ask.page(wanted.order_by(item.c.ends, UseCases.id, item.c.item))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind=kind,
                subject=Subject(type="walk", id=row.walk),
                item=row.item,
                people=ask.able([row.owner]),
                due=row.ends,
                detail={"checklist": row.checklist},
                **about(row),
            )
            for row in rows
        ),
    )
