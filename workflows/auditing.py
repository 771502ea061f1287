"""What was forgotten: decisions and promises whose reminder or escalation neither came nor is planned.

It compares the state with what is planned, and trusts neither: a plan that was lost, or one that is long due
and was not carried out, is found, told, and made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from workflows.approval import Approval, Seat
from workflows.availability import Availability
from workflows.calendars import work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Later, Post, ToPerson, ToRoom
from workflows.escalating import steps_of, taken
from workflows.ids import Frozen, Subject
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve, team_room
from workflows.seats import is_open
from workflows.telling import due_key, escalate_key, remind_key
from workflows.turns import due_of

GRACE = timedelta(hours=1)
"""How long after its time something may still be on its way."""

Kind = Literal["remind", "due", "escalate", "condition", "reseat"]
"""What did not happen: a reminder, the word that time is up, a step of the escalation, the word that a
condition is overdue, a look at the seats because somebody is away or back."""

Planned = Mapping[str, datetime]
"""When what is planned is due, by its key."""


class Overlooked(Frozen):
    """One thing that should have happened, or should be planned, and neither is so."""

    kind: Kind
    subject: Subject
    item: str
    """The seat, the condition, or the day."""
    step: int = 0
    since: datetime
    """When it should have happened, or will have to."""
    late: bool
    """Whether that time has passed."""


def overlooked(
    approvals: Iterable[Approval],
    availabilities: Iterable[Availability],
    planned: Planned,
    program: Program,
    directory: Directory,
    now: datetime,
) -> tuple[Overlooked, ...]:
    """Everything of these cases and people that was forgotten at this moment, the oldest first."""
    found: list[Overlooked] = []
    for approval in approvals:
        for seat in (s for s in approval.seats if is_open(approval, s)):
            found += _in_seat(approval, seat, planned, program, directory, now)
        if approval.status == "approved":
            found += _conditions(approval, planned, now)
    for own in availabilities:
        found += _absences(own, planned, program, directory, now)
    return tuple(sorted(found, key=lambda o: (o.since, str(o.subject), o.item, o.kind, o.step)))


def _in_seat(
    approval: Approval,
    seat: Seat,
    planned: Planned,
    program: Program,
    directory: Directory,
    now: datetime,
) -> list[Overlooked]:
    working, opened = program.working_time, seat.opened_at or approval.opened_at
    due = seat.due or due_of(seat, approval.sla_hours, opened, directory, working)
    wanted: list[tuple[Kind, int, str, datetime]] = []
    remind_at = due_of(seat, approval.remind_after_hours, opened, directory, working)
    if seat.reminded_at is None and seat.called_at is None and remind_at < due and now < due:
        wanted.append(("remind", 0, remind_key(approval, seat.id), remind_at))
    if seat.called_at is None:
        wanted.append(("due", 0, due_key(approval, seat.id), due))
    for number, step in enumerate(steps_of(approval, program)):
        if taken(seat, number) or (not step.after_hours and seat.called_at is None):
            continue  # a step at once comes with the word that time is up
        at = due_of(seat, step.after_hours, due, directory, working) if step.after_hours else due
        wanted.append(("escalate", number, escalate_key(approval, seat.id, number), at))
    return [
        Overlooked(kind=kind, subject=approval.subject, item=seat.id, step=number, since=at, late=at <= now)
        for kind, number, key, at in wanted
        if not _on_its_way(key, planned, now)
    ]


def _conditions(approval: Approval, planned: Planned, now: datetime) -> list[Overlooked]:
    """Only those to come: of one that is overdue nothing keeps whether it was told."""
    return [
        Overlooked(kind="condition", subject=approval.subject, item=c.id, since=c.due, late=False)
        for c in approval.conditions
        if c.due
        and c.done_at is None
        and now < c.due
        and not _on_its_way(f"condition/{approval.id}/{c.id}/overdue", planned, now)
    ]


def _absences(
    own: Availability, planned: Planned, program: Program, directory: Directory, now: datetime
) -> list[Overlooked]:
    times = work_times(own.id, directory, program.working_time)
    days = {day for a in own.away for day in (a.first, a.last + timedelta(days=1))}
    return [
        Overlooked(
            kind="reseat", subject=own.subject, item=day.isoformat(), since=times.begins(day), late=False
        )
        for day in sorted(days)
        if times.begins(day) > now and not _on_its_way(f"reseat/{own.id}/{day.isoformat()}", planned, now)
    ]


def _on_its_way(key: str, planned: Planned, now: datetime) -> bool:
    due = planned.get(key)
    return due is not None and due > now - GRACE


def put_right(
    found: Sequence[Overlooked], program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """Plan again what was forgotten (what is late, for now) and tell the program team, once a day."""
    if not found:
        return Decision()
    effects: list[Effect] = [_again(one, circ.now) for one in found]
    room = team_room(program)
    people = resolve(program.program_team, program, {}, directory, circ.now).people
    day = circ.now.date().isoformat()
    told: list[tuple[ToRoom | ToPerson, str]] = (
        [(ToRoom(name=room), room)] if room else [(ToPerson(user=u), str(u)) for u in people]
    )
    about = Subject(type="program", id=program.stamp.label)
    shown = [one.model_dump(mode="json") for one in found[:20]]
    effects += [
        Post(
            to=to,
            kind="overlooked",
            subject=about,
            data={"found": shown, "all": len(found)},
            key=f"overlooked/{day}/{name}",
        )
        for to, name in told
    ]
    entries = tuple(
        Entry(
            action="clock.put_right",
            subject=one.subject,
            detail={"kind": one.kind, "item": one.item, "step": one.step, "since": one.since.isoformat()},
        )
        for one in found
    )
    return Decision(entries=entries, effects=tuple(effects))


def _again(one: Overlooked, now: datetime) -> Later:
    due = max(one.since, now)
    id, data = one.subject.id, dict[str, object]()
    match one.kind:
        case "remind":
            key, name, data = f"remind/{id}/{one.item}/", "remind_seat", {"seat": one.item}
        case "due":
            key, name, data = f"due/{id}/{one.item}/", "due_seat", {"seat": one.item}
        case "escalate":
            key, name = f"escalate/{id}/{one.item}/{one.step}", "escalate_seat"
            data = {"seat": one.item, "step": one.step}
        case "condition":
            key, name = f"condition/{id}/{one.item}/overdue", "condition_due"
            data = {"condition": one.item, "when": "overdue"}
        case "reseat":
            key, name, data = f"reseat/{id}/{one.item}", "reseat", {}
    return Later(key=key, due=due, name=name, subject=one.subject, data=data)


def next_look(now: datetime) -> datetime:
    """When the auditor looks again: at four in the morning, in UTC."""
    today = now.replace(hour=4, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)
