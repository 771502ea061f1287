"""What somebody still holds, looked up."""

from __future__ import annotations

from storage.reading import Reading
from workflows.contract import Contract
from workflows.ids import Subject, UserId
from workflows.incident import OVER, Incident
from workflows.matter import Matter
from workflows.personal.duties import Duty, duties
from workflows.plan.plan import Plan
from workflows.program import Program
from workflows.seats import to_act
from workflows.waiting import Wait

_ENDED: dict[type[Matter], tuple[str, ...]] = {Contract: ("retired",), Incident: OVER, Plan: ("closed",)}
"""Matters that somebody answers for, and how each stands when it is over."""


def duties_of(reading: Reading, program: Program, user: UserId) -> tuple[Duty, ...]:
    """Everything this person still has to do or answers for."""
    owned: list[Matter] = []
    for model, ended in _ENDED.items():
        owned += [m for m in reading.matters(model, owner=user) if m.status not in ended]
    running = tuple(s.id for s in program.life_cycle.stages if s.open)
    return duties(
        user,
        [(subject, wait) for subject, wait in reading.waits_for(user) if not _shared(reading, subject, wait)],
        reading.use_cases(stages=running),
        owned,
        program,
        reading.directory(),
    )


def _shared(reading: Reading, subject: Subject, wait: Wait) -> bool:
    """Whether a decision waits for others as well, who can make it without this person."""
    approval = reading.approval(subject.id) if wait.kind == "seat" else None
    seat = approval.seat(wait.item) if approval else None
    if seat is None:
        return False
    others = [u for u in reading.directory().active(to_act(seat)) if u != wait.person]
    return len(others) >= seat.quorum - len(seat.verdicts)
