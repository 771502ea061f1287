"""Turns in an approval: which seats open next, by when they are due, and who fills one that stands empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows.approval import Approval, Seat
from workflows.calendars import expected_times, work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later
from workflows.people import Directory
from workflows.program import Program, WorkingTime
from workflows.roles import resolve
from workflows.seats import beside, chain, decided, to_act, with_seat
from workflows.standing_in import attended, stood_in
from workflows.telling import desk_morning, due_key, escalation_at, remind_key, seat_cards
from workflows.use_case import UseCase
from workflows.working_time import company_week


def open_next_seats(
    approval: Approval, use_case: UseCase, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Open the seats whose turn has come: those of the lowest order that is not fully decided."""
    waiting = [s for s in approval.seats if not decided(s)]
    turn = min((s.order for s in waiting), default=0)
    entries: list[Entry] = []
    effects: list[Effect] = []
    for seat in [s for s in waiting if s.order == turn and s.opened_at is None]:
        seat = filled(seat, approval, use_case, program, directory, circ.now)
        seat = stood_in(approval, seat, directory, circ.now)
        due = due_of(seat, approval.sla_hours, circ.now, directory, program.working_time)
        seat = seat.model_copy(update={"opened_at": circ.now, "due": due})
        approval = with_seat(approval, seat)
        detail = {"seat": seat.id, "people": list(seat.people), "due": due.isoformat()}
        entries.append(Entry(action="seat.opened", subject=approval.subject, detail=detail))
        people = directory.active(to_act(seat))
        effects += seat_cards(approval, seat, people, room=True)
        effects += planned(approval, seat, program, directory, circ.now)
        effects += [desk_morning(u, directory, program, circ.now) for u in people]
    return Decision(changed=(approval,), entries=tuple(entries), effects=tuple(effects))


def planned(
    approval: Approval, seat: Seat, program: Program, directory: Directory, now: datetime
) -> tuple[Later, ...]:
    """The reminder of an open seat, what happens when its time is up, and what when nobody is there."""
    data = {"seat": seat.id}
    hours = approval.remind_after_hours
    made = []
    remind_at = due_of(seat, hours, now, directory, program.working_time)
    if seat.due is None or remind_at < seat.due:
        key = remind_key(approval, seat.id)
        made.append(Later(key=key, due=remind_at, name="remind_seat", subject=approval.subject, data=data))
    if seat.due and seat.due > now:
        key = due_key(approval, seat.id)
        made.append(Later(key=key, due=seat.due, name="due_seat", subject=approval.subject, data=data))
        for number, step in enumerate(approval.escalation):
            if step.after_hours:
                at = due_of(seat, step.after_hours, seat.due, directory, program.working_time)
                made.append(escalation_at(approval, seat, number, at))
    if not attended(seat, directory, now):
        made.append(escalation_at(approval, seat, 0, now))
    return tuple(made)


def filled(
    seat: Seat,
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    now: datetime,
) -> Seat:
    """The seat with people added where too few of its own can still act: they left, or none was found.

    Whoever was in it stays in the record, and keeps the right to decide.
    """
    able = [m for m in seat.people if directory.active(chain(seat, m))]
    if len(able) >= seat.quorum:
        return seat
    without = (*approval.own_to, *approval.apart)
    found = resolve(
        seat.role, program, use_case.answers, directory, now, without=without, at_least=seat.quorum
    )
    people = tuple(dict.fromkeys((*seat.people, *found.people)))
    if people == seat.people:
        return seat
    return seat.model_copy(update={"people": people, "unresolved": found.unresolved})


def expected(
    seats: Sequence[Seat], sla_hours: float, start: datetime, directory: Directory, working: WorkingTime
) -> tuple[Seat, ...]:
    """The seats with the time by which each is expected to decide, one order after the other."""
    timed: list[Seat] = []
    for order in sorted({s.order for s in seats}):
        these = [
            s.model_copy(update={"due": due_of(s, sla_hours, start, directory, working)})
            for s in seats
            if s.order == order
        ]
        timed += these
        start = max(s.due for s in these if s.due)
    return tuple(timed)


def due_of(
    seat: Seat, sla_hours: float, start: datetime, directory: Directory, working: WorkingTime
) -> datetime:
    """When as many people of the seat as its quorum needs have had that many of their own working hours.

    For somebody who is away their stand-in's count. An absence puts the time off only where others can decide
    meanwhile; where it would wait for somebody to come back, the clock runs on, and the seat goes up to those
    who can help.
    """
    who = [
        users
        for mandate in seat.people
        if (users := directory.active((chain(seat, mandate)[-1], *(d.to for d in beside(seat, mandate)))))
    ]
    if not who:
        return company_week("UTC", working).add(start, sla_hours)
    pairs = sorted(
        min(
            (times.add(start, sla_hours), expected.add(start, sla_hours))
            for times, expected in (
                (work_times(u, directory, working), expected_times(u, directory, working)) for u in users
            )
        )
        for users in who
    )
    enough = min(seat.quorum, len(who)) - 1
    at, if_there = pairs[enough]
    return at if at == if_there else sorted(expected for _, expected in pairs)[enough]
