"""Who hears what of an approval: the messages, cards and reminders that its events ask for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.approval import Approval, Condition, Inquiry, Seat
from workflows.calendars import work_times
from workflows.effects import (
    Effect,
    Forget,
    Later,
    Post,
    Refresh,
    ShowHome,
    ToPerson,
    ToPlace,
    ToRoom,
    Work,
)
from workflows.ids import Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import team_room
from workflows.seats import involved
from workflows.use_case import UseCase


def home_of(approval: Approval, use_case: UseCase) -> ToPlace | ToPerson:
    """Where the submitter hears of it: the intake's thread, or their own conversation with the bot."""
    home = use_case.home or approval.home
    return ToPlace(place=home) if home else ToPerson(user=approval.submitter)


def progress(
    approval: Approval, use_case: UseCase, event: str, by: UserId | None = None, **more: str | None
) -> Post:
    """One step of the way, told to the submitter."""
    data: dict[str, str | None] = {"event": event, "by": by, "approval": approval.id, **more}
    return Post(to=home_of(approval, use_case), kind="progress", subject=use_case.subject, data=data)


def told_the_asker(
    approval: Approval, use_case: UseCase, event: str, by: UserId | None = None, **more: str | None
) -> tuple[Post, ...]:
    """The same, to the submitter and to whoever asked for it in their place."""
    told = progress(approval, use_case, event, by, **more)
    if approval.asked_by is None:
        return (told,)
    return (told, told.model_copy(update={"to": ToPerson(user=approval.asked_by)}))


def seat_cards(
    approval: Approval, seat: Seat, users: Iterable[UserId], room: bool
) -> tuple[Post | Work, ...]:
    """These people are told that the seat waits for them, and the card goes to the seat's channel.

    How each is told, with a card or in the list of all that waits, is for :mod:`workflows.desk` to say after
    the commit, when it is known how much waits for them.
    """
    data = {"seat": seat.id}
    made: list[Post | Work] = [
        Work(name="tell_seat", subject=approval.subject, data={**data, "user": u}) for u in users
    ]
    if room and seat.room:
        made.append(seat_card(approval, seat, ToRoom(name=seat.room)))
    return tuple(made)


def seat_card(approval: Approval, seat: Seat, to: ToPerson | ToRoom) -> Post:
    """The card of one seat, for a person or a channel."""
    return Post(
        to=to,
        kind="approval",
        subject=approval.subject,
        data={"seat": seat.id},
        card=f"approval:{seat.id}",
    )


def lost_seat(approval: Approval, seat: Seat, program: Program) -> tuple[Post, ...]:
    """The program team is told, in its channel or one by one, of a seat that its role could not fill."""
    room = team_room(program)
    to = (ToRoom(name=room),) if room else tuple(ToPerson(user=u) for u in seat.people)
    return tuple(
        Post(
            to=t,
            kind="unresolved",
            subject=approval.subject,
            data={"seat": seat.id},
            card=f"unresolved:{seat.id}",
            key=f"unresolved/{approval.id}/{seat.id}/{n}",
        )
        for n, t in enumerate(to)
    )


def inquiry_cards(approval: Approval, use_case: UseCase, inquiry: Inquiry) -> tuple[Post, ...]:
    """The question, in the submitter's thread, and to the person asked when that is somebody else."""
    data = {"inquiry": inquiry.id}
    card = f"inquiry:{inquiry.id}"
    home = home_of(approval, use_case)
    made = [Post(to=home, kind="inquiry", subject=approval.subject, data=data, card=card)]
    if inquiry.of != approval.submitter:
        to = ToPerson(user=inquiry.of)
        made.append(Post(to=to, kind="inquiry", subject=approval.subject, data=data, card=card))
    return tuple(made)


def condition_card(approval: Approval, condition: Condition) -> Post:
    """What was promised, to the person who promised it."""
    return Post(
        to=ToPerson(user=condition.owner),
        kind="condition",
        subject=approval.subject,
        data={"condition": condition.id},
        card=f"condition:{condition.id}",
    )


def redraw(approval: Approval, *others: UserId) -> tuple[Effect, ...]:
    """Every card of the case, and the Home tab of everyone who has to do with it."""
    users = dict.fromkeys((*involved(approval), *approval.notify, *others))
    return (Refresh(subject=approval.subject), *(ShowHome(user=u) for u in users))


def remind_key(approval: Approval, seat: str = "") -> str:
    """Key of the reminder of a seat; of all seats without one."""
    return f"remind/{approval.id}/{seat}/" if seat else f"remind/{approval.id}/"


def due_key(approval: Approval, seat: str = "") -> str:
    """Key of the job for when a seat's time is up; of all seats without one."""
    return f"due/{approval.id}/{seat}/" if seat else f"due/{approval.id}/"


def escalate_key(approval: Approval, seat: str = "", step: int | None = None) -> str:
    """Key of the job for one step of a seat's escalation; of all steps, or of all seats, without one."""
    below = f"{seat}/" if seat else ""
    return f"escalate/{approval.id}/{below}" + (f"{step}" if step is not None else "")


def escalation_at(approval: Approval, seat: Seat, step: int, due: datetime) -> Later:
    """One step of a seat's escalation, planned."""
    return Later(
        key=escalate_key(approval, seat.id, step),
        due=due,
        name="escalate_seat",
        subject=approval.subject,
        data={"seat": seat.id, "step": step},
    )


def forget_reminders(approval: Approval, seat: str = "") -> tuple[Forget, ...]:
    """Take back what is planned for one seat, or for all."""
    keys = (remind_key(approval, seat), due_key(approval, seat), escalate_key(approval, seat))
    return tuple(Forget(key=key) for key in keys)


def desk_morning(user: UserId, directory: Directory, program: Program, now: datetime) -> Later:
    """Their next working morning: one message that says what waits for them then."""
    times = work_times(user, directory, program.working_time)
    due = times.next_morning(now)
    date = times.day_of(due)
    return Later(
        key=f"desk/{user}/{date}",
        due=due,
        name="desk",
        subject=Subject(type="person", id=user),
        data={"date": date.isoformat()},
    )
