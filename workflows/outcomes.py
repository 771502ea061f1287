"""What follows when an approval that is no intake's is closed: one function for each kind, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workflows import changing, gating, renewing, waiving
from workflows.approval import Approval, ApprovalKind
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.ids import ApprovalId
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
    """The decision, and what follows from every approval that it closed, those included that were closed by
    what followed.

    ``dossier`` is as it was before the decision: an approval that waited in it, or is new, and waits no more
    was closed.
    """
    waiting = {a.id for a in dossier.approvals if a.status == "waiting"}
    known = {a.id for a in dossier.approvals}
    seen: set[ApprovalId] = set()
    while closed := next(
        (
            a
            for a in decision.changed
            if isinstance(a, Approval)
            and a.status != "waiting"
            and a.id not in seen
            and (a.id in waiting or a.id not in known)
        ),
        None,
    ):
        seen.add(closed.id)
        follow = FOLLOWS.get(closed.kind)
        if follow is not None:
            now = dossier.knowing(decision.changed)
            decision = decision.and_then(follow(closed, now, program, directory, circ))
    return decision
