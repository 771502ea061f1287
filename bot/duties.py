"""What somebody still holds, looked up."""

from __future__ import annotations

from storage.aggregates import LAYOUTS
from storage.reading import Reading
from workflows.contract import Contract
from workflows.ids import UserId
from workflows.incident import OVER, Incident
from workflows.matter import Matter
from workflows.personal.duties import Duty, duties
from workflows.plan.plan import Plan
from workflows.program import Program

_ENDED = {"contract": ("retired",), "incident": OVER, "plan": ("closed",)}
"""Matters that somebody answers for, and how each stands when it is over."""


def duties_of(reading: Reading, program: Program, user: UserId) -> tuple[Duty, ...]:
    """Everything this person still has to do or answers for."""
    owned: list[Matter] = []
    for kind, model in (("contract", Contract), ("incident", Incident), ("plan", Plan)):
        assert kind in LAYOUTS
        owned += [m for m in reading.matters(model, owner=user) if m.status not in _ENDED[kind]]
    running = tuple(s.id for s in program.life_cycle.stages if s.open)
    return duties(
        user,
        reading.waits_for(user),
        reading.use_cases(stages=running),
        owned,
        program,
        reading.directory(),
    )
