"""What a change of a record would mean, computed before anybody agrees to it: tier, and who decides anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from workflows.answers import Answer
from workflows.approval import Approval, Carried, Changed, Seat
from workflows.decision import Circumstances
from workflows.dossier import Dossier
from workflows.expressions import environment, holds, names_in
from workflows.filling import fill
from workflows.ids import TIERS, ApprovalId, Frozen, QuestionId, Tier, UserId, WalkId
from workflows.people import Directory
from workflows.program import MatrixRow, Program, Resolve
from workflows.questionnaire import missing_in, visible_answers
from workflows.routing import Plan, plan
from workflows.scoring import assess
from workflows.seats import approved
from workflows.standing import OF_A_GATE, lasts_until, reopened
from workflows.use_case import Assessment, UseCase
from workflows.walk import Origin, Walk

REPLANNED = ("intake", "gate", "release", "renewal")
"""Kinds whose open cases are planned anew when an answer changes under them."""


class Proposal(Frozen):
    """A change as it would be: nothing of it is stored yet."""

    changes: tuple[Changed, ...] = ()
    answers: Mapping[QuestionId, Answer] = {}
    """All answers of the record as they would be."""
    assessment: Assessment | None = None
    tier_before: Tier | None = None
    groups: tuple[str, ...] = ()
    """What of it is material, in the program's words: ``the data``."""
    missing: tuple[QuestionId, ...] = ()
    """Questions that would be asked now and have no answer."""
    seats: tuple[Seat, ...] = ()
    """Who has to decide anew, in order."""
    way: Plan | None = None
    """What the matrix says of the first gate with the new answers."""
    carried: tuple[Carried, ...] = ()
    reopens: tuple[ApprovalId, ...] = ()
    """Approvals that do not count while it waits."""
    replans: tuple[ApprovalId, ...] = ()
    """Cases that are open now, and in which what was decided on a changed answer is asked anew."""
    stop: str = ""
    """Why it is not possible; empty where it is."""

    @property
    def tier(self) -> Tier | None:
        """The tier as it would be."""
        return self.assessment.tier.tier if self.assessment else None

    @property
    def questions(self) -> frozenset[str]:
        """The questions whose answers change."""
        return frozenset(str(c.question) for c in self.changes)


def propose(
    dossier: Dossier,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Proposal, dict[str, str]]:
    """What these values, read like any other answer, would change; and what is wrong with them."""
    use_case = dossier.use_case
    given, problems = _read(use_case, values, program, directory, circ)
    if problems:
        return Proposal(), problems
    return proposal_of(dossier, given, program, directory, circ.now), {}


def proposal_of(
    dossier: Dossier,
    given: Mapping[QuestionId, Answer],
    program: Program,
    directory: Directory,
    now: datetime,
) -> Proposal:
    """The same of answers that were read already; ``given`` is all that the record would hold."""
    use_case = dossier.use_case
    before = dict(use_case.answers)
    answers = _counting(program, before, given)
    changes = tuple(
        Changed(question=q.id, before=before.get(q.id), after=answers.get(q.id))
        for q in program.intake.questions()
        if _value(before.get(q.id)) != _value(answers.get(q.id))
    )
    lacking = {q.id for q in missing_in(program.intake, before)}
    if not changes or use_case.assessment is None:
        return Proposal(answers=answers, assessment=use_case.assessment)
    assessment = assess(program, program.intake, answers, use_case.overrides)
    made = Proposal(
        changes=changes,
        answers=answers,
        assessment=assessment,
        tier_before=use_case.assessment.tier.tier,
        groups=tuple(
            g.label for g in program.governance.material if {c.question for c in changes} & set(g.questions)
        ),
        missing=tuple(q.id for q in missing_in(program.intake, answers) if q.id not in lacking),
    )
    return _with_seats(made, dossier, program, directory, now)


def adoption_of(
    dossier: Dossier, newer: Program, directory: Directory, now: datetime, anew_at: Collection[str] = ()
) -> Proposal:
    """What newer rules would mean for the same answers: who has to decide on what they newly demand.

    At the gates in ``anew_at`` they demand more evidence than was decided on, so that everybody decides anew.
    """
    use_case = dossier.use_case
    if use_case.assessment is None:
        return Proposal(answers=use_case.answers)
    made = Proposal(
        answers=use_case.answers,
        assessment=assess(newer, newer.intake, use_case.answers, use_case.overrides),
        tier_before=use_case.assessment.tier.tier,
    )
    return _with_seats(made, dossier, newer, directory, now, anew_at)


