"""What follows when an approval that is no intake's is closed: one function for each kind, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflows import changing, gating, renewing, waiving
from workflows.approval import Approval, ApprovalKind
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.people import Directory
from workflows.program import Program
from workflows.releasing import decided

Follow = Callable[[Approval, Dossier, Program, Directory, Circumstances], Decision]
"""Given the closed approval and the dossier of its use case (with the approval as it is now)."""

FOLLOWS: Mapping[ApprovalKind, Follow] = {
    "change": changing.decided,
    "gate": gating.passed,
    "release": decided,
    "renewal": renewing.renewed,
    "waiver": waiving.decided,
}


def followed(
    decision: Decision, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """The decision, and what follows from the approvals that it closed."""
    for closed in [a for a in decision.changed if isinstance(a, Approval) and a.closed_at == circ.now]:
        follow = FOLLOWS.get(closed.kind)
        if follow is not None and closed.status != "waiting":
            others = tuple(a for a in dossier.approvals if a.id != closed.id)
            known = dossier.model_copy(update={"approvals": (closed, *others)})
            decision = decision.and_then(follow(closed, known, program, directory, circ))
    return decision
