"""Guardrails crossed, incidents and breaches that go on, owners who are missing."""

from __future__ import annotations

from sqlalchemy import String, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from storage.digest_facts.registry import ABOUT, Ask, about, fact, in_scope, moment_of
from storage.matter_schema import Contracts, Incidents
from storage.measure_schema import Answers
from storage.schema import Events, People, UseCases
from workflows.digests.facts import Fact, Found
from workflows.events import week_of
from workflows.ids import Subject
from workflows.incident import BAD, OVER


@fact("guardrail_crossed")
def guardrail_crossed(ask: Ask) -> Found:
    """Limits that were crossed since the last digest: of each figure the newest time."""
    since = week_of(ask.scope.since.date()).isoformat()
    newer = aliased(Events)
    again = (
        select(newer.key)
        .where(
            newer.kind == "crossed",
            newer.use_case == Events.use_case,
            newer.detail["figure"].as_string() == Events.detail["figure"].as_string(),
            newer.week > Events.week,
        )
        .exists()
    )
    wanted = (
        select(
            Events.at,
            Events.detail,
            UseCases.stage,
            UseCases.metric_owner,
            UseCases.business_owner,
            *ABOUT,
        )
        .select_from(Events)
        .join(UseCases, UseCases.id == Events.use_case)
        .where(Events.kind == "crossed", Events.value > 0, Events.week >= since, ~again, *ask.use_cases())
    )
    used = case((UseCases.stage.in_(ask.program.digests.in_use), 0), else_=1)
    rows, total = ask.page(wanted.order_by(used, Events.week.desc(), Events.key))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="guardrail_crossed",
                subject=Subject(type="use_case", id=row.use_case),
                item=str(row.detail.get("figure", "")),
                stage=row.stage,
                people=ask.able([row.metric_owner or row.business_owner]),
                since=row.at,
                text=str(row.detail.get("label") or row.detail.get("figure", "").replace("_", " ")),
                number=row.detail.get("number"),
                detail={k: str(row.detail.get(k) or "") for k in ("limit", "unit", "action")},
                **about(row),
            )
            for row in rows
        ),
    )


@fact("incident_open")
def incident_open(ask: Ask) -> Found:
    """Incidents that are not closed, those that still go on and the most serious first."""
    severity = Incidents.state["severity"].as_string()
    order = {s.id: n for n, s in enumerate(ask.program.incidents.severities)}
    weight = case(order, value=severity, else_=-1) if order else severity
    wanted = (
        select(
            Incidents.id,
            Incidents.owner,
            Incidents.opened_at,
            Incidents.status,
            severity.label("severity"),
            Incidents.state["what"].as_string().label("what"),
            *ABOUT,
        )
        .select_from(Incidents)
        .outerjoin(UseCases, UseCases.id == Incidents.use_case)
        .where(Incidents.status.not_in(OVER), *in_scope(ask.scope))
    )
    on = case((Incidents.status.in_(BAD), 0), else_=1)
    rows, total = ask.page(wanted.order_by(on, weight, Incidents.opened_at, Incidents.id))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="incident_open",
                subject=Subject(type="incident", id=row.id),
                people=ask.able([row.owner]),
                since=row.opened_at,
                text=row.what,
                detail={"severity": row.severity, "status": row.status},
                **about(row),
            )
            for row in rows
        ),
    )


@fact("breach_open")
def breach_open(ask: Ask) -> Found:
    """Promises of data contracts that are not kept, the oldest first."""
    # Only the parts are read: a contract's state holds whole documents.
    wanted = select(
        Contracts.id,
        Contracts.owner,
        Contracts.state["title"].as_string().label("title"),
        Contracts.state["breaches"].label("breaches"),
        Contracts.state["consumers"].label("consumers"),
    ).where(Contracts.status == "active")
    rows = [r for r in ask.connection.execute(wanted) if any(b["closed_at"] is None for b in r.breaches)]
    if ask.scope.function or ask.scope.person:
        relied = {id for row in rows for id in row.consumers}
        near = select(UseCases.id).where(UseCases.id.in_(relied), *in_scope(ask.scope))
        there = set(ask.connection.execute(near).scalars())
        rows = [r for r in rows if there & set(r.consumers) or r.owner == ask.scope.person]
    facts = [
        Fact(
            kind="breach_open",
            subject=Subject(type="contract", id=row.id),
            item=breach["id"],
            title=row.title,
            people=ask.able([row.owner]),
            since=moment_of(breach["at"]),
            text=breach["what"],
            number=float(len(row.consumers)),
        )
        for row in rows
        for breach in row.breaches
        if breach["closed_at"] is None
    ]
    return ask.cut(sorted(facts, key=lambda f: (f.since is None, f.since, f.subject.id, f.item)))


@fact("owner_missing")
def owner_missing(ask: Ask) -> Found:
    """Owners that a gate demands and whom nobody named, or who have left, where it matters by now."""
    stages = ask.program.digests.watched
    owners = dict.fromkeys(o for gate in ask.program.gates.values() for o in gate.owners)
    if not stages or not owners:
        return Found()
    asked = union_all(*(select(literal(str(o), String).label("question")) for o in owners)).cte("owners")
    named = Answers.word
    wanted = (
        select(
            *ABOUT,
            UseCases.stage,
            UseCases.submitter,
            UseCases.business_owner,
            func.coalesce(named, "").label("named"),
            asked.c.question,
        )
        .select_from(UseCases)
        .join(asked, literal(True))
        .outerjoin(Answers, (Answers.use_case == UseCases.id) & (Answers.question == asked.c.question))
        .outerjoin(People, People.id == named)
        .where(
            UseCases.stage.in_(stages),
            or_(People.active.is_(None), People.active.is_(False)),
            *ask.use_cases(),
        )
    )
    used = case((UseCases.stage.in_(ask.program.digests.in_use), 0), else_=1)
    rows, total = ask.page(wanted.order_by(used, UseCases.id, asked.c.question))
    return Found(
        total=total,
        facts=tuple(
            Fact(
                kind="owner_missing",
                subject=Subject(type="use_case", id=row.use_case),
                item=row.question,
                stage=row.stage,
                people=ask.able([row.business_owner])[:1] or ask.able([row.submitter]),
                detail={"left": ask.directory.person(row.named).name} if row.named else {},
                **about(row),
            )
            for row in rows
        ),
    )
