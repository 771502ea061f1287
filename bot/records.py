"""A use case under its lock, with everything that belongs to it, for rules that judge the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.policies import Policy, policy_of
from bot.registry import Moment
from workflows.approval import Approval
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.ids import UseCaseId
from workflows.outcomes import followed
from workflows.program import Program

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True)
class Record:
    """What a rule about the whole of a use case needs; nobody else changes it in the meantime."""

    tx: Tx
    moment: Moment
    circ: Circumstances
    dossier: Dossier
    policy: Policy

    @property
    def title(self) -> str:
        """The number of the use case."""
        return str(self.dossier.use_case.id)

    @property
    def program(self) -> Program:
        """The rules that count for it."""
        return self.policy.program

    def followed(self, decision: Decision) -> Decision:
        """The decision, and what follows where it closed an approval."""
        return followed(decision, self.dossier, self.program, self.tx.directory(), self.circ)


def followed_of(
    tx: Tx, program: Program, circ: Circumstances, use_case: UseCaseId, decision: Decision
) -> Decision:
    """A decision about a locked use case, and what follows from every approval that it closed."""
    if not any(isinstance(a, Approval) and a.status != "waiting" for a in decision.changed):
        return decision
    # The use case is locked, and everything that belongs to it is only changed under that lock.
    dossier = tx.dossier(use_case)
    return followed(decision, dossier, program, tx.directory(), circ) if dossier else decision


def record_under_lock(tx: Tx, moment: Moment, circ: Circumstances, use_case_id: str) -> Record | None:
    """Lock a use case and read all that belongs to it; ``None`` where it is not there.

    Its lock serialises everything about it. The circumstances name the version whose rules count.
    """
    if tx.lock_use_case(use_case_id) is None:
        return None
    dossier = tx.dossier(use_case_id)
    assert dossier is not None, "what is locked is there"
    policy = policy_of(tx, moment.program, dossier.use_case.program)
    circ = circ.model_copy(update={"program": policy.program.stamp})
    return Record(tx, moment, circ, dossier, policy)
