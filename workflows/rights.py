"""Who may do what in an approval: the checks, each with its kind refusal. Rights are made of these.

An action declares its right beside itself and asks it first; there is no other place where it is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.approval import Approval, Condition, Inquiry, Seat, Verdict
from workflows.decision import Circumstances
from workflows.ids import Place, Subject, UserId
from workflows.people import Directory
from workflows.refusals import Refusal, Right
from workflows.seats import decided, holders, open_seats, said, spent, usable_mandate
from workflows.standing_in import run_out
from workflows.working_time import by_the_clock

__all__ = ["Attempt", "Refusal", "Right"]


@dataclass(frozen=True)
class Attempt:
    """Somebody tries something: in which case, on which seat, question or condition, and from where."""

    approval: Approval
    directory: Directory
    circ: Circumstances
    seat: Seat | None = None
    inquiry: Inquiry | None = None
    condition: Condition | None = None
    at: Place | None = None
    """Where the click happened; a refusal is whispered there, or else sent as a direct message."""

    @property
    def user(self) -> UserId:
        """Who tries."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The case."""
        return self.approval.subject

    @property
    def detail(self) -> dict[str, str]:
        """The seat, for the audit log."""
        return {"seat": self.seat.id} if self.seat else {}


def is_active(attempt: Attempt) -> Refusal | None:
    """Whoever left the company, or was never in it, decides nothing."""
    return None if attempt.directory.person(attempt.user).active else Refusal("not_your_decision")


def not_the_submitter(attempt: Attempt) -> Refusal | None:
    """Nobody decides on their own use case, or on what they asked for, under any mandate."""
    if attempt.user == attempt.approval.submitter:
        return Refusal("own_use_case")
    if attempt.user in attempt.approval.apart:
        return Refusal("own_risk")
    return Refusal("own_request") if attempt.user in attempt.approval.own_to else None


def is_the_submitter(attempt: Attempt) -> Refusal | None:
    """Only the person who submitted it, or asked for it, may do this."""
    approval = attempt.approval
    if attempt.user in approval.own_to:
        return None
    who = attempt.directory.person(approval.asked_by or approval.submitter).name
    return Refusal("only_the_submitter", {"who": who})


def holds_the_seat(attempt: Attempt) -> Refusal | None:
    """The seat is theirs, or was handed to them."""
    seat = attempt.seat
    if seat and attempt.user in holders(seat):
        ended = run_out(seat, attempt.user, attempt.directory, attempt.circ.now)
        if ended:
            who = attempt.directory.person(ended.by).name
            return Refusal("no_longer_stands_in", {"who": who})
        own = attempt.approval.delegable or attempt.user in seat.people
        return None if own else Refusal("not_delegable")
    decider = [attempt.directory.person(u).name for u in (seat.people if seat else ())]
    if seat and decider:
        return Refusal("not_your_seat", {"label": seat.label, "who": _or(decider)})
    return Refusal("not_your_decision")


def may_be_handed_on(attempt: Attempt) -> Refusal | None:
    """Some decisions nobody makes in another's place."""
    return None if attempt.approval.delegable else Refusal("not_delegable")


def still_waiting(attempt: Attempt) -> Refusal | None:
    """The case is not closed; if it is, say by whom and when."""
    approval, seat = attempt.approval, attempt.seat
    if approval.status == "waiting":
        return None
    closing = closing_verdict(approval)
    verdict = closing if approval.status == "rejected" else (seat and last(seat)) or closing
    if approval.status in ("approved", "rejected") and verdict:
        return already(attempt, verdict)
    if approval.status == "withdrawn":
        who = attempt.directory.person(approval.asked_by or approval.submitter)
        when = clock(approval.closed_at or approval.opened_at, attempt)
        return Refusal("case_withdrawn", {"who": who.name, "when": when})
    return Refusal("case_closed")


def turn_has_come(attempt: Attempt) -> Refusal | None:
    """Seats that come before this one have had their say."""
    if attempt.seat is None or attempt.seat.opened_at:
        return None
    before = ", ".join(s.label for s in open_seats(attempt.approval))
    return Refusal("not_yet_your_turn", {"before": before})


