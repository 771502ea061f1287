"""A tool is declared: what it is, what for, and which data it sees; onto the inventory, without blame."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflows.announcing import DECLARED_CARD as CARD
from workflows.answers import Answer
from workflows.asking import plan_ahead
from workflows.champions import champions_of, functions_of
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, Refresh, ShowHome, ToPerson, Work
from workflows.events import Event, week_of
from workflows.ids import Frozen, Place, QuestionId, Subject, UseCaseId, UserId, WalkId
from workflows.people import Directory
from workflows.program import Program
from workflows.refusals import Refusal, Right
from workflows.roles import resolve
from workflows.scoring import assess
from workflows.suggesting import hinted
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk
from workflows.words.texts import longest

TOOL_AT_MOST, WHAT_AT_MOST = 100, 1000
_WORD = re.compile(r"[^\W_]+")


class Told(Frozen):
    """The three answers. ``data`` is an option of the program's question; empty: they do not know."""

    tool: str
    what: str
    data: str = ""


def wrong_with(told: Told, program: Program) -> dict[str, str]:
    """Corrections, by field of the form."""
    texts = program.messages
    wrong = {}
    for name, text, at_most in (("tool", told.tool, TOOL_AT_MOST), ("what", told.what, WHAT_AT_MOST)):
        if not _WORD.search(text):
            wrong[name] = texts["declare_empty"]
        elif len(text) > at_most:
            wrong[name] = texts["declare_long"].format(limit=at_most)
    return wrong


def title_of(told: Told, program: Program) -> str:
    """``ChatGPT: translations``, as long as a name may be."""
    named = program.intake.title_question
    limit = longest(program.intake.question(QuestionId(named))) if named else 80
    what = " ".join(told.what.split())
    return f"{' '.join(told.tool.split())}: {what}"[:limit].rstrip(" .:")


def same_as(told: Told, declared: Sequence[UseCase], program: Program) -> UseCase | None:
    """The declared tool that this one is: the same tool, for what shares at least half of its words."""
    tool, what = _name(told.tool), _words(told.what)
    for use_case in declared:
        name, _, purpose = use_case.title.partition(":")
        story = program.intake.story_question
        answer = use_case.answers.get(QuestionId(story)) if story else None
        known = _words(purpose) | (_words(str(answer.value)) if answer else set())
        if _name(name) == tool and len(what & known) * 2 >= len(what):
            return use_case
    return None


def declared(
    id: UseCaseId, told: Told, data_known: bool, program: Program, directory: Directory, circ: Circumstances
) -> Decision:
    """A new entry of the inventory, with what its answers are worth so far. Whoever is to see to it is asked.

    ``data_known`` is whether ``told.data`` is an option of the program's question.
    """
    user, intake = circ.actor.user, program.intake
    answers: dict[QuestionId, Answer] = {}

    def keep(question: str | None, value: Any, how: Any = "form") -> None:
        if question:
            answers[QuestionId(question)] = Answer(value=value, how=how, by=user, at=circ.now)

    keep(intake.title_question, title_of(told, program))
    keep(intake.story_question, told.what.strip())
    if data_known:
        keep(program.life_cycle.declaring.data, told.data)
    for question, found in hinted(
        intake, f"{told.tool}: {told.what}", set(answers), circ.now, directory, user
    ).items():
        keep(question, found.value, "suggested")
    for question, value in program.life_cycle.declaring.assumes.items():
        if question not in answers:
            keep(question, value, "suggested")
    function = next(iter(functions_of(user, program, directory)), "")
    if function and _takes(program, program.releases.channel, function):
        keep(program.releases.channel, function, "suggested")
    use_case = UseCase(
        id=id,
        title=title_of(told, program),
        stage=program.life_cycle.declaring.stage,
        stage_since=circ.now,
        submitter=user,
        program=circ.program,
        answers=answers,
        assessment=assess(program, intake, answers),
        source="declared",
        created_at=circ.now,
    )
    asked = sees_to_it(use_case, program, directory, circ.now)
    posts: list[Effect] = [_card(use_case, u) for u in dict.fromkeys((user, *asked))]
    entry = Entry(
        action="use_case.declared",
        subject=use_case.subject,
        detail={"tier": use_case.assessment.tier.tier if use_case.assessment else ""},
    )
    return Decision(
        changed=(use_case,),
        events=(_counted(use_case, function, circ),),
        entries=(entry,),
        effects=(*posts, ShowHome(user=user)),
    )


def declared_too(use_case: UseCase, program: Program, directory: Directory, circ: Circumstances) -> Decision:
    """Somebody else uses what was declared already: that is counted, and nothing is listed twice."""
    user = circ.actor.user
    function = next(iter(functions_of(user, program, directory)), "")
    entry = Entry(action="use_case.declared_too", subject=use_case.subject)
    return Decision(
        events=(_counted(use_case, function, circ),),
        entries=(entry,),
        effects=(_card(use_case, user), Refresh(subject=use_case.subject, card=CARD)),
    )


