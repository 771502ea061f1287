"""Passing a gate: asking for its decision, and moving on when all it demands is there at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.announcing import READINESS_CARD, announced
from workflows.approval import Approval
from workflows.decision import Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.effects import Post, ToPerson, ToPlace, Work
from workflows.gate import Gate
from workflows.ids import ApprovalId, Place, Subject, UserId
from workflows.life_cycle import moves_of, stage_of
from workflows.people import Directory
from workflows.program import Move, Program
from workflows.readiness import Readiness, readiness
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.routing import open_approval, plan
from workflows.seeing import spoken_of
from workflows.stages import moved
from workflows.standing import waiting_gate_approval
from workflows.taking_part import works_on
from workflows.use_case import UseCase


@dataclass(frozen=True)
class AtGate:
    """Somebody wants a use case to pass a gate."""

    gate: Gate
    dossier: Dossier
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None

    @property
    def user(self) -> UserId:
        """Who wants it."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.dossier.use_case.subject

    @property
    def detail(self) -> Mapping[str, str]:
        """The gate, for the audit log."""
        return {"gate": self.gate.id}

    def readiness(self) -> Readiness:
        """How it stands now."""
        return readiness(self.gate, self.dossier, self.program, self.directory, self.circ.now)


def works_on_it(attempt: AtGate) -> Refusal | None:
    """The submitter, whoever is named as an owner, and the program team."""
    return may_work_on(
        attempt.dossier.use_case, attempt.program, attempt.directory, attempt.user, attempt.circ.now
    )


def may_work_on(
    use_case: UseCase, program: Program, directory: Directory, user: UserId, now: datetime
) -> Refusal | None:
    """Whether this person is one of those who take a use case from gate to gate."""
    if works_on(use_case, user, program, directory, now):
        return None
    return Refusal("gate_not_yours", {"title": spoken_of(use_case, user)})


def leads_on(attempt: AtGate) -> Refusal | None:
    """From where it is, a move goes through this gate."""
    use_case, program = attempt.dossier.use_case, attempt.program
    if through(attempt.gate, attempt.dossier, program):
        return None
    values = {"gate": attempt.gate.label, "stage": stage_of(use_case.stage, program).label}
    return Refusal("gate_not_from_here", values)


def not_asked_yet(attempt: AtGate) -> Refusal | None:
    """Its decision is not under way."""
    waits = waiting_gate_approval(attempt.gate, attempt.dossier)
    return Refusal("gate_asked_already", {"gate": attempt.gate.label}) if waits else None


def nothing_missing(attempt: AtGate) -> Refusal | None:
    """All that the gate demands is there, but for its own decision."""
    found = attempt.readiness()
    if found.complete:
        return None
    empty = [g.what for g in found.gaps if g.kind == "dimension"]
    if empty:
        return Refusal("gate_dimension_empty", {"gate": attempt.gate.label, "what": _and(empty)})
    missing = [g for g in found.gaps if g.kind not in ("approval", "approval_waits")]
    names = _and([g.what for g in missing[:3]] + ([f"{len(missing) - 3} more"] if len(missing) > 3 else []))
    return Refusal("gate_not_ready", {"gate": attempt.gate.label, "what": names})


ASK = Right[AtGate]("gate.asked", (works_on_it, leads_on, not_asked_yet, nothing_missing))
"""To ask for the decision about a gate, or to pass it where no more is needed."""


def through(gate: Gate, dossier: Dossier, program: Program) -> tuple[Move, ...]:
    """The moves from where the use case is that go through this gate."""
    return tuple(m for m in moves_of(dossier.use_case, program) if m.gate == gate.id)


def lies_ahead(gate: Gate, use_case: UseCase, program: Program) -> bool:
    """Whether the gate is on the way from where the use case is, perhaps behind others."""
    reached = {use_case.stage}
    gated = [m for m in program.life_cycle.moves if m.gate and not m.back]
    while more := {m.to for m in gated if m.from_ in reached} - reached:
        reached |= more
    return any(m.gate == gate.id for m in moves_of(use_case, program)) or any(
        m.gate == gate.id and m.from_ in reached for m in gated
    )


def next_gate(dossier: Dossier, program: Program) -> Gate | None:
    """The first gate that lies on a move from where the use case is."""
    ids = [m.gate for m in moves_of(dossier.use_case, program) if m.gate]
    return program.gates[ids[0]] if ids else None


