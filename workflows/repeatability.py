"""Repeatability: a use case that takes over what another built is the proof that there is a platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows.checklist_state import items_of
from workflows.dossier import Dossier
from workflows.evidence import Evidence
from workflows.gate import Gate, Reuse
from workflows.ids import Frozen
from workflows.program import Program
from workflows.use_case import UseCase


class Reused(Frozen):
    """What a use case shares with those it builds on."""

    others: tuple[UseCase, ...]
    """Those that have passed the gate themselves, or have gone on from there."""
    shared: tuple[str, ...]
    """Labels of the parts, in the program's order."""
    missing: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether it takes over every part."""
        return bool(self.shared) and not self.missing


def reused(
    gate: Gate, dossier: Dossier, others: Sequence[Dossier], program: Program, now: datetime
) -> Reused | None:
    """What it shares with ``others``, the dossiers of those it builds on; ``None`` where the gate asks for
    nothing of the kind, or none of them has come as far itself."""
    before = [o for o in others if gate.to and _has_been(gate.to, o, program)]
    if not gate.reuse or not before:
        return None
    found = {part.label: any(_shares(part, dossier, o, program, now) for o in before) for part in gate.reuse}
    return Reused(
        others=tuple(o.use_case for o in before),
        shared=tuple(label for label, is_so in found.items() if is_so),
        missing=tuple(label for label, is_so in found.items() if not is_so),
    )


def offers(dossier: Dossier, program: Program, now: datetime) -> tuple[str, ...]:
    """What another use case could take over from it, as the program calls the parts; nothing before it has
    passed a gate that asks for such parts."""
    found: dict[str, None] = {}
    for gate in program.gates.values():
        if not gate.reuse or not gate.to or not _has_been(gate.to, dossier, program):
            continue
        for part in gate.reuse:
            if _has(part, dossier, program, now):
                found[part.label] = None
    return tuple(found)


def _has(part: Reuse, dossier: Dossier, program: Program, now: datetime) -> bool:
    if part.by == "contracts":
        return bool(dossier.contracts)
    if part.by == "gates":
        return bool(_gates_passed(dossier))
    return bool(_rests_on(part, dossier, program, now))


def _has_been(stage: str, dossier: Dossier, program: Program) -> bool:
    """Whether it is at that stage, or at one that a gate leads to from there."""
    reached = {stage}
    while more := {m.to for m in program.life_cycle.moves if m.gate and m.from_ in reached} - reached:
        reached |= more
    return dossier.use_case.stage in reached


def _shares(part: Reuse, dossier: Dossier, other: Dossier, program: Program, now: datetime) -> bool:
    if part.by == "contracts":
        return bool({c.id for c in dossier.contracts} & {c.id for c in other.contracts})
    if part.by == "gates":
        mine, theirs = _gates_passed(dossier), _gates_passed(other)
        return bool(mine) and mine <= theirs
    return bool(_rests_on(part, dossier, program, now) & _rests_on(part, other, program, now))


def _gates_passed(dossier: Dossier) -> frozenset[str]:
    """The gates that were decided with a yes."""
    return frozenset(a.gate for a in dossier.approvals if a.status == "approved")


def _rests_on(part: Reuse, dossier: Dossier, program: Program, now: datetime) -> frozenset[tuple[str, str]]:
    """The (item, document) pairs of a part that hold now: by address, by file, else by the words."""
    found: set[tuple[str, str]] = set()
    for name in part.items:
        checklist, _, item = name.partition(".")
        walk = dossier.walk_of(checklist)
        states = items_of(program.questionnaires[checklist], walk, (), now)
        found |= {(name, _identity(e)) for s in states if s.item == item and s.evidenced for e in s.evidence}
    return frozenset(found)


def _identity(evidence: Evidence) -> str:
    return (evidence.link or evidence.name or " ".join(evidence.text.split())).casefold()
