"""Where a use case is: its stage, whom it waits on and since when, until when, and what happens next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.approval import Approval, Condition, Inquiry, Seat
from workflows.ids import Frozen, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seats import decided, open_seats, rejected, to_act
from workflows.use_case import UseCase


class WaitingSeat(Frozen):
    """An open seat: who is expected to decide, since when, and by when."""

    label: str
    people: tuple[UserId, ...]
    """Empty when nobody able is left; then the program team sees to it."""
    still_needed: int
    """How many of them have to say yes yet."""
    since: datetime
    due: datetime | None
    overdue: bool


class Whereabouts(Frozen):
    """The answer to "where is my use case?", in facts."""

    stage: str
    says: str
    """The program's sentence about the stage."""
    since: datetime
    seats: tuple[WaitingSeat, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    """Questions that wait for an answer."""
    conditions: tuple[Condition, ...] = ()
    """Promised with an approval that holds, and not done."""
    due: datetime | None = None
    """When the open seats are expected to have decided."""
    next: tuple[str, ...] = ()
    """Labels of the seats whose turn comes afterwards, in order."""
    reason: str = ""
    """Why it was rejected or stopped."""
    decided_by: UserId | None = None
    appeal: str = ""


def where_is(
    use_case: UseCase,
    approval: Approval | None,
    program: Program,
    directory: Directory,
    now: datetime,
    promised: Iterable[Approval] = (),
) -> Whereabouts:
    """Where this use case stands now.

    ``approval`` is the latest of the use case itself, if it has one; ``promised`` are all of its approvals,
    of whatever kind, with which something was promised.
    """
    stage = next((s for s in program.life_cycle.stages if s.id == use_case.stage), None)
    since = use_case.decided_at or use_case.submitted_at or use_case.created_at
    found = Whereabouts(
        stage=stage.label if stage else use_case.stage,
        says=stage.says if stage else "",
        since=since,
        conditions=_conditions((*promised, *((approval,) if approval else ())), now),
    )
    if approval is None:
        return found
    if approval.status == "waiting":
        return found.model_copy(update=_waiting(approval, directory, now))
    if approval.status == "stopped":
        return found.model_copy(update={"reason": " ".join(approval.because), "appeal": approval.appeal})
    no = next((v for s in approval.seats if rejected(s) for v in s.verdicts if v.choice == "reject"), None)
    if approval.status == "rejected" and no and approval.kind == "intake":
        return found.model_copy(update={"reason": no.reason, "decided_by": no.by})
    return found


def _conditions(approvals: Iterable[Approval], now: datetime) -> tuple[Condition, ...]:
    """What is open of each approval that holds, what is due first before the rest."""
    held = {
        a.id: a for a in approvals if a.status == "approved" and (a.expires_at is None or now < a.expires_at)
    }
    open_ = [c for a in held.values() for c in a.conditions if c.done_at is None]
    return tuple(sorted(open_, key=lambda c: (c.due is None, c.due.timestamp() if c.due else 0.0)))


def _waiting(approval: Approval, directory: Directory, now: datetime) -> dict[str, object]:
    open_ = open_seats(approval)
    later: list[Seat] = [s for s in approval.seats if s not in open_ and not decided(s)]
    dues = [s.due for s in open_ if s.due]
    return {
        "seats": tuple(
            WaitingSeat(
                label=s.label,
                people=directory.active(to_act(s)),
                still_needed=s.quorum - len(s.verdicts),
                since=s.opened_at or approval.opened_at,
                due=s.due,
                overdue=bool(s.due and s.due < now),
            )
            for s in open_
        ),
        "inquiries": tuple(i for i in approval.inquiries if i.open),
        "due": max(dues, default=None),
        "next": tuple(s.label for s in sorted(later, key=lambda s: s.order)),
        "since": min((s.opened_at for s in open_ if s.opened_at), default=approval.opened_at),
    }
