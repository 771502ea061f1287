"""Outcomes, the playbook, feedback, the plan and champions; and what waits for one person."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from storage.corpus import EVERYONE
from storage.corpus_schema import CorpusAudiences, CorpusDocuments
from storage.digest_facts.registry import ABOUT, Ask, about, fact, in_scope
from storage.matter_schema import Feedbacks, Incidents, Plans
from storage.measure_schema import Answers
from storage.metrics import registry as metrics
from storage.metrics.weeks import a_week_before
from storage.schema import Approvals, Events, UseCases, Waits, Walks
from workflows.champions import champions_by_function, corpus_owners, function_named
from workflows.digests.facts import Fact, Found
from workflows.events import week_of
from workflows.ids import Subject, UserId
from workflows.roles import resolve


@fact("outcome_over")
def outcome_over(ask: Ask) -> Found:
    """Use cases in use past the day of their outcome, without a number told since."""
    outcome = ask.program.figures.outcome
    if outcome is None or not outcome.by:
        return Found()
    # Told in the week of that day or later counts as told since then, here as in the figure.
    told = exists().where(
        Events.use_case == UseCases.id,
        Events.kind == "outcome",
        Events.week > a_week_before(Answers.word),
    )
    wanted = (
        select(*ABOUT, UseCases.business_owner, UseCases.submitter, Answers.word.label("day"))
        .select_from(UseCases)
        .join(Answers, (Answers.use_case == UseCases.id) & (Answers.question == outcome.by))
        .where(
            UseCases.stage.in_(ask.program.digests.watched),
            Answers.word < ask.today,
            ~told,
            *ask.use_cases(),
        )
    )
    rows, total = ask.page(wanted.order_by(Answers.word, UseCases.id))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="outcome_over",
                subject=Subject(type="use_case", id=row.use_case),
                people=ask.able([row.business_owner or row.submitter]),
                due=_day(row.day),
                **about(row),
            )
            for row in rows
        ),
    )


@fact("outcome_reached")
def outcome_reached(ask: Ask) -> Found:
    """Use cases whose outcome reached its target by the newest number, told since the last digest."""
    outcome = ask.program.figures.outcome
    if outcome is None or not outcome.target:
        return Found()
    since = week_of(ask.scope.since.date()).isoformat()
    goal, start = Answers.__table__.alias("goal"), Answers.__table__.alias("start")
    newest = (
        select(Events.use_case, func.max(Events.week).label("week"))
        .where(Events.kind == "outcome", Events.week >= since, Events.function == "")
        .group_by(Events.use_case)
        .subquery()
    )
    higher = or_(start.c.number.is_(None), goal.c.number >= start.c.number)
    there = or_(and_(higher, Events.value >= goal.c.number), and_(~higher, Events.value <= goal.c.number))
    wanted = (
        select(
            *ABOUT,
            Events.value,
            Events.at,
            goal.c.number.label("goal"),
            UseCases.business_owner,
            UseCases.submitter,
        )
        .select_from(newest)
        .join(UseCases, UseCases.id == newest.c.use_case)
        .join(
            Events,
            and_(
                Events.use_case == newest.c.use_case,
                Events.week == newest.c.week,
                Events.week >= since,  # what follows from the line above, but not for a planner
                Events.kind == "outcome",
                Events.function == "",
            ),
        )
        .join(goal, and_(goal.c.use_case == UseCases.id, goal.c.question == outcome.target))
        .outerjoin(start, and_(start.c.use_case == UseCases.id, start.c.question == outcome.baseline))
        .where(there, *ask.use_cases())
    )
    rows, total = ask.page(wanted.order_by(UseCases.id))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="outcome_reached",
                subject=Subject(type="use_case", id=row.use_case),
                people=ask.able([row.business_owner or row.submitter]),
                since=row.at,
                number=row.value,
                detail={"target": f"{row.goal:,g}"},
                **about(row),
            )
            for row in rows
        ),
    )


@fact("document_stale")
def document_stale(ask: Ask) -> Found:
    """Documents for everybody that are past their day of review: the others are not for a channel."""
    if ask.scope.person:
        return Found()
    public = exists().where(
        CorpusAudiences.document == CorpusDocuments.id, CorpusAudiences.audience == EVERYONE
    )
    wanted = (
        select(CorpusDocuments.title, CorpusDocuments.path, CorpusDocuments.review_date)
        .add_columns(CorpusDocuments.function)
        .where(
            CorpusDocuments.review_date != "",
            CorpusDocuments.review_date < ask.today,
            public,
        )
        .order_by(CorpusDocuments.review_date, CorpusDocuments.path)
    )
    owners = corpus_owners(ask.program, ask.directory, ask.scope.now)[:1]
    facts = [
        Fact(
            kind="document_stale",
            subject=Subject(type="program", id=row.path),
            title=row.title or row.path,
            people=owners,
            due=_day(row.review_date),
        )
        for row in ask.connection.execute(wanted)
        if ask.scope.function in ("", function_named(row.function, ask.program))
    ]
    return ask.cut(facts)


@fact("feedback_theme")
def feedback_theme(ask: Ask) -> Found:
    """Themes in the feedback since the last digest, the most frequent first; never who spoke of them."""
    wanted = (
        select(Feedbacks.state["themes"].label("themes"), Feedbacks.status)
        .select_from(Feedbacks)
        .outerjoin(UseCases, UseCases.id == Feedbacks.use_case)
        .where(Feedbacks.opened_at >= ask.scope.since, *in_scope(ask.scope))
    )
    times: Counter[str] = Counter()
    still: Counter[str] = Counter()
    for row in ask.connection.execute(wanted):
        times.update(row.themes)
        still.update(row.themes if row.status == "open" else ())
    team = resolve(ask.program.program_team, ask.program, {}, ask.directory, ask.scope.now).people[:1]
    facts = [
        Fact(
            kind="feedback_theme",
            subject=Subject(type="program", id=theme),
            title=known.label if (known := ask.program.feedback.theme(theme)) else theme,
            people=team,
            number=float(number),
            detail={"open": str(still[theme])},
        )
        for theme, number in sorted(times.items(), key=lambda t: (-t[1], t[0]))
        if number > 1  # one voice is no theme, and could be recognised
    ]
    return ask.cut(facts)


@fact("plan_behind")
def plan_behind(ask: Ask) -> Found:
    """Tasks of the running 90-day plan whose day has passed."""
    if ask.scope.function:
        return Found()
    facts = []
    for row in ask.connection.execute(
        select(Plans.id, Plans.state["tasks"].label("tasks")).where(Plans.status == "running")
    ):
        for task in row.tasks:
            action = task["action"]
            due = datetime.fromisoformat(action["due"]).astimezone(UTC) if action["due"] else None
            over = action["done_at"] or action["dropped_at"]
            mine = ask.scope.person in (None, action["owner"])
            if due and due < ask.scope.now and not over and mine:
                facts.append(
                    Fact(
                        kind="plan_behind",
                        subject=Subject(type="plan", id=row.id),
                        item=task["task"],
                        people=ask.able([action["owner"]]),
                        due=due,
                        text=action["text"],
                        detail={"phase": task["phase"]},
                    )
                )
    return ask.cut(sorted(facts, key=lambda f: (f.due, f.item)))


@fact("champion_missing")
def champion_missing(ask: Ask) -> Found:
    """Functions for which nobody is champion."""
    if ask.scope.person or not ask.program.consulting.champions:
        return Found()
    there = champions_by_function(ask.program, ask.directory, ask.scope.now)
    team = resolve(ask.program.program_team, ask.program, {}, ask.directory, ask.scope.now).people[:1]
    facts = [
        Fact(
            kind="champion_missing",
            subject=Subject(type="program", id=function.id),
            title=function.label,
            people=team,
        )
        for function in ask.program.functions.values()
        if not there.get(function.id) and ask.scope.function in ("", function.id)
    ]
    return ask.cut(facts)


@fact("metric_unattended")
def metric_unattended(ask: Ask) -> Found:
    """Metrics that digests show and of which nobody has said who does what when they move."""
    if ask.scope.person or ask.scope.function:
        return Found()
    metrics.load()
    shown = dict.fromkeys(m for digest in ask.program.digests.digests for m in digest.metrics)
    team = resolve(ask.program.program_team, ask.program, {}, ask.directory, ask.scope.now).people[:1]
    facts = [
        Fact(
            kind="metric_unattended",
            subject=Subject(type="program", id=id),
            title=metrics.METRICS[id].metric.label,
            people=team,
        )
        for id in shown
        if id in metrics.METRICS and not ask.program.metrics.acted_on(id)
    ]
    return ask.cut(facts)


@fact("waits")
def waits(ask: Ask) -> Found:
    """What waits for the one person who reads it, what is due first at the top."""
    if not ask.scope.person:
        return Found()
    use_case: Any = func.coalesce(Approvals.use_case, Walks.about, Incidents.use_case)
    wanted = (
        select(Waits.subject_type, Waits.subject_id, Waits.kind, Waits.item, Waits.due, *ABOUT)
        .select_from(Waits)
        .outerjoin(Approvals, and_(Waits.subject_type == "approval", Approvals.id == Waits.subject_id))
        .outerjoin(Walks, and_(Waits.subject_type == "walk", Walks.id == Waits.subject_id))
        .outerjoin(Incidents, and_(Waits.subject_type == "incident", Incidents.id == Waits.subject_id))
        .outerjoin(UseCases, UseCases.id == use_case)
        .where(Waits.person == ask.scope.person)
        .where(or_(Waits.kind != "seat", Approvals.submitter != ask.scope.person))
    )
    late = case((Waits.due.is_(None), 1), else_=0)
    rows, total = ask.page(wanted.order_by(late, Waits.due, Waits.subject_id, Waits.item))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="waits",
                subject=Subject(type=row.subject_type, id=row.subject_id),
                item=row.item,
                people=(UserId(ask.scope.person),),
                due=row.due,
                text=row.kind,
                **about(row),
            )
            for row in rows
        ),
    )


@fact("mine")
def mine(ask: Ask) -> Found:
    """The use cases of the one person who reads it, the newest change of stage first."""
    if not ask.scope.person:
        return Found()
    wanted = select(*ABOUT, UseCases.stage, UseCases.created_at).where(*ask.use_cases())
    rows, total = ask.page(wanted.order_by(UseCases.created_at.desc(), UseCases.id.desc()))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="mine",
                subject=Subject(type="use_case", id=row.use_case),
                stage=row.stage,
                since=row.created_at,
                **about(row),
            )
            for row in rows
        ),
    )


def _day(word: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(word).date(), time(12), UTC)
    except ValueError:
        return None
