"""Moves that a person makes: pausing, resuming, retiring, putting away, starting a pilot; each as listed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflows.announcing import announced
from workflows.closing import close
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.effects import Work
from workflows.gating import may_make
from workflows.ids import Place, Subject, UserId
from workflows.life_cycle import moves_of, stage_of
from workflows.outcomes import followed
from workflows.people import Directory
from workflows.program import Move, Program
from workflows.readiness import readiness
from workflows.refusals import Refusal, Right
from workflows.stages import moved

REASON_AT_MOST = 1000
_ELSEWHERE = ("submitted", "in_review", "draft")
"""Stages that are reached by submitting and by opening a draft again, which do more than move."""


@dataclass(frozen=True)
class Moving:
    """Somebody wants a use case to be in another stage."""

    dossier: Dossier
    to: str
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    why: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who wants it."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.dossier.use_case.subject

    @property
    def move(self) -> Move | None:
        """The move that is theirs to make."""
        return next(
            (
                m
                for m in self._listed
                if may_make(m, self.user, self.dossier, self.program, self.directory, self.circ.now)
            ),
            None,
        )

    @property
    def _listed(self) -> tuple[Move, ...]:
        return tuple(m for m in by_hand(self.dossier, self.program) if m.to == self.to)


def by_hand(dossier: Dossier, program: Program) -> tuple[Move, ...]:
    """The moves from where it is that a person makes by saying so."""
    return tuple(
        m
        for m in moves_of(dossier.use_case, program)
        if m.by not in ("approval", "clock") and m.to not in _ELSEWHERE and m.from_ not in ("idea", "draft")
    )


def moves_for(
    user: UserId, dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[Move, ...]:
    """Those of them that this person may make, one for each stage."""
    mine = {
        m.to: m
        for m in reversed(by_hand(dossier, program))
        if may_make(m, user, dossier, program, directory, now)
    }
    return tuple(reversed(mine.values()))


def is_listed(attempt: Moving) -> Refusal | None:
    """The life cycle has such a move from here."""
    use_case, program = attempt.dossier.use_case, attempt.program
    stages = {s.id: s.label for s in program.life_cycle.stages}
    here, there = stages.get(use_case.stage, use_case.stage), stages.get(attempt.to, attempt.to)
    if use_case.stage == attempt.to:
        return Refusal("move_there_already", {"stage": here})
    if any(m.to == attempt.to for m in by_hand(attempt.dossier, program)):
        return None
    gated = next((m for m in moves_of(use_case, program) if m.to == attempt.to and m.gate), None)
    if gated:
        return Refusal("move_by_decision", {"stage": there, "gate": program.gates[gated.gate].label})
    able = [stages[m.to] for m in moves_of(use_case, program)]
    return Refusal("move_not_listed", {"here": here, "there": there, "able": _listed(able)})


def is_theirs(attempt: Moving) -> Refusal | None:
    """It is for them to make."""
    if attempt.move is not None:
        return None
    movers = [m.by for m in by_hand(attempt.dossier, attempt.program) if m.to == attempt.to]
    return Refusal("move_not_yours", {"who": movers_in_words(movers, attempt.program)})


def movers_in_words(movers: Iterable[str], program: Program) -> str:
    """Who makes a move, by what the life cycle calls them: ``its business owner or the program team``."""
    known = {
        **{str(q.id): f"its {q.label.lower()}" for q in program.intake.questions()},
        "submitter": program.messages["mover_submitter"],
        "program_team": f"the {program.roles[program.program_team].label}",
    }
    return _listed([known.get(by, by) for by in movers], "or")


def passes_its_gate(attempt: Moving) -> Refusal | None:
    """What the gate on this way demands is there now, its decision included."""
    move = attempt.move
    if move is None or not move.gate:
        return None
    gate = attempt.program.gates[move.gate]
    found = readiness(gate, attempt.dossier, attempt.program, attempt.directory, attempt.circ.now)
    if found.ready:
        return None
    first = [g.what for g in found.gaps[:3]] + (
        [f"{len(found.gaps) - 3} more"] if len(found.gaps) > 3 else []
    )
    return Refusal("gate_not_ready", {"gate": gate.label, "what": _listed(first)})


MOVE = Right[Moving]("use_case.moved", (is_listed, is_theirs, passes_its_gate))
"""To move a use case by hand."""


def move_by_hand(attempt: Moving) -> Decision:
    """Make the move: with its reason, through its gate; everyone named is told.

    A use case that is put away or retired waits for no more decisions: those under way are withdrawn, with
    what they were about, and nobody is asked for an answer any more.
    A reason that is missing or too long is a problem of the field ``why``.
    """
    refused = MOVE.refused(attempt)
    if refused or attempt.move is None:
        return refused or Decision()
    program, directory, circ = attempt.program, attempt.directory, attempt.circ
    why = attempt.why.strip()
    if attempt.move.reason and not why:
        return Decision(problems={"why": program.messages["reason_needed"]})
    if len(why) > REASON_AT_MOST:
        return Decision(problems={"why": program.messages["text_too_long"].format(most=REASON_AT_MOST)})
    use_case = attempt.dossier.use_case
    there, entries = moved(use_case, attempt.to, program, attempt.move.by, circ.now, why)
    effects = announced(there, use_case.stage, program, directory, circ, attempt.user, why)
    decision = Decision(changed=(there,), entries=entries, effects=effects)
    if not stage_of(attempt.to, program).open:
        for waiting in [a for a in attempt.dossier.approvals if a.status == "waiting" and a.kind != "intake"]:
            decision = decision.and_then(close(waiting, there, "withdrawn", program, directory, circ))
        # A walk is locked before its use case, so its assignments end in a transaction of their own.
        rest = Work(name="put_down", subject=there.subject, key=f"put_down/{there.id}/{there.revision}")
        decision = decision.and_then(Decision(effects=(rest,)))
    return followed(decision, attempt.dossier, program, directory, circ)


def _listed(names: list[str], last: str = "and") -> str:
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        return names[0] if names else "nothing"
    return f"{', '.join(names[:-1])} {last} {names[-1]}"