def _counting(
    program: Program, before: Mapping[QuestionId, Answer], given: Mapping[QuestionId, Answer]
) -> dict[QuestionId, Answer]:
    """The answers to what is asked now; an owner who was named without being asked for stays."""
    seen = visible_answers(program.intake, before)
    unasked = {q: a for q, a in before.items() if q not in seen}
    return {**unasked, **visible_answers(program.intake, given)}


def _value(answer: Answer | None) -> Any:
    return answer.value if answer else None


def draft_of(use_case: UseCase, program: Program, circ: Circumstances) -> Walk:
    """The record as a draft that is never stored: its answers can be shown and read as in any form."""
    return Walk(
        id=WalkId("W-0000"),
        questionnaire=program.intake.id,
        about=use_case.id,
        owner=circ.actor.user,
        status="reviewing",
        answers=dict(use_case.answers),
        origin=Origin(entry="form"),
        program=circ.program,
        started_at=circ.now,
        touched_at=circ.now,
    )


def _read(
    use_case: UseCase,
    values: Mapping[QuestionId, Any],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Mapping[QuestionId, Answer], dict[str, str]]:
    """All answers with the new ones among them: read by the rules of the intake, as in its own form."""
    walk = draft_of(use_case, program, circ)
    decision = fill(walk, None, values, program, directory, circ, single=True)
    filled = next((a for a in decision.changed if isinstance(a, Walk)), walk)
    return filled.answers, dict(decision.problems)


def depends(row: MatrixRow, changed: Collection[str], drivers: Collection[str], tiers_differ: bool) -> bool:
    """Whether a row of the matrix reads a changed answer, or the tier where a changed answer drives it."""
    read = names_in(row.when)
    by_tier = "tier" in read and (tiers_differ or bool(set(changed) & set(drivers)))
    return by_tier or bool(set(changed) & read)


def asked_anew(
    made: Proposal, gate: str, use_case: UseCase, program: Program, figure: str = ""
) -> frozenset[str]:
    """The roles whose word at a gate rests on a changed answer: a row asks them for it, or it names them.

    ``figure`` is how much a version changes, where the gate is asked about one.
    """
    assert made.assessment is not None
    assert use_case.assessment is not None
    first = program.governance.gate
    drivers = {str(d.question) for a in (use_case.assessment, made.assessment) for d in a.tier.drivers}
    envs = [
        {**environment(program.intake, answers), "tier": tier, "figure": figure}
        for answers, tier in ((use_case.answers, made.tier_before), (made.answers, made.tier))
    ]
    everybody = any(g.everybody and made.questions & set(g.questions) for g in program.governance.material)
    found: set[str] = {program.program_team} if everybody else set()
    for row in program.governance.rows:
        if gate not in (row.gates or (first,)) or not any(holds(row.when, env) for env in envs):
            continue
        if everybody or depends(row, made.questions, drivers, made.tier != made.tier_before):
            found |= {step.role for step in row.steps}
    found |= {r.id for r in program.roles.values() if _found_by(r.resolve, made.questions)}
    return frozenset(found)


def _found_by(ways: Iterable[Resolve], changed: frozenset[str]) -> bool:
    """Whether the people of a role come from a changed answer."""
    names = {n for w in ways for n in (w.field, w.function.removeprefix("answer:")) if n}
    return bool(names & changed)


def _with_seats(
    made: Proposal,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    now: datetime,
    anew_at: Collection[str] = (),
) -> Proposal:
    use_case = dossier.use_case
    first = program.governance.gate
    whole = _plan(made, use_case, program, directory, now, first)
    if whole.stop:
        return made.model_copy(update={"stop": whole.stop, "way": whole})
    seats: dict[str, Seat] = {}
    carried: dict[str, Carried] = {}
    reopens: list[ApprovalId] = []
    replans: list[ApprovalId] = []
    off = reopened(dossier)
    for approval in dossier.approvals:
        if approval.status == "waiting" and approval.kind in REPLANNED:
            replans.append(approval.id)
        elif approval.status == "approved" and approval.id not in off and _stands(approval, dossier, now):
            way = _plan(made, use_case, program, directory, now, approval.gate)
            anew, kept = _sorted(made, approval, way, dossier, program, approval.gate in anew_at)
            if anew:
                # What it came in the place of must not count in its stead.
                reopens += _of_the_same_gate(approval, dossier)
            for seat in anew:
                seats.setdefault(seat.id, seat)
            for done in kept:
                carried.setdefault(done.seat, done)
    return made.model_copy(
        update={
            "seats": tuple(sorted(seats.values(), key=lambda s: s.order)),
            "carried": tuple(c for c in carried.values() if c.seat not in seats),
            "reopens": tuple(reopens),
            "replans": tuple(replans),
            "way": whole,
        }
    )


