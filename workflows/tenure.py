"""How long an approval holds, and what is planned for its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows.approval import Approval, ApprovalKind
from workflows.effects import Forget, Later
from workflows.ids import Tier
from workflows.program import Program

RUNS_OUT: tuple[ApprovalKind, ...] = ("intake", "gate", "renewal")
"""Kinds of approval that hold for a time; what a release or waiver may do is kept in these themselves."""


def ends_at(kind: ApprovalKind, gate: str, tier: Tier, program: Program, now: datetime) -> datetime | None:
    """Until when an approval given now holds: as its gate says, else as the program does for the tier."""
    if kind not in RUNS_OUT:
        return None
    known = program.gates.get(gate)
    days = known.lasts_days if known and known.lasts_days else program.governance.tenure.days.get(tier)
    return now + timedelta(days=days) if days else None


def planned_end(approval: Approval, program: Program, now: datetime) -> tuple[Later, ...]:
    """The renewal some weeks before the end, a word before it, and what happens when it has run out."""
    if approval.expires_at is None:
        return ()
    tenure = program.governance.tenure
    times = {"renew": tenure.renew_days_before, "expired": 0}
    times |= {f"remind/{days}": days for days in tenure.remind_days_before}
    made = []
    for what, days in times.items():
        due = approval.expires_at - timedelta(days=days)
        if due <= now and what != "expired":
            due = now if what == "renew" else due
        if due < now:
            continue
        made.append(
            Later(
                key=f"{tenure_key(approval)}{what}",
                due=due,
                name="approval_ends",
                subject=approval.subject,
                data={"what": what.partition("/")[0], "days": days},
            )
        )
    return tuple(made)


def tenure_key(approval: Approval) -> str:
    """Key of everything that is planned for the end of an approval."""
    return f"tenure/{approval.id}/"


def forget_end(approval: Approval) -> Forget:
    """It was renewed, or no longer matters: nothing is planned for its end."""
    return Forget(key=tenure_key(approval))
