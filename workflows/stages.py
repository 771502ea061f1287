"""An approval's effect on the life cycle of its use case: each move is a permitted one, and audited."""

from __future__ import annotations

from datetime import datetime

from workflows.decision import Entry
from workflows.life_cycle import move
from workflows.program import Program
from workflows.use_case import UseCase

APPROVED_STAGE = "approved_for_pilot"
"""Where a use case goes whose intake was approved."""


def moved(
    use_case: UseCase,
    to: str,
    program: Program,
    by: str = "approval",
    now: datetime | None = None,
    why: str = "",
) -> tuple[UseCase, tuple[Entry, ...]]:
    """The use case in its next stage, and the line for the audit log; unchanged when it is there already.

    ``now`` is kept as the moment since when it is there, ``why`` as the reason that was given.
    Raises ``life_cycle.NotAMove`` for a move that the program does not permit.
    """
    if use_case.stage == to:
        return use_case, ()
    there = move(use_case, to, by, program)
    there = there.model_copy(update={"stage_since": now, "stage_why": why})
    detail = {"from": use_case.stage, "to": to, **({"why": why} if why else {})}
    return there, (Entry(action="use_case.moved", subject=use_case.subject, detail=detail),)
