"""Which approvals of a use case hold at this moment, and what of them stands in the way of a gate."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.approval import Approval
from workflows.dossier import Dossier
from workflows.gap import Gap
from workflows.gate import Gate
from workflows.ids import ApprovalId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seats import open_seats, to_act

OF_A_GATE = ("gate", "renewal")
OF_THE_WHOLE = ("intake", "change", "renewal")


def lasts_until(approval: Approval, gate: Gate | None = None) -> datetime | None:
    """Until when an approval holds; ``None``: it does not run out."""
    ends = [approval.expires_at] if approval.expires_at else []
    if gate and gate.lasts_days and approval.closed_at:
        ends.append(approval.closed_at + timedelta(days=gate.lasts_days))
    return min(ends, default=None)


def reopened(dossier: Dossier) -> frozenset[ApprovalId]:
    """The approvals that do not count while a material change waits for its decision."""
    waiting = [a for a in dossier.approvals if a.kind == "change" and a.status == "waiting"]
    return frozenset(id for a in waiting for id in a.reopens)


def gate_approvals(gate: Gate, dossier: Dossier) -> tuple[Approval, ...]:
    """The decisions about this gate since the use case was last submitted, newest first."""
    since = dossier.use_case.submitted_at
    return tuple(
        a
        for a in dossier.approvals
        if a.kind in OF_A_GATE and a.gate == gate.id and (since is None or a.opened_at >= since)
    )


def current_gate_approval(gate: Gate, dossier: Dossier, now: datetime) -> Approval | None:
    """The approval of this gate that holds now."""
    off = reopened(dossier)
    for approval in gate_approvals(gate, dossier):
        end = lasts_until(approval, gate)
        if approval.status == "approved" and approval.id not in off and (end is None or now < end):
            return approval
    return None


def waiting_gate_approval(gate: Gate, dossier: Dossier) -> Approval | None:
    """The decision about this gate that is under way."""
    return next((a for a in gate_approvals(gate, dossier) if a.status == "waiting"), None)


def awaited(approval: Approval, directory: Directory) -> tuple[UserId, ...]:
    """Whom a case waits for."""
    waits = (u for s in open_seats(approval) for u in directory.active(to_act(s)))
    return tuple(dict.fromkeys(waits))


def gaps_of_the_whole(
    dossier: Dossier, program: Program, directory: Directory, now: datetime
) -> tuple[Gap, ...]:
    """What is wrong with the approval of the use case itself, and with what was promised with any that holds.

    A use case from an import was decided on elsewhere: without any approval of ours it lacks none.
    """
    first = program.governance.gate
    whole = [
        a for a in dossier.approvals if a.kind in OF_THE_WHOLE and (a.gate == first or a.kind == "change")
    ]
    found: list[Gap] = []
    held = [a for a in whole if a.status == "approved"]
    changing = next((a for a in whole if a.kind == "change" and a.status == "waiting"), None)
    if changing:
        who = awaited(changing, directory)
        found.append(
            Gap(kind="change_waits", key=changing.id, what=changing.id, who=who, since=changing.opened_at)
        )
    elif not held and (whole or dossier.use_case.source != "import"):
        waits = next((a for a in whole if a.status == "waiting"), None)
        found.append(
            Gap(
                kind="not_approved",
                key="approval_of_the_whole",
                what="approval",
                who=awaited(waits, directory) if waits else (),
                since=waits.opened_at if waits else None,
            )
        )
    elif held and (end := lasts_until(held[0])) is not None and end <= now:
        found.append(Gap(kind="approval_expired", key=held[0].id, what=held[0].id, since=end))
    return (*found, *_promises(dossier, now))


def _promises(dossier: Dossier, now: datetime) -> list[Gap]:
    return [
        Gap(
            kind="condition",
            key=f"{approval.id}.{condition.id}",
            what=condition.text,
            who=(condition.owner,),
            since=condition.due,
        )
        for approval in dossier.approvals
        if approval.status == "approved"
        for condition in approval.conditions
        if condition.done_at is None and condition.due is not None and condition.due < now
    ]
