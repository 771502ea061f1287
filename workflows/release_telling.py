"""Who hears what of a release: its card, the announcement, and what everybody has to know at once."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.decision import Circumstances
from workflows.dossier import Dossier
from workflows.effects import Effect, Post, Refresh, ToPerson, ToPlace, ToRoom
from workflows.ids import QuestionId, UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.release import Release
from workflows.roles import resolve
from workflows.seats import open_seats, to_act
from workflows.seeing import people_in
from workflows.systems import system_name


def owners(dossier: Dossier, directory: Directory, program: Program) -> tuple[UserId, ...]:
    """Who brought the use case in and everybody named in it, as far as they can be reached."""
    use_case = dossier.use_case
    return directory.active((use_case.submitter, *people_in(use_case, program)))


def room_of(dossier: Dossier, program: Program) -> str:
    """The channel (no ``#``) that hears of its releases; empty where there is none."""
    answer = dossier.use_case.answers.get(QuestionId(program.releases.channel))
    function = program.functions.get(str(answer.value)) if answer else None
    return function.room if function else ""


def card_for(release: Release, users: Iterable[UserId]) -> tuple[Post, ...]:
    """The card of the release for these people, by direct message."""
    return tuple(
        Post(to=ToPerson(user=u), kind="release", subject=release.subject, card="release")
        for u in users
        if not system_name(u)
    )


def announced(
    release: Release, dossier: Dossier, program: Program, directory: Directory
) -> tuple[Effect, ...]:
    """A version is in use: the channel gets its card, its owners and whoever proposed it are told."""
    room = room_of(dossier, program)
    in_room = [Post(to=ToRoom(name=room), kind="release", subject=release.subject, card="release")]
    people = [*owners(dossier, directory, program)]
    if not system_name(release.proposed_by):
        people.append(release.proposed_by)
    told = _told(release, "live", people, dossier)
    return (*(in_room if room else ()), *told)


def everyone_told(
    release: Release,
    event: str,
    dossier: Dossier,
    program: Program,
    directory: Directory,
    circ: Circumstances,
    **data: str | None,
) -> tuple[Effect, ...]:
    """What all have to know at once: the channel, the owners, roles that are told, whoever was to decide.

    Whoever did it is not told of it; they saw it.
    """
    answers = dossier.use_case.answers
    people = [*owners(dossier, directory, program), *directory.active((release.proposed_by,))]
    for role in program.releases.tell:
        people += resolve(role, program, answers, directory, circ.now).people
    for approval in dossier.approvals:
        if approval.matter == release.subject:
            people += [u for seat in open_seats(approval) for u in to_act(seat)]
    people = [u for u in people if u != circ.actor.user]
    room = room_of(dossier, program)
    said = {"event": event, "by": circ.actor.user, "at": circ.now.isoformat(), **data}
    in_room = Post(to=ToRoom(name=room), kind="release_told", subject=release.subject, data=said)
    return (
        *((in_room,) if room else ()),
        *_told(release, event, people, dossier, **{k: v for k, v in said.items() if k != "event"}),
        *redraw(release, dossier),
    )


def _told(
    release: Release, event: str, people: Iterable[UserId], dossier: Dossier, **data: str | None
) -> tuple[Post, ...]:
    """One message each; whoever brought the use case in reads it in its thread."""
    use_case = dossier.use_case
    made = []
    for user in dict.fromkeys(people):
        at_home = user == use_case.submitter and use_case.home is not None
        to = ToPlace(place=use_case.home) if at_home and use_case.home else ToPerson(user=user)
        said = {"event": event, **data}
        made.append(Post(to=to, kind="release_told", subject=release.subject, data=said))
    return tuple(made)


def told_of_decision(
    release: Release, event: str, dossier: Dossier, directory: Directory
) -> tuple[Post, ...]:
    """Whoever proposed it and whoever answers for it hear what was decided, on a card with what is next."""
    people = directory.active((release.proposed_by, *((release.owner,) if release.owner else ())))
    return _told(release, event, people, dossier)


def redraw(release: Release, dossier: Dossier) -> tuple[Effect, ...]:
    """Every card of the release, of the version before, and of what is shown with them."""
    others = [
        r.subject for r in dossier.releases if r.status in ("live", "superseded", "stopped", "approved")
    ]
    incidents = [i.subject for i in dossier.incidents if i.status in ("open", "mitigated")]
    subjects = dict.fromkeys((release.subject, *others, *incidents, dossier.use_case.subject))
    return tuple(Refresh(subject=s) for s in subjects)
