"""The clock's part in an approval: reminders, time that is up, seats that stand empty, a morning's desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Literal

from workflows.approval import Approval, Condition, Inquiry, Seat
from workflows.conditions import open_conditions_of
from workflows.consultation import Consultation
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later, Post, ToPerson, ToRoom
from workflows.ids import Frozen, Subject, UserId
from workflows.inquiring import open_inquiries_for
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import team_room
from workflows.seats import is_open, to_act, waits_on, with_seat
from workflows.telling import desk_morning, lost_seat, progress, redraw, remind_key, seat_cards
from workflows.turns import due_of, filled
from workflows.use_case import UseCase
from workflows.working_time import next_morning, zone_of

Occasion = Literal["remind", "due"]


def remind(
    approval: Approval,
    use_case: UseCase,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    seat: str,
    occasion: Occasion,
) -> Decision:
    """Remind those whom an open seat waits on; when its time is up, tell the program team too.

    A seat whose people have left is filled again by its role's rule, so that nothing waits on nobody.
    Nothing happens when the seat has had its say in the meantime.
    """
    sitting = approval.seat(seat)
    if sitting is None or not is_open(approval, sitting):
        return Decision()
    late = sitting.due is not None and sitting.due <= circ.now
    if occasion == "remind" and late and directory.active(to_act(sitting)):
        # Both fell due while nobody was there to send them: the word that time is up says it all.
        return Decision()
    before = approval
    approval, joined, entries = _refilled(approval, use_case, sitting, program, directory, circ)
    sitting = approval.seat(seat) or sitting
    waiting = directory.active(to_act(sitting))
    effects: list[Effect] = [
        Post(
            to=ToPerson(user=user),
            kind="reminder",
            subject=approval.subject,
            data={"seat": seat, "what": occasion},
            key=f"{occasion}/{approval.id}/{seat}/{user}",
        )
        for user in waiting
        if user not in joined
    ]
    effects += seat_cards(approval, sitting, joined, room=False)
    effects += [desk_morning(u, directory, program, circ.now) for u in joined]
    if not waiting or (sitting.unresolved and joined):
        effects += lost_seat(approval, sitting, program)
    room = team_room(program)
    if occasion == "due" and room:
        effects.append(
            Post(
                to=ToRoom(name=room),
                kind="reminder",
                subject=approval.subject,
                data={"seat": seat, "what": "overdue"},
                key=f"overdue/{approval.id}/{seat}",
            )
        )
    if not waiting:
        # Nobody is there yet: look again when as much time has gone by.
        again = due_of(sitting, approval.remind_after_hours, circ.now, directory, program.working_time)
        key = remind_key(approval, seat)
        data = {"seat": seat}
        effects.append(Later(key=key, due=again, name="remind_seat", subject=approval.subject, data=data))
    elif occasion == "remind":
        effects.append(progress(approval, use_case, "reminded", seat=seat))
    if approval is not before:
        effects += redraw(approval)
    detail = {"seat": seat, "occasion": occasion, "to": list(waiting)}
    told = Entry(action="seat.reminded", subject=approval.subject, detail=detail)
    changed = () if approval is before else (approval,)
    return Decision(changed=changed, entries=(*entries, told), effects=tuple(effects))


class Waiting(Frozen):
    """One thing that waits for a person: a decision, a question to answer, or a condition to meet."""

    approval: Approval
    seat: Seat | None = None
    inquiry: Inquiry | None = None
    condition: Condition | None = None
    due: datetime | None = None


class Desk(Frozen):
    """What waits for a person, the most urgent first."""

    items: tuple[Waiting, ...]
    asked: tuple[Consultation, ...] = ()
    """Questions that they have in hand as a champion, the oldest first."""
    decisions: int
    due_today: int
    """Due later today, in the person's own zone."""
    overdue: int


def desk(
    user: UserId,
    approvals: Sequence[Approval],
    directory: Directory,
    now: datetime,
    asked: Sequence[Consultation] = (),
) -> Desk:
    """What waits for this person among these cases, sorted by when it is due, and what they were asked."""
    items: list[Waiting] = []
    for approval in approvals:
        if user != approval.submitter:
            items += [Waiting(approval=approval, seat=s, due=s.due) for s in waits_on(approval, user)]
        items += [Waiting(approval=approval, inquiry=i) for i in open_inquiries_for(approval, user)]
        items += [
            Waiting(approval=approval, condition=c, due=c.due) for c in open_conditions_of(approval, user)
        ]
    items.sort(key=lambda w: (w.due is None, w.due or w.approval.opened_at, w.approval.id))
    zone = zone_of(directory.person(user).tz)
    today = now.astimezone(zone).date()
    decisions = [w for w in items if w.seat]
    late = [w for w in decisions if w.due and w.due < now]
    soon = [w for w in decisions if w.due and w.due >= now and w.due.astimezone(zone).date() == today]
    return Desk(
        items=tuple(items),
        asked=tuple(asked),
        decisions=len(decisions),
        due_today=len(soon),
        overdue=len(late),
    )


def desk_due(
    user: UserId,
    day: date,
    approvals: Sequence[Approval],
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> Decision:
    """A working morning: one message that says what waits, and the next morning planned; or quiet.

    Mornings that come late together (the bot was down) are one: the newest that has begun.
    """
    found = desk(user, approvals, directory, circ.now)
    if not found.items or not directory.person(user).active:
        return Decision()
    zone = directory.person(user).tz
    morning = datetime.combine(day, time(12), tzinfo=zone_of(zone))
    while (later := next_morning(morning, zone, program.working_time)) <= circ.now:
        morning = later
    newest = morning.astimezone(zone_of(zone)).date()
    post = Post(
        to=ToPerson(user=user),
        kind="desk",
        subject=Subject(type="person", id=user),
        card="desk",
        key=f"desk/{user}/{newest.isoformat()}",
    )
    return Decision(effects=(post, desk_morning(user, directory, program, circ.now)))


def _refilled(
    approval: Approval,
    use_case: UseCase,
    seat: Seat,
    program: Program,
    directory: Directory,
    circ: Circumstances,
) -> tuple[Approval, tuple[UserId, ...], tuple[Entry, ...]]:
    """The case with the seat filled again if it has to be, who came in, and the line that says so."""
    full = filled(seat, approval, use_case, program, directory, circ.now)
    if full is seat:
        return approval, (), ()
    joined = tuple(u for u in full.people if u not in seat.people)
    entry = Entry(
        action="seat.refilled", subject=approval.subject, detail={"seat": seat.id, "joined": list(joined)}
    )
    return with_seat(approval, full), joined, (entry,)
