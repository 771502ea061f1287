"""What people are told while they wait for a job, and when it or a message had to be given up."""

from __future__ import annotations

from datetime import datetime

from storage.outbox import Claimed
from storage.reading import Reading
from workflows.decision import Decision, Entry
from workflows.effects import (
    Address,
    Effect,
    Post,
    ShowHome,
    ToPerson,
    ToPlace,
    ToRoom,
    Whisper,
    Work,
)
from workflows.ids import Subject, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve, team_room
from workflows.talks import seen

STATUS = {
    "open_walk": "status_reading",
    "consult": "status_looking_up",
    "answer_question": "status_looking_up",
}
"""What people see while these jobs run, by the key of the sentence."""
ASKS_A_MODEL = frozenset({*STATUS, "overhear"})
"""The work that may wait for a chat model."""


def gave_up(row: Claimed, reason: str, program: Program, directory: Directory, now: datetime) -> Decision:
    """What follows when a row is given up: the log says so; the program team is told, once for each cause."""
    effect = row.effect
    about = Subject(type="delivery", id=row.key)
    kind = effect.name if isinstance(effect, Work) else getattr(effect, "kind", effect.effect)
    entry = Entry(action="delivery.gave_up", subject=about, detail={"reason": reason, "kind": kind})
    if isinstance(effect, Whisper) or kind == "undeliverable":
        return Decision(entries=(entry,))
    data = {"reason": reason, "kind": kind, **_whom(effect)}
    room = team_room(program)
    team = resolve(program.program_team, program, {}, directory, now).people
    told: list[Address] = [ToRoom(name=room)] if room else [ToPerson(user=u) for u in team]
    posts = [
        Post(
            to=to,
            kind="undeliverable",
            subject=about,
            data=data,
            key=f"undeliverable/{row.conversation}/{reason}/{number}",
        )
        for number, to in enumerate(told)
    ]
    return Decision(entries=(entry,), effects=tuple(posts))


def waited_for(reading: Reading, work: Work) -> Address | None:
    """Where somebody waits for this work; ``None`` where nobody does."""
    if work.subject.type == "walk":
        walk = reading.walk(work.subject.id)
        who = work.data.get("who")
        if walk is not None and isinstance(who, str):
            walk = seen(walk, UserId(who), UserId(who))
        return (
            None if walk is None else ToPlace(place=walk.place) if walk.place else ToPerson(user=walk.owner)
        )
    if work.subject.type == "consultation" and work.name in STATUS:
        asked = reading.consultation(work.subject.id)
        return ToPlace(place=asked.place) if asked else None
    return None


def sorry_for(row: Claimed, to: Address | None) -> Decision:
    """When a job that a person waits for was given up: say so where they wait, with the next step."""
    if to is None or not isinstance(row.effect, Work):
        return Decision()
    post = Post(
        to=to,
        kind="said",
        subject=row.effect.subject,
        data={"message": "service_trouble", "values": {}},
        key=f"sorry/{row.key}",
    )
    return Decision(effects=(post,))


def _whom(effect: Effect) -> dict[str, str]:
    if isinstance(effect, Post):
        if isinstance(effect.to, ToPerson):
            return {"person": effect.to.user}
        if isinstance(effect.to, ToRoom):
            return {"room": effect.to.name}
        return {"channel": effect.to.place.channel}
    return {"person": effect.user} if isinstance(effect, ShowHome) else {}
