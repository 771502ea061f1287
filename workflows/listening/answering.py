"""What becomes of feedback: it is answered or noted, and its themes are put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ShowHome, ToPerson, ToRoom
from workflows.feedback import Feedback
from workflows.ids import Place, Subject, UserId
from workflows.listening.giving import CARD, TEXT_AT_MOST, Around, again_and_again, counted
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.use_case import UseCase


@dataclass(frozen=True)
class Heard:
    """Somebody does something about one feedback."""

    feedback: Feedback
    use_case: UseCase | None
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    earlier: Sequence[Feedback] = ()
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> UserId:
        """Who does it."""
        return self.circ.actor.user

    @property
    def subject(self) -> Subject:
        """The feedback."""
        return self.feedback.subject


def team_of(h: Heard) -> tuple[UserId, ...]:
    """The program team."""
    return resolve(h.program.program_team, h.program, {}, h.directory, h.circ.now).people


def _active(h: Heard) -> Refusal | None:
    return None if h.directory.person(h.user).active else Refusal("feedback_not_yours", {"who": "others"})


def _reached_them(h: Heard) -> Refusal | None:
    """It reached them, or they are of the program team."""
    if h.user in (*h.feedback.told, *team_of(h)):
        return None
    who = ", ".join(h.directory.person(u).name for u in h.feedback.told[:3])
    return Refusal("feedback_not_yours", {"who": who})


def _still_open(h: Heard) -> Refusal | None:
    """Nobody has dealt with it yet; if so, say who did."""
    if h.feedback.status == "open":
        return None
    by = h.feedback.answered_by
    return Refusal("feedback_dealt_with", {"who": h.directory.person(by).name if by else "Somebody"})


def _of_the_team(h: Heard) -> Refusal | None:
    """Themes are put right by the program team, so that they mean the same everywhere."""
    return None if h.user in team_of(h) else Refusal("feedback_themes_not_yours")


ANSWER = Right("feedback.answer", (_active, _reached_them, _still_open))
NOTED = Right("feedback.noted", (_active, _reached_them, _still_open))
THEMES = Right("feedback.themes", (_active, _of_the_team))


def room_of(feedback: Feedback, program: Program) -> str:
    """The channel (no ``#``) of the use case's function; empty where there is none."""
    function = program.functions.get(feedback.function)
    return function.room if function else ""


def answered(h: Heard, text: str) -> Decision:
    """An answer: to whoever wrote it, or, where that is nobody's business, to the use case's channel."""
    refused = ANSWER.refused(h)
    if refused:
        return refused
    said = text.strip()
    if not said or len(said) > TEXT_AT_MOST:
        key = "feedback_long" if said else "feedback_empty"
        return Decision(problems={"answer": h.program.messages[key].format(limit=TEXT_AT_MOST)})
    kept = h.feedback.model_copy(
        update={"status": "answered", "answer": said, "answered_by": h.user, "closed_at": h.circ.now}
    )
    room, writer = room_of(kept, h.program), kept.said_by
    to: list[ToPerson | ToRoom] = [ToPerson(user=writer)] if writer else []
    if writer is None and room:
        to = [ToRoom(name=room)]
    posts = tuple(
        Post(
            to=place,
            kind="feedback_answer",
            subject=kept.subject,
            key=f"feedback/{kept.id}/answer",
        )
        for place in to
    )
    return _closed(h, kept, "answered", posts)


def noted(h: Heard) -> Decision:
    """Read and thanked for; whoever gave their name hears that much."""
    refused = NOTED.refused(h)
    if refused:
        return refused
    update = {"status": "done", "answered_by": h.user, "closed_at": h.circ.now}
    kept = h.feedback.model_copy(update=update)
    thanks = (
        Post(to=ToPerson(user=kept.said_by), kind="feedback_answer", subject=kept.subject)
        if (kept.said_by)
        else None
    )
    return _closed(h, kept, "noted", (thanks,) if thanks else ())


def themed(h: Heard, themes: Sequence[str]) -> Decision:
    """Other themes, by the program team."""
    refused = THEMES.refused(h)
    return refused or sorted_into(h, themes)


def sorted_into(h: Heard, themes: Sequence[str]) -> Decision:
    """The feedback under these themes, in the program's order; what the program does not know is left out."""
    wanted = tuple(t.id for t in h.program.feedback.themes if t.id in themes)
    if wanted == h.feedback.themes:
        return Decision()
    kept = h.feedback.model_copy(update={"themes": wanted})
    detail = {"from": list(h.feedback.themes), "to": list(wanted)}
    around = Around(h.use_case, h.earlier, h.program, h.directory, h.circ)
    return Decision(
        changed=(kept,),
        events=(counted(kept, h.circ.now),),
        entries=(Entry(action="feedback.themes", subject=kept.subject, detail=detail),),
        effects=(Refresh(subject=kept.subject, card=CARD), *again_and_again(kept, around)),
    )


def _closed(h: Heard, kept: Feedback, what: str, posts: Sequence[Effect]) -> Decision:
    entry = Entry(action=f"feedback.{what}", subject=kept.subject, detail={"use_case": kept.use_case})
    homes = [ShowHome(user=user) for user in kept.told]
    return Decision(
        changed=(kept,), entries=(entry,), effects=(*posts, Refresh(subject=kept.subject), *homes)
    )
