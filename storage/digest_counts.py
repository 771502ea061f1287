"""What digests count and draw: use cases by stage, tier and topic, and how long decisions have waited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from storage.digest_facts.registry import in_scope
from storage.matter_schema import DigestIssues
from storage.measure_schema import Answers
from storage.schema import Approvals, Events, UseCases, Waits
from workflows.digests.facts import Scope
from workflows.events import week_of
from workflows.program import Program
from workflows.seeing import UNFINISHED


class Counted(NamedTuple):
    """How many use cases are of this stage, tier, topic and kind."""

    stage: str
    tier: str
    topic: str
    bucket: str
    number: int


class Waiting(NamedTuple):
    """How many decisions have waited so long, and how many of them are overdue."""

    number: int
    overdue: int


class Outcome(NamedTuple):
    """The newest number of a use case's outcome, with where it began and where it is to come to."""

    use_case: str
    title: str
    value: float
    baseline: float | None
    target: float | None


def outcomes(connection: Connection, program: Program, scope: Scope, at_most: int) -> tuple[Outcome, ...]:
    """Use cases that told their outcome, those with the least of the way behind them first."""
    questions = program.figures.outcome
    if questions is None:
        return ()
    goal, start = aliased(Answers), aliased(Answers)
    # Not older than trends look back: what was told a year ago says nothing of now.
    since = week_of(scope.now.date() - timedelta(weeks=program.digests.weeks)).isoformat()
    newest = (
        select(Events.use_case, func.max(Events.week).label("week"))
        .where(Events.kind == "outcome", Events.week >= since, Events.function == "")
        .group_by(Events.use_case)
        .subquery()
    )
    at = and_(
        Events.use_case == newest.c.use_case,
        Events.week == newest.c.week,
        Events.week >= since,
        Events.kind == "outcome",
        Events.function == "",
    )
    way = (Events.value - start.number) / func.nullif(goal.number - start.number, 0.0)
    wanted = (
        select(UseCases.id, UseCases.title, Events.value, start.number, goal.number)
        .select_from(newest)
        .join(UseCases, UseCases.id == newest.c.use_case)
        .join(Events, at)
        .outerjoin(start, and_(start.use_case == UseCases.id, start.question == questions.baseline))
        .outerjoin(goal, and_(goal.use_case == UseCases.id, goal.question == questions.target))
        .where(UseCases.stage.in_(program.digests.watched), *in_scope(scope))
        .order_by(way.is_(None), way, UseCases.id)
        .limit(at_most)
    )
    return tuple(Outcome(*row) for row in connection.execute(wanted))


def newest_posted(connection: Connection) -> datetime | None:
    """When the newest digest that was posted was worked out; ``None`` before the first."""
    wanted = select(func.max(DigestIssues.opened_at)).where(DigestIssues.status == "posted")
    found: datetime | None = connection.execute(wanted).scalar_one()
    return found


def use_cases(connection: Connection, scope: Scope) -> tuple[Counted, ...]:
    """Use cases by stage, tier, topic and kind; no drafts, which are their writers' own business."""
    columns = (
        UseCases.stage,
        func.coalesce(UseCases.tier, ""),
        func.coalesce(UseCases.topic, ""),
        UseCases.bucket,
    )
    wanted = (
        select(*columns, func.count())
        .where(or_(UseCases.stage.not_in(UNFINISHED), UseCases.source == "import"), *in_scope(scope))
        .group_by(*columns)
    )
    return tuple(Counted(*row) for row in connection.execute(wanted))


def ages(connection: Connection, scope: Scope, days: Sequence[int]) -> tuple[Waiting, ...]:
    """Open seats by how long they have waited: up to ``days[0]``, up to ``days[1]`` ..., and longer."""
    # A seat with several people is one decision.
    seat = (
        select(
            Waits.subject_id,
            Waits.item,
            func.min(Waits.due).label("due"),
            func.min(Approvals.opened_at).label("since"),
        )
        .select_from(Waits)
        .join(Approvals, Approvals.id == Waits.subject_id)
        .join(UseCases, UseCases.id == Approvals.use_case)
        .where(Waits.subject_type == "approval", Waits.kind == "seat", *in_scope(scope))
        .group_by(Waits.subject_id, Waits.item)
        .subquery()
    )
    limits = [scope.now - timedelta(days=d) for d in days]
    edges = [(seat.c.since > limit, n) for n, limit in enumerate(limits)]
    bucket = case(*edges, else_=len(days)).label("bucket")
    late = func.sum(case((and_(seat.c.due.is_not(None), seat.c.due < scope.now), 1), else_=0))
    found = connection.execute(select(bucket, func.count(), late).group_by(bucket))
    there = {row[0]: Waiting(row[1], int(row[2])) for row in found}
    return tuple(there.get(n, Waiting(0, 0)) for n in range(len(days) + 1))
