"""Feedback is given: with a name or without one. Whoever answers for the use case hears of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.calendars import work_times
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Post, ShowHome, ToPerson, Work
from workflows.events import Event, week_of
from workflows.feedback import Feedback
from workflows.ids import FeedbackId, Frozen, QuestionId, UserId
from workflows.listening.themes import recurring, themes_in
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve
from workflows.use_case import UseCase
from workflows.working_time import hours_a_day

CARD = "feedback"
TEXT_AT_MOST = 2000


class Noticed(Frozen):
    """What somebody writes. ``by`` is empty where they leave their name out."""

    text: str
    wish: str = ""
    by: UserId | None = None
    tool: str = ""


@dataclass(frozen=True)
class Around:
    """What feedback is given about, and what was given before."""

    use_case: UseCase | None
    earlier: Sequence[Feedback]
    """Of the same use case."""
    program: Program
    directory: Directory
    circ: Circumstances
    """Of nobody, where no name is to be kept."""


def wrong_with(noticed: Noticed, program: Program) -> dict[str, str]:
    """Corrections, by field of the form."""
    for name, text in (("what", noticed.text), ("wish", noticed.wish)):
        if len(text) > TEXT_AT_MOST:
            return {name: program.messages["feedback_long"].format(limit=TEXT_AT_MOST)}
    return {} if noticed.text.strip() else {"what": program.messages["feedback_empty"]}


def given(id: FeedbackId, noticed: Noticed, around: Around) -> Decision:
    """It is kept, counted, and reaches whoever answers for the use case; the writer is not told of it again.

    Nothing in it names a writer who left their name out: neither the state, nor the log, nor the event.
    """
    wrong = wrong_with(noticed, around.program)
    if wrong:
        return Decision(problems=wrong)
    now, program = around.circ.now, around.program
    use_case = around.use_case
    told = told_of(use_case, program, around.directory, now, noticed.by)
    feedback = Feedback(
        id=id,
        opened_at=now,
        use_case=use_case.id if use_case else None,
        owner=told[0] if told else None,
        text=noticed.text.strip(),
        wish=noticed.wish.strip(),
        said_by=noticed.by,
        tool=noticed.tool.strip(),
        function=function_of(use_case, program),
        themes=themes_in(f"{noticed.text} {noticed.wish}", program.feedback),
        told=told,
        due=_due(told, around),
    )
    cards = [
        Post(
            to=ToPerson(user=user),
            kind=CARD,
            subject=feedback.subject,
            card=CARD,
            key=f"feedback/{id}/card/{user}",
        )
        for user in told
    ]
    homes: list[Effect] = [ShowHome(user=user) for user in told]
    weigh = Work(name="feedback_themes", subject=feedback.subject, key=f"feedback/{id}/themes")
    by_meaning = not feedback.themes and any(t.examples for t in program.feedback.themes)
    detail = {"use_case": feedback.use_case, "named": noticed.by is not None, "themes": list(feedback.themes)}
    return Decision(
        changed=(feedback,),
        events=(counted(feedback, now),),
        entries=(Entry(action="feedback.given", subject=feedback.subject, detail=detail),),
        effects=(*cards, *homes, *again_and_again(feedback, around), *((weigh,) if by_meaning else ())),
    )


def counted(feedback: Feedback, now: datetime) -> Event:
    """The event of one feedback: what it is about and its themes; never whose it is."""
    return Event(
        key=f"feedback/{feedback.id}",
        kind="feedback",
        at=feedback.opened_at,
        week=week_of(feedback.opened_at.date()),
        use_case=feedback.use_case,
        function=feedback.function,
        source="slack",
        received_at=now,
        detail={"theme": next(iter(feedback.themes), ""), "themes": list(feedback.themes)},
    )


def told_of(
    use_case: UseCase | None,
    program: Program,
    directory: Directory,
    now: datetime,
    but: UserId | None = None,
    roles: Sequence[str] = (),
) -> tuple[UserId, ...]:
    """Whom it reaches: the roles of the program, else its team; not the writer, unless nobody is left."""
    found: list[UserId] = []
    if use_case is not None:
        for role in roles or program.feedback.to:
            one = resolve(role, program, use_case.answers, directory, now)
            found += () if one.unresolved else one.people
    team = resolve(program.program_team, program, {}, directory, now).people
    able = tuple(dict.fromkeys(found)) or team
    others = tuple(u for u in able if u != but) or tuple(u for u in team if u != but)
    return others or able


def function_of(use_case: UseCase | None, program: Program) -> str:
    """The id of the function that a use case belongs to; empty where none is known."""
    answer = use_case.answers.get(QuestionId(program.releases.channel)) if use_case else None
    said = str(answer.value) if answer else ""
    return said if said in program.functions else ""


def again_and_again(feedback: Feedback, around: Around) -> tuple[Effect, ...]:
    """The word that a theme has come up often enough: once a month for each use case and theme."""
    policy, now = around.program.feedback, around.circ.now
    all_ = (*(f for f in around.earlier if f.id != feedback.id), feedback)
    often = {theme for use_case, theme, _ in recurring(all_, policy, now) if use_case == feedback.use_case}
    team = resolve(around.program.program_team, around.program, {}, around.directory, now).people
    owners = told_of(around.use_case, around.program, around.directory, now, None, policy.recurring.to)
    return tuple(
        Post(
            to=ToPerson(user=user),
            kind="feedback_recurring",
            subject=feedback.subject,
            data={"use_case": feedback.use_case or "", "theme": theme},
            key=f"feedback/again/{feedback.use_case or '-'}/{theme}/{now:%Y-%m}/{user}",
        )
        for theme in feedback.themes
        if theme in often
        for user in dict.fromkeys((*owners, *team))
    )


def _due(told: Sequence[UserId], around: Around) -> datetime | None:
    if not told:
        return None
    working = around.program.working_time
    hours = around.program.feedback.answer_within_days * hours_a_day(working)
    return work_times(told[0], around.directory, working).add(around.circ.now, hours)