def sees_to_it(
    use_case: UseCase, program: Program, directory: Directory, now: datetime
) -> tuple[UserId, ...]:
    """Who is asked to see to it: the champion of the function, else the program team; for what is off limits
    both. Not whoever declared it."""
    answer = use_case.answers.get(QuestionId(program.releases.channel))
    function = str(answer.value) if answer else ""
    found = champions_of(function, program, directory, now)
    champions = tuple(u for u in found if u != use_case.submitter)
    team = resolve(program.program_team, program, {}, directory, now, (use_case.submitter,)).people
    stopped = use_case.assessment is not None and use_case.assessment.tier.tier == "prohibited"
    return tuple(dict.fromkeys((*champions, *team))) if stopped or not champions else champions


@dataclass(frozen=True)
class Taking:
    """Somebody makes a use case of what was declared."""

    use_case: UseCase
    walks: Sequence[Walk]
    """Those about it."""
    program: Program
    directory: Directory
    circ: Circumstances
    at: Place | None = None
    detail: dict[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> Subject:
        """The use case."""
        return self.use_case.subject

    @property
    def intake(self) -> Walk | None:
        """The intake of it that is under way."""
        over = ("cancelled", "expired")
        own = (w for w in self.walks if w.questionnaire == self.program.intake.id and w.status not in over)
        return next(own, None)


def _is_declared(t: Taking) -> Refusal | None:
    """It is still only declared."""
    here = t.use_case.stage == t.program.life_cycle.declaring.stage
    return None if here else Refusal("declared_moved_on", {"id": t.use_case.id})


def _may_take(t: Taking) -> Refusal | None:
    """Whoever declared it or was asked to see to it, and the program team."""
    user, now = t.circ.actor.user, t.circ.now
    team = resolve(t.program.program_team, t.program, {}, t.directory, now).people
    able = (t.use_case.submitter, *sees_to_it(t.use_case, t.program, t.directory, now), *team)
    if user in able and t.directory.person(user).active:
        return None
    return Refusal("declared_not_yours", {"who": t.directory.person(able[0]).name})


def _not_begun(t: Taking) -> Refusal | None:
    """Nobody is at it."""
    if t.intake is None:
        return None
    return Refusal("declared_begun", {"who": t.directory.person(t.intake.owner).name})


TAKE = Right[Taking]("use_case.taken_up", (_is_declared, _may_take, _not_begun))


def taken_up(t: Taking, walk_id: WalkId) -> Decision:
    """The intake of what was declared, with all that was said of it; whoever begins it submits it."""
    refused = TAKE.refused(t)
    if refused:
        return refused
    user, intake = t.circ.actor.user, t.program.intake
    story = intake.story_question
    answer = t.use_case.answers.get(QuestionId(story)) if story else None
    walk = Walk(
        id=walk_id,
        questionnaire=intake.id,
        about=t.use_case.id,
        owner=user,
        origin=Origin(entry="form", words=str(answer.value) if answer else t.use_case.title),
        program=t.circ.program,
        answers={q: a.model_copy(update={"by": user}) for q, a in t.use_case.answers.items()},
        started_at=t.circ.now,
        touched_at=t.circ.now,
    )
    theirs = t.use_case.model_copy(update={"submitter": user})
    detail = {"walk": walk_id, "declared_by": t.use_case.submitter}
    return Decision(
        changed=(walk, theirs),
        entries=(Entry(action="use_case.taken_up", subject=t.use_case.subject, detail=detail),),
        effects=(
            Work(name="open_walk", subject=walk.subject, key=f"open/{walk_id}"),
            Refresh(subject=t.use_case.subject, card=CARD),
            ShowHome(user=user),
            *plan_ahead(walk, t.program, t.circ),
        ),
    )


def _card(use_case: UseCase, user: UserId) -> Post:
    return Post(
        to=ToPerson(user=user),
        kind=CARD,
        subject=use_case.subject,
        card=CARD,
        key=f"declared/{use_case.id}/{user}",
    )


def _counted(use_case: UseCase, function: str, circ: Circumstances) -> Event:
    return Event(
        key=f"declared/{use_case.id}/{circ.actor.user}",
        kind="declared",
        at=circ.now,
        week=week_of(circ.now.date()),
        use_case=use_case.id,
        function=function,
        person=circ.actor.user,
        source="slack",
        received_at=circ.now,
    )


def _takes(program: Program, question: str, value: str) -> bool:
    asked = next((q for q in program.intake.questions() if q.id == question), None)
    return asked is not None and any(c.id == value for c in asked.choices)


def _name(tool: str) -> set[str]:
    """The words of a tool's name, however short they all are: "o1" is not "o3"."""
    return _words(tool) or set(_WORD.findall(tool.casefold()))


def _words(text: str) -> set[str]:
    return {w for w in _WORD.findall(text.casefold()) if len(w) > 2 or w.isdigit()}