def _of_the_same_gate(approval: Approval, dossier: Dossier) -> list[ApprovalId]:
    kinds = ("intake", *OF_A_GATE)
    return [
        a.id
        for a in dossier.approvals
        if a.status == "approved" and a.kind in kinds and a.gate == approval.gate
    ]


def _plan(
    made: Proposal, use_case: UseCase, program: Program, directory: Directory, now: datetime, gate: str
) -> Plan:
    assert made.assessment is not None
    return plan(
        program, program.intake, made.answers, made.assessment, directory, use_case.submitter, now, gate
    )


def _stands(approval: Approval, dossier: Dossier, now: datetime) -> bool:
    """Whether this is the decision that counts now about the use case, or about its gate."""
    if approval.kind not in ("intake", *OF_A_GATE):
        return False
    same = (
        a
        for a in dossier.approvals
        if a.status == "approved" and a.kind in ("intake", *OF_A_GATE) and a.gate == approval.gate
    )
    newest = next(same, None)
    end = lasts_until(approval)
    return newest is not None and newest.id == approval.id and (end is None or now < end)


def _sorted(
    made: Proposal, approval: Approval, way: Plan, dossier: Dossier, program: Program, everybody: bool = False
) -> tuple[list[Seat], list[Carried]]:
    """Of one approval: the seats that have to decide anew, and what still counts."""
    use_case = dossier.use_case
    rest_on_it = asked_anew(made, approval.gate, use_case, program)
    if everybody:
        rest_on_it |= {s.id for s in way.seats}
    elif _lower(made) and not made.changes:
        rest_on_it = frozenset()  # rules that have become milder take nobody's word away
    said = decided_before(approval, dossier)
    anew = [s for s in way.seats if s.id in rest_on_it or s.id not in said]
    kept = [said[s.id] for s in way.seats if s not in anew]
    if _lower(made) and made.changes:
        # A lower tier needs the word of those whom the higher one asked; nobody talks themselves out of it.
        wanted = {s.id for s in anew}
        by_role = {s.id: s for s in approval.seats}
        anew += [
            _empty(by_role[role])
            for role in said
            if role in rest_on_it and role in by_role and role not in wanted
        ]
    return anew, kept


def _lower(made: Proposal) -> bool:
    before, after = made.tier_before, made.tier
    return before is not None and after is not None and TIERS.index(after) < TIERS.index(before)


def _empty(seat: Seat) -> Seat:
    """The same seat before anybody has decided in it."""
    return Seat(
        id=seat.id,
        role=seat.role,
        label=seat.label,
        why=seat.why,
        people=seat.people,
        unresolved=seat.unresolved,
        room=seat.room,
        order=seat.order,
        quorum=seat.quorum,
    )


def decided_before(approval: Approval, dossier: Dossier) -> dict[str, Carried]:
    """By seat, the latest yes that counts for this approval: its own, or one of a change that came after."""
    found: dict[str, Carried] = {}
    later = [
        a
        for a in dossier.approvals
        if a.kind == "change" and a.status == "approved" and approval.id in a.reopens
    ]
    for case in (*later, approval):  # newest first
        for seat in case.seats:
            if seat.id not in found and seat.verdicts and approved(seat):
                last = seat.verdicts[-1]
                found[seat.id] = Carried(
                    seat=seat.id, label=seat.label, by=last.by, at=last.at, approval=case.id
                )
    return found


def who_decided(dossier: Dossier, now: datetime) -> tuple[UserId, ...]:
    """Everyone whose yes stands in an approval that counts now."""
    users = [
        v.by
        for a in dossier.approvals
        if a.status == "approved" and _stands(a, dossier, now)
        for s in a.seats
        for v in s.verdicts
    ]
    return tuple(dict.fromkeys(users))
