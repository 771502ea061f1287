"""The governance matrix applied: which seats an assessed use case needs, and who sits in them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from workflows.answers import Answers
from workflows.approval import Approval, ApprovalKind, Seat
from workflows.closing import close
from workflows.decision import Circumstances, Decision, Entry
from workflows.expressions import environment, holds
from workflows.ids import ApprovalId, Frozen, Subject, UserId
from workflows.people import Directory
from workflows.program import EscalationStep, MatrixRow, Program
from workflows.questions import Questionnaire
from workflows.roles import resolve
from workflows.stages import moved
from workflows.telling import lost_seat, told_the_asker
from workflows.turns import expected, open_next_seats
from workflows.use_case import Assessment, UseCase
from workflows.working_time import hours_a_day


class Plan(Frozen):
    """The way ahead for a use case as it stands: what the matrix demands, resolved to people."""

    rows: tuple[str, ...]
    because: tuple[str, ...]
    seats: tuple[Seat, ...]
    """In order. ``due`` is when each is expected to decide if the way started now."""
    stop: str = ""
    """Why it is stopped; empty when it is not."""
    appeal: str = ""
    automatic: bool = False
    notify: tuple[UserId, ...] = ()
    assessments: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    sla_hours: int
    """Working hours each seat has."""
    remind_after_hours: int
    escalation: tuple[EscalationStep, ...] = ()
    working_days: int = 0
    """At most how long it takes when everybody keeps their time."""


def plan(
    program: Program,
    questionnaire: Questionnaire,
    answers: Answers,
    assessment: Assessment,
    directory: Directory,
    submitter: UserId,
    now: datetime,
    gate: str = "",
    asked_by: UserId | None = None,
    also: Collection[str] = (),
    without: Collection[UserId] = (),
    figure: str = "",
) -> Plan:
    """What the matrix demands of these answers at a gate. Only answers to questions that are asked count.

    ``gate`` empty is the first one, that of the intake. Neither the submitter nor who asked for it
    (``asked_by``) sits in a seat, nor anybody in ``without``. ``also`` are roles that are asked in any case.

    Conditions of the matrix read the answers, ``tier``, and of a release ``figure`` (see
    :data:`workflows.release.FIGURES`). When no row demands anybody and none approves
    automatically, the program team decides: nothing goes nowhere.
    """
    env = environment(questionnaire, answers)
    asked = {q: a for q, a in answers.items() if env.get(q) not in (None, [])}
    tier = assessment.tier.tier
    apart = {u for u in (submitter, asked_by, *without) if u}
    governance = program.governance
    gate = gate or governance.gate
    rows = [
        r
        for r in governance.rows
        if gate in (r.gates or (governance.gate,)) and holds(r.when, {**env, "tier": tier, "figure": figure})
    ]
    sla = min((r.sla_hours for r in rows if r.sla_hours), default=governance.sla_hours)
    stops = [r for r in rows if r.stop]
    seats: tuple[Seat, ...] = ()
    automatic = False
    stop = " ".join(r.because for r in stops)
    if tier == "prohibited" and not stops:
        stop = program.tiers.explain[tier]
    if not stop:
        demands = {**dict.fromkeys(also, (1, 1)), **_demands(rows)}
        automatic = not demands and any(r.automatic for r in rows)
        if not demands and not automatic:
            demands = {program.program_team: (1, 1)}
        seats = tuple(
            _seat(role, order, quorum, program, asked, directory, apart, now)
            for role, (order, quorum) in sorted(demands.items(), key=lambda d: d[1][0])
        )
        seats = expected(seats, sla, now, directory, program.working_time)
    deciding = {u for s in seats for u in s.people}
    told = [
        u
        for role in _each(r.notify for r in rows)
        for u in resolve(role, program, asked, directory, now, without=apart).people
        if u not in deciding
    ]
    stages = len({s.order for s in seats})
    return Plan(
        rows=tuple(r.id for r in rows),
        because=_each((r.because,) for r in rows if r.because),
        seats=seats,
        stop=stop,
        appeal=" ".join(_each((r.appeal,) for r in stops if r.appeal)),
        automatic=automatic,
        notify=tuple(UserId(u) for u in dict.fromkeys(told)),
        assessments=_each(r.assessments for r in rows),
        documents=_each(r.documents for r in rows),
        monitoring=_each((r.monitoring,) for r in rows if r.monitoring),
        sla_hours=sla,
        remind_after_hours=min(governance.remind_after_hours, sla),
        escalation=next((r.escalation for r in rows if r.escalation), governance.escalation),
        working_days=math.ceil(stages * sla / hours_a_day(program.working_time)),
    )


def open_approval(
    plan: Plan,
    approval_id: ApprovalId,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    kind: ApprovalKind = "intake",
    gate: str = "",
    matter: Subject | None = None,
    asked_by: UserId | None = None,
    carrying: Mapping[str, Any] | None = None,
) -> Decision:
    """Open the case that a plan describes for a submitted use case.

    ``asked_by`` is who asks, where that is not the submitter; leave whoever it is out of the plan as well.
    ``carrying`` are more fields of the case, such as the ``changes`` it is about.

    An ``intake`` moves the use case on to in review, or at once to approved (automatic) or rejected
    (stopped). What any other kind leads to is for :mod:`workflows.outcomes` to say once it is closed.
    Raises ``ValueError`` for a use case without an assessment.
    """
    if use_case.assessment is None:
        raise ValueError("a use case is assessed before its approval is opened")
    approval = Approval(
        id=approval_id,
        use_case=use_case.id,
        submitter=use_case.submitter,
        asked_by=asked_by if asked_by != use_case.submitter else None,
        home=use_case.home,
        program=circ.program,
        kind=kind,
        matter=matter,
        gate=gate or program.governance.gate,
        tier=use_case.assessment.tier.tier,
        rows=plan.rows,
        because=plan.because,
        appeal=plan.appeal,
        documents=plan.documents,
        assessments=plan.assessments,
        monitoring=plan.monitoring,
        seats=tuple(s.model_copy(update={"due": None}) for s in plan.seats),
        notify=plan.notify,
        opened_at=circ.now,
        remind_after_hours=plan.remind_after_hours,
        escalation=plan.escalation,
        sla_hours=plan.sla_hours,
    )
    if carrying:
        approval = approval.model_copy(update=dict(carrying))
    if kind == "intake":
        use_case = use_case.model_copy(update={"approval": approval_id})
    seats = {s.id: list(s.people) for s in approval.seats}
    detail = {"use_case": use_case.id, "tier": approval.tier, "rows": list(plan.rows), "seats": seats}
    opened = Entry(action="approval.opened", subject=approval.subject, detail=detail)
    if plan.stop:
        approval = approval.model_copy(update={"because": (plan.stop,)})
        closed = close(approval, use_case, "stopped", program, directory, circ)
        return Decision(entries=(opened,)).and_then(closed)
    if plan.automatic:
        closed = close(approval, use_case, "approved", program, directory, circ, automatic=True)
        return Decision(entries=(opened,)).and_then(closed)
    entries: tuple[Entry, ...] = ()
    if kind == "intake":
        use_case, entries = moved(use_case, "in_review", program)
    start = Decision(
        changed=(use_case, approval) if kind == "intake" else (approval,),
        entries=(opened, *entries),
        effects=(
            *told_the_asker(approval, use_case, "submitted"),
            *(told for s in approval.seats if s.unresolved for told in lost_seat(approval, s, program)),
        ),
    )
    return start.and_then(open_next_seats(approval, use_case, program, directory, circ))


def _demands(rows: Sequence[MatrixRow]) -> dict[str, tuple[int, int]]:
    """Role -> (order, quorum): asked once, as late as any row wants it, by as many as any row wants."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        for step in row.steps:
            order, quorum = found.get(step.role, (step.order, step.quorum))
            found[step.role] = (max(order, step.order), max(quorum, step.quorum))
    return found


def _seat(
    role: str,
    order: int,
    quorum: int,
    program: Program,
    answers: Answers,
    directory: Directory,
    without: Collection[UserId],
    now: datetime,
) -> Seat:
    found = resolve(role, program, answers, directory, now, without=without, at_least=quorum)
    known = program.roles.get(role)
    return Seat(
        id=role,
        role=role,
        label=known.label if known else role,
        why=known.why if known else "",
        people=found.people,
        unresolved=found.unresolved,
        room=known.room if known else "",
        order=order,
        quorum=quorum,
    )


def _each(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Everything in the groups, in order, each once."""
    return tuple(dict.fromkeys(item for group in groups for item in group))
