"""An open case after an answer has changed under it: what rested on the old answer is asked anew."""

from __future__ import annotations

from collections.abc import Collection

from workflows.approval import Approval, Seat
from workflows.closing import close
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, ToPerson
from workflows.ids import Tier, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.routing import Plan
from workflows.seats import approved
from workflows.telling import forget_reminders, redraw
from workflows.turns import open_next_seats
from workflows.use_case import UseCase


def replan(
    approval: Approval,
    use_case: UseCase,
    way: Plan,
    anew: Collection[str],
    tier: Tier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """The open case as the matrix wants it now.

    ``anew`` are the roles whose word rested on a changed answer: what they said is put aside, and they are
    asked again. Seats that are no longer demanded are put aside too; those that are new join. With nobody
    left to ask the case is approved.
    """
    before = {s.id: s for s in approval.seats}
    seats: list[Seat] = []
    aside: list[Seat] = []
    for wanted in way.seats:
        old = before.get(wanted.id)
        if old is None:
            seats.append(wanted.model_copy(update={"due": None}))
        elif wanted.id in anew:
            if old.verdicts:
                aside.append(old)
            seats.append(_again(old, wanted))
        else:
            seats.append(old)
    gone = [s for s in approval.seats if all(s.id != w.id for w in way.seats)]
    aside += gone
    seats = _in_turn(seats)
    changed = approval.model_copy(
        update={
            "seats": tuple(seats),
            "aside": (*approval.aside, *aside),
            "conditions": tuple(c for c in approval.conditions if c.seat not in {s.id for s in aside}),
            "tier": tier,
            "rows": way.rows,
            "because": way.because,
            "documents": way.documents,
            "assessments": way.assessments,
            "monitoring": way.monitoring,
            "notify": way.notify,
        }
    )
    effects: list[Effect] = []
    for old_seat in approval.seats:
        now_open = changed.seat(old_seat.id)
        if now_open is None or now_open.opened_at is None:
            effects += forget_reminders(approval, old_seat.id)
    effects += [
        Post(
            to=ToPerson(user=user),
            kind="asked_again",
            subject=approval.subject,
            data={"seat": seat.id},
        )
        for seat in aside
        if seat.id in anew and changed.seat(seat.id)
        for user in dict.fromkeys(v.by for v in seat.verdicts)
    ]
    detail = {"asked_again": [s.id for s in aside if changed.seat(s.id)], "dropped": [s.id for s in gone]}
    entry = Entry(action="approval.replanned", subject=approval.subject, detail=detail)
    decision = Decision(changed=(changed,), entries=(entry,), effects=tuple(effects))
    if all(approved(s) for s in changed.seats):
        closed = close(changed, use_case, "approved", program, directory, circ, automatic=not changed.seats)
        return decision.and_then(closed)
    opened = open_next_seats(changed, use_case, program, directory, circ)
    return decision.and_then(opened).and_then(Decision(effects=redraw(changed, *_people(gone))))


def _again(old: Seat, wanted: Seat) -> Seat:
    """The seat before anybody has decided in it, with the people that its role has now."""
    return wanted.model_copy(update={"due": None, "delegations": ()}) if old.verdicts else _kept(old, wanted)


def _kept(old: Seat, wanted: Seat) -> Seat:
    """Nobody had decided yet: it goes on, with the people that its role has now."""
    if set(wanted.people) <= set(old.people):
        return old
    return wanted.model_copy(update={"due": None})


def _in_turn(seats: list[Seat]) -> list[Seat]:
    """A seat whose turn had come waits again where one before it is asked anew."""
    turn = min((s.order for s in seats if not approved(s)), default=0)
    return [
        s.model_copy(update={"opened_at": None, "due": None}) if s.order > turn and not s.verdicts else s
        for s in seats
    ]


def _people(seats: list[Seat]) -> tuple[UserId, ...]:
    return tuple(dict.fromkeys(u for s in seats for u in s.people))
