"""Looks for what the clock forgot, in the stored state and plans; used daily and by the command line."""

from __future__ import annotations

from datetime import datetime

from storage.reading import Reading
from storage.store import Store
from storage.transaction import Tx
from workflows.approval import Approval
from workflows.auditing import Overlooked, overlooked, put_right
from workflows.availability import Availability
from workflows.decision import Circumstances
from workflows.program import Program

_PLANS = ("remind", "due", "escalate", "condition", "reseat")


def look(store: Store, program: Program, circ: Circumstances) -> tuple[Overlooked, ...]:
    """What was forgotten, as the stored state has it at this moment."""
    with store.read() as reading:
        planned = _on_its_way(reading, circ)
        approvals = (*reading.approvals_open(), *reading.approvals_promised())
        own = tuple(reading.directory().availabilities.values())
        return overlooked(approvals, own, planned, program, reading.directory(), circ.now)


def repair(
    tx: Tx, found: tuple[Overlooked, ...], program: Program, circ: Circumstances
) -> tuple[Overlooked, ...]:
    """Plan again what is still forgotten now, tell the program team, and say what it was.

    Each is looked at once more inside the transaction: since it was found somebody may have decided.
    """
    still: list[Overlooked] = []
    for subject in dict.fromkeys(one.subject for one in found):
        approval = tx.get(Approval, subject.id) if subject.type == "approval" else None
        own = tx.get(Availability, subject.id) if subject.type == "availability" else None
        planned = _on_its_way(tx, circ, f"/{subject.id}")
        still += overlooked(
            (approval,) if approval else (),
            (own,) if own else (),
            planned,
            program,
            tx.directory(),
            circ.now,
        )
    tx.apply(put_right(still, program, tx.directory(), circ), circ)
    return tuple(still)


def _on_its_way(reading: Reading, circ: Circumstances, below: str = "") -> dict[str, datetime]:
    """What is planned, and what has fallen due and is being done."""
    planned = {job.key: job.due for prefix in _PLANS for job in reading.planned(f"{prefix}{below}")}
    return planned | dict.fromkeys(reading.falling_due(), circ.now)
