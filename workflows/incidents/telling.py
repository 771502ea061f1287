"""Who hears what of an incident: its card, what is planned for later, and what is written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from workflows.calendars import expected_times
from workflows.decision import Entry
from workflows.effects import Effect, Forget, Later, Post, Refresh, ToPerson, ToPlace, ToRoom
from workflows.ids import Place, QuestionId, Subject, UserId
from workflows.incident import Incident
from workflows.incidents.policy import Span
from workflows.incidents.rights import Handling, Known, holders, people
from workflows.matter import Note
from workflows.program import Program
from workflows.use_case import UseCase

CARD = "incident"


def noted(incident: Incident, h: Handling, what: str, text: str = "", by: UserId | None = None) -> Incident:
    """With one more line in its timeline, never before the last one: clocks differ, the order does not."""
    last = incident.timeline[-1].at if incident.timeline else incident.opened_at
    note = Note(at=max(h.now, last), by=by or h.user, what=what, text=text)
    return incident.model_copy(update={"timeline": (*incident.timeline, note)})


def rooms_of(use_case: UseCase | None, program: Program) -> tuple[str, ...]:
    """The channels that hear of an incident: that of all of them, and that of the use case's function."""
    asked = QuestionId(program.releases.channel)
    answer = use_case.answers.get(asked) if use_case else None
    function = program.functions.get(str(answer.value)) if answer else None
    found = [program.incidents.room, function.room if function else ""]
    return tuple(dict.fromkeys(r for r in found if r))


def to_tell(incident: Incident, h: Handling) -> tuple[UserId, ...]:
    """Who hears of it at once, by the program."""
    return people(h.program.incidents.tell, incident, h.use_case, h.program, Known(h.directory, h.now))


def cards(incident: Incident, users: Iterable[UserId], rooms: Iterable[str]) -> tuple[Post, ...]:
    """The card for these people and channels, nowhere twice."""
    posts = [_card(incident, ToPerson(user=u), f"person/{u}") for u in users]
    return (*posts, *(_card(incident, ToRoom(name=r), f"room/{r}") for r in rooms))


def card_at(incident: Incident, place: Place) -> Post:
    """The card in a thread, such as under the message that it was reported from."""
    return _card(incident, ToPlace(place=place), f"place/{place.channel}/{place.thread}")


def _card(incident: Incident, to: ToPerson | ToRoom | ToPlace, where: str) -> Post:
    key = f"incident/{incident.id}/{where}"
    return Post(to=to, kind=CARD, subject=incident.subject, card=CARD, key=key)


def spread(before: Incident, incident: Incident, h: Handling) -> tuple[Incident, tuple[Post, ...]]:
    """Those who are to know of it and do not yet: the incident with them, and their cards."""
    users = tuple(u for u in to_tell(incident, h) if u not in before.told)
    rooms = tuple(r for r in rooms_of(h.use_case, h.program) if r not in before.rooms)
    known = incident.model_copy(update={"told": (*incident.told, *users), "rooms": (*incident.rooms, *rooms)})
    return known, cards(incident, users, rooms)


def redraw(incident: Incident) -> tuple[Effect, ...]:
    """Its cards, and those of its use case that depend on it."""
    effects: list[Effect] = [Refresh(subject=incident.subject)]
    if incident.use_case:
        effects.append(Refresh(subject=Subject(type="use_case", id=incident.use_case)))
    return tuple(effects)


def after(span: Span, start: datetime, h: Handling) -> datetime:
    """When that time has gone by; working hours are those of whoever has it, or would, were they not away."""
    if span.minutes is not None:
        return start + timedelta(minutes=span.minutes)
    times = expected_times(_looks_after(h), h.directory, h.program.working_time)
    return times.add(start, span.working_hours or 0)


def _looks_after(h: Handling) -> UserId:
    """Who has it in hand, or would be the first to take it."""
    first = next(iter(holders("take", h)), None)
    return h.incident.owner or first or h.incident.reporter or h.user


def take_key(incident: Incident) -> str:
    """Key of all that waits for somebody to take it."""
    return f"incident/{incident.id}/take/"


def update_key(incident: Incident) -> str:
    """Key of the reminder that an update is due."""
    return f"incident/{incident.id}/update/"


def escalations(incident: Incident, h: Handling) -> tuple[Effect, ...]:
    """What happens while nobody takes it: each step planned from the report on; none once somebody has it."""
    forget = Forget(key=take_key(incident))
    severity = h.program.incidents.severity(incident.severity)
    if severity is None or incident.owner or not incident.bad:
        return (forget,)
    due, planned = incident.opened_at, []
    for number, _ in enumerate(h.program.incidents.escalate, start=1):
        due = after(severity.take_within, due, h)
        planned.append(
            Later(
                key=f"{take_key(incident)}{number}",
                due=max(due, h.now),
                name="incident_untaken",
                subject=incident.subject,
                data={"step": number},
            )
        )
    return (forget, *planned)


def next_update(incident: Incident, h: Handling) -> tuple[Incident, tuple[Effect, ...]]:
    """When those who wait are to hear something next, and the reminder of it; none once it is over."""
    forget = Forget(key=update_key(incident))
    severity = h.program.incidents.severity(incident.severity)
    if severity is None or severity.update_every is None or not incident.bad:
        return incident.model_copy(update={"updates_due": None}), (forget,)
    due = after(severity.update_every, h.now, h)
    later = Later(
        key=f"{update_key(incident)}{int(due.timestamp())}",
        due=due,
        name="incident_update_due",
        subject=incident.subject,
        data={"due": due.isoformat()},
    )
    return incident.model_copy(update={"updates_due": due}), (forget, later)


def entry(what: str, incident: Incident, **detail: object) -> Entry:
    """The line in the audit log."""
    return Entry(action=f"incident.{what}", subject=incident.subject, detail=detail)