def mandate_is_unused(attempt: Attempt) -> Refusal | None:
    """The seat still wants a say, and neither this person nor anyone for them has given it."""
    seat = attempt.seat
    if seat is None:
        return Refusal("not_your_decision")
    full = last(seat) if decided(seat) else None
    own = said(seat, attempt.user)
    if own or full:
        return already(attempt, own or full)
    if usable_mandate(seat, attempt.user):
        return None
    used = spent(seat)
    mandate = holders(seat).get(attempt.user)
    return already(attempt, used.get(mandate) if mandate else None)


def may_answer(attempt: Attempt) -> Refusal | None:
    """The person who was asked, or the submitter."""
    asked = attempt.inquiry
    if asked is None:
        return Refusal("inquiry_gone")
    if attempt.user in (asked.of, *attempt.approval.own_to):
        return None
    return Refusal("inquiry_not_yours", {"who": attempt.directory.person(asked.of).name})


def answer_is_wanted(attempt: Attempt) -> Refusal | None:
    """Nobody has answered yet, and the answer still matters."""
    asked = attempt.inquiry
    if asked is None or asked.open:
        return None
    if asked.answered_by and asked.answered_at:
        who = first_name(asked.answered_by, attempt)
        return Refusal("inquiry_answered_already", {"who": who, "when": clock(asked.answered_at, attempt)})
    return Refusal("inquiry_not_needed")


def may_close_condition(attempt: Attempt) -> Refusal | None:
    """The person who promised it, or the one who asked for it."""
    condition = attempt.condition
    if condition is None:
        return Refusal("condition_gone")
    if attempt.user in (condition.owner, condition.by):
        return None
    return Refusal("condition_not_yours", {"who": attempt.directory.person(condition.owner).name})


def condition_is_open(attempt: Attempt) -> Refusal | None:
    """It counts (the case is approved) and is not done yet."""
    condition = attempt.condition
    if condition and condition.done_at and condition.done_by:
        who = first_name(condition.done_by, attempt)
        return Refusal("condition_done_already", {"who": who, "when": clock(condition.done_at, attempt)})
    return None if attempt.approval.status == "approved" else Refusal("condition_not_in_force")


def last(seat: Seat) -> Verdict | None:
    """The latest verdict in the seat."""
    return seat.verdicts[-1] if seat.verdicts else None


def closing_verdict(approval: Approval) -> Verdict | None:
    """The verdict that closed the case."""
    given = [v for s in approval.seats for v in s.verdicts]
    against = [v for v in given if v.choice == "reject"]
    return against[0] if against else max(given, key=lambda v: v.at, default=None)


def already(attempt: Attempt, verdict: Verdict | None) -> Refusal:
    """Somebody was first: who, what, and when."""
    if verdict is None:
        return Refusal("case_closed")
    yes = verdict.choice == "approve"
    when = clock(verdict.at, attempt)
    if verdict.by == attempt.user:
        return Refusal("already_approved_by_you" if yes else "already_rejected_by_you", {"when": when})
    who = first_name(verdict.by, attempt)
    return Refusal("already_approved" if yes else "already_rejected", {"who": who, "when": when})


def first_name(user: UserId, attempt: Attempt) -> str:
    """``Priya``; the full name where someone else in the case has the same first name."""
    name = attempt.directory.person(user).name
    short = name.split(" ")[0]
    others = {u for s in attempt.approval.seats for u in holders(s)} - {user}
    same = any(attempt.directory.person(u).name.split(" ")[0] == short for u in others)
    return name if same else short


def clock(moment: datetime, attempt: Attempt) -> str:
    """``09:12`` in the reader's zone, with the day where it was not today."""
    return by_the_clock(moment, attempt.directory.person(attempt.user).tz, attempt.circ.now)


def _or(names: list[str]) -> str:
    shown = names[:3] + (["others"] if len(names) > 3 else [])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
