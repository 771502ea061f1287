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
from workflows.release_rights import able
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
    """The card of the release for these people, by direct message; nobody gets it twice."""
    return tuple(
        Post(
            to=ToPerson(user=u),
            kind="release",
            subject=release.subject,
            card="release",
            key=f"release/{release.id}/card/{u}",
        )
        for u in dict.fromkeys(users)
        if not system_name(u)
    )


def announced(
    release: Release, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
) -> tuple[Effect, ...]:
    """A version is in use: its channel, its owners and whoever may stop it get the card.

    Who put it forward and who answers for it have had the card since then; they are told in a sentence.
    """
    room = room_of(dossier, program)
    in_room = Post(to=ToRoom(name=room), kind="release", subject=release.subject, card="release")
    before = directory.active(tuple(u for u in (release.proposed_by, release.owner) if u))
    may_stop = able("stop", dossier, program, directory, circ.now)
    people = [u for u in (*owners(dossier, directory, program), *may_stop) if u not in before]
    told = _told(release, "live", [u for u in before if u != circ.actor.user], dossier)
    return (*((in_room,) if room else ()), *card_for(release, people), *told)


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
