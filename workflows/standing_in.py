"""Who decides for whom while somebody is away, or always: kept in the seats that wait, as delegations.

A stand-in holds what the person holds, and no more: never a second say in the same seat, never their own
matter. What is kept follows what people have said: :func:`stood_in` makes a seat agree with it, whenever a
seat opens, an absence begins or ends, and when somebody changes what they said. :func:`stands_in_now` is
asked once more when a decision is made.
"""

from __future__ import annotations

from datetime import datetime

from workflows.approval import Approval, Delegation, Seat
from workflows.availability import StandingDelegation
from workflows.calendars import away_at
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seats import (
    HANDED_ON_AT_MOST,
    beside,
    chain,
    decided,
    handed_on,
    holders,
    open_seats,
    said,
    spent,
    to_act,
    with_seat,
)
from workflows.telling import desk_morning, escalation_at, redraw, seat_cards


def stood_in(approval: Approval, seat: Seat, directory: Directory, now: datetime) -> Seat:
    """The seat with the stand-ins and standing delegates that people's words give it at this moment."""
    kept = tuple(
        d if d.ended_at or stands_in_now(d, seat, directory, now) else _ended(d, now)
        for d in seat.delegations
    )
    seat = seat if kept == seat.delegations else seat.model_copy(update={"delegations": kept})
    for mandate in [m for m in seat.people if m not in spent(seat)]:
        for _ in range(HANDED_ON_AT_MOST):
            holder = chain(seat, mandate)[-1]
            absence = away_at(holder, directory, now)
            to = absence.stand_in if absence else None
            if absence is None or to is None or not _fits(approval, seat, mandate, to, directory):
                break
            given = Delegation(by=holder, to=to, at=now, kind="away", until=absence.last)
            seat = seat.model_copy(update={"delegations": (*seat.delegations, given)})
        for holder in chain(seat, mandate):
            for standing in _standing(holder, seat.role, directory, now):
                if _fits(approval, seat, mandate, standing.to, directory):
                    given = Delegation(by=holder, to=standing.to, at=now, kind="standing")
                    seat = seat.model_copy(update={"delegations": (*seat.delegations, given)})
    return seat


def stands_in_now(delegation: Delegation, seat: Seat, directory: Directory, now: datetime) -> bool:
    """Whether a delegation that came of somebody's absence or standing word is still what they say."""
    if delegation.kind == "handed":
        return True
    if delegation.kind == "away":
        absence = away_at(delegation.by, directory, now)
        return absence is not None and absence.stand_in == delegation.to
    given = _standing(delegation.by, seat.role, directory, now)
    return any(s.to == delegation.to for s in given)


def run_out(seat: Seat, user: UserId, directory: Directory, now: datetime) -> Delegation | None:
    """The delegation by which this person holds the seat, where it no longer stands; else ``None``."""
    mandate = holders(seat).get(user)
    if mandate is None or mandate == user:
        return None
    links = handed_on(seat, mandate)
    at = next((i for i, d in enumerate(links) if d.to == user), None)
    way = links[: at + 1] if at is not None else tuple(d for d in beside(seat, mandate) if d.to == user)
    return next((d for d in way if not stands_in_now(d, seat, directory, now)), None)


def attended(seat: Seat, directory: Directory, now: datetime) -> bool:
    """Whether as many as the quorum still needs can act: nobody has to come back first."""
    waiting = [m for m in seat.people if m not in spent(seat)]
    able = [m for m in waiting if _able(seat, m, directory, now)]
    return decided(seat) or len(able) >= seat.quorum - len(seat.verdicts)


def reseated(approval: Approval, program: Program, directory: Directory, circ: Circumstances) -> Decision:
    """The open seats after somebody left, came back, or changed who may decide for them.

    Stand-ins are told; a seat at which nobody is left is escalated at once.
    """
    before = approval
    entries: list[Entry] = []
    effects: list[Effect] = []
    touched: list[UserId] = []
    for seat in open_seats(approval):
        now_ = stood_in(approval, seat, directory, circ.now)
        if now_ != seat:
            approval = with_seat(approval, now_)
            old = {(d.by, d.to, d.kind) for d in seat.delegations if not d.ended_at}
            new = {(d.by, d.to, d.kind) for d in now_.delegations if not d.ended_at}
            came = [d for d in now_.delegations if not d.ended_at and (d.by, d.to, d.kind) not in old]
            for action, pairs in (("seat.given_back", old - new), ("seat.stood_in", new - old)):
                entries += [
                    Entry(
                        action=action,
                        subject=approval.subject,
                        detail={"seat": seat.id, "for": by, "to": to, "kind": kind},
                    )
                    for by, to, kind in sorted(pairs)
                ]
            # Whoever is back may never have been told of what came meanwhile.
            returned = [by for by, _, kind in sorted(old - new) if kind == "away" and by in to_act(now_)]
            told = dict.fromkeys([*(d.to for d in came), *returned])
            effects += seat_cards(approval, now_, told, room=False)
            effects += [desk_morning(user, directory, program, circ.now) for user in told]
            touched += [user for by, to, _ in sorted(old ^ new) for user in (by, to)]
        if not attended(now_, directory, circ.now) and not now_.escalations:
            effects.append(escalation_at(approval, now_, 0, circ.now))
    if approval is not before:
        effects += redraw(approval, *touched)
    return Decision(
        changed=() if approval is before else (approval,), entries=tuple(entries), effects=tuple(effects)
    )


def _able(seat: Seat, mandate: UserId, directory: Directory, now: datetime) -> tuple[UserId, ...]:
    """Who can use one mandate today: its last holder, and standing delegates."""
    holding = (chain(seat, mandate)[-1], *(d.to for d in beside(seat, mandate)))
    return tuple(u for u in directory.active(holding) if not away_at(u, directory, now))


def _standing(user: UserId, role: str, directory: Directory, now: datetime) -> tuple[StandingDelegation, ...]:
    own = directory.availability(user)
    return tuple(
        s
        for s in (own.standing if own else ())
        if (not s.roles or role in s.roles) and (s.until is None or now < s.until)
    )


def _fits(approval: Approval, seat: Seat, mandate: UserId, to: UserId, directory: Directory) -> bool:
    """Whether this person may stand in here: nobody decides twice in a seat, or on what is their own."""
    if not approval.delegable or not directory.person(to).active or to in approval.own_to:
        return False
    if said(seat, to) or to in holders(seat):
        return False
    return len(handed_on(seat, mandate)) < HANDED_ON_AT_MOST


def _ended(delegation: Delegation, now: datetime) -> Delegation:
    return delegation.model_copy(update={"ended_at": now})
