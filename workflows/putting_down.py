"""What a use case that was put away or retired still asks of people: nothing, so nobody is reminded of it."""

from __future__ import annotations

from workflows.asking import entry
from workflows.decision import Circumstances, Decision
from workflows.handed_cards import no_longer_wanted
from workflows.life_cycle import stage_of
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.walk import Walk


def put_down(walk: Walk, use_case: UseCase, program: Program, circ: Circumstances) -> Decision:
    """Whoever was asked a question of this walk need not answer it; while the use case goes on, they do."""
    open_ = [a.id for a in walk.assignments if a.open]
    if not open_ or stage_of(use_case.stage, program).open:
        return Decision()
    there, effects = no_longer_wanted(walk, circ)
    line = entry(there, "put_down", assignments=open_, stage=use_case.stage)
    return Decision(changed=(there,), entries=(line,), effects=effects)