def ask_for(
    gate: Gate,
    dossier: Dossier,
    approval_id: ApprovalId,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    at: Place | None = None,
) -> Decision:
    """Ask whoever the matrix names to decide about the gate; a gate that needs nobody is passed at once.

    What follows from an approval that closes at once (no seats) is for :mod:`workflows.outcomes`.
    """
    attempt = AtGate(gate, dossier, program, directory, circ, at)
    refused = ASK.refused(attempt)
    if refused:
        return refused
    found = attempt.readiness()
    if found.ready:
        return _moves_on(gate, dossier, program, directory, circ, by=circ.actor.user, at=at)
    use_case = dossier.use_case
    if use_case.assessment is None:
        raise ValueError("a use case is assessed before a gate is asked for")
    user = circ.actor.user
    way = plan(
        program,
        program.intake,
        use_case.answers,
        use_case.assessment,
        directory,
        use_case.submitter,
        circ.now,
        gate=gate.id,
        asked_by=user,
    )
    line = Entry(action="gate.asked", subject=use_case.subject, detail={"gate": gate.id})
    opened = open_approval(
        way,
        approval_id,
        use_case,
        program,
        directory,
        circ,
        kind="gate",
        gate=gate.id,
        asked_by=user,
    )
    return Decision(entries=(line,)).and_then(opened)


def passed(
    approval: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """After the decision about a gate: move on, if everything it demands is still there at this moment.

    Otherwise the submitter is told what has lapsed meanwhile; the approval holds, and the move can be made
    when that is mended. After a refusal nothing moves.
    """
    gate = program.gates.get(approval.gate)
    if approval.status != "approved" or gate is None or not gate.to:
        return Decision()
    return _moves_on(gate, dossier, program, directory, circ, by=None)


def _moves_on(
    gate: Gate,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    by: UserId | None,
    at: Place | None = None,
) -> Decision:
    use_case = dossier.use_case
    ways = through(gate, dossier, program)
    own = next((m for m in ways if m.by == "approval"), None) or next(
        (m for m in ways if by is not None and may_make(m, by, dossier, program, directory, circ.now)), None
    )
    found = readiness(gate, dossier, program, directory, circ.now)
    if own is None or not found.ready:
        return _told_to_go_on(gate, dossier, ways, found, circ, at)
    there, entries = moved(use_case, own.to, program, own.by, circ.now)
    told = announced(there, use_case.stage, program, directory, circ, by)
    look = Work(
        name="look_for_platform",
        subject=there.subject,
        data={"gate": gate.id},
        key=f"platform/{there.id}/{gate.id}/{there.revision}",
    )
    effects = (*told, look) if gate.reuse and there.builds_on else told
    return Decision(changed=(there,), entries=entries, effects=effects)


def may_make(
    move: Move, user: UserId, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> bool:
    """Whether a move is for this person to make."""
    if not directory.person(user).active:
        return False
    if move.by == "submitter":
        return user == dossier.use_case.submitter
    if move.by == "program_team":
        answers = dossier.use_case.answers
        return user in resolve(program.program_team, program, answers, directory, now).people
    return user == dossier.named(move.by)


def _told_to_go_on(
    gate: Gate,
    dossier: Dossier,
    ways: tuple[Move, ...],
    found: Readiness,
    circ: Circumstances,
    at: Place | None,
) -> Decision:
    """The gate is decided, but the use case stays: something lapsed meanwhile, it is elsewhere by now, or the
    move is somebody else's to make."""
    use_case = dossier.use_case
    what = "elsewhere" if not ways else "lapsed" if not found.ready else "by_hand"
    line = Entry(action="gate.held", subject=use_case.subject, detail={"gate": gate.id, "because": what})
    to = ToPlace(place=at) if at else _home(dossier)
    note = Post(to=to, kind="gate_held", subject=use_case.subject, data={"gate": gate.id, "because": what})
    card = Post(
        to=to, kind="readiness", subject=use_case.subject, data={"gate": gate.id}, card=READINESS_CARD
    )
    return Decision(entries=(line,), effects=(note,) if what == "elsewhere" else (note, card))


def _home(dossier: Dossier) -> ToPlace | ToPerson:
    use_case = dossier.use_case
    return ToPlace(place=use_case.home) if use_case.home else ToPerson(user=use_case.submitter)


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
