"""The mechanics of a walk: keep answers, move to what is asked next, and say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from workflows.answers import Answer, How, Value
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Effect, Forget, Later, Post, Refresh, ToPerson, ToPlace, Whisper
from workflows.ids import QuestionId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import next_question
from workflows.questions import Question, Questionnaire
from workflows.taking import Reader
from workflows.use_case import UseCase
from workflows.walk import Walk
from workflows.words.reading import Correction


def questionnaire_of(walk: Walk, program: Program) -> Questionnaire:
    """The questionnaire that is walked."""
    return program.questionnaires[walk.questionnaire]


def asked_question(walk: Walk, program: Program) -> Question | None:
    """The question on the table; ``None`` when there is none, or the program no longer has it."""
    questions = questionnaire_of(walk, program).questions()
    return next((q for q in questions if q.id == walk.asking), None)


def reader_of(walk: Walk, directory: Directory, circ: Circumstances) -> Reader:
    """Who is speaking in this moment."""
    return Reader(now=circ.now, directory=directory, speaker=circ.actor.user)


def touched(walk: Walk, circ: Circumstances, **changes: Any) -> Walk:
    """The walk as it is after somebody dealt with it, under the program of this moment."""
    return walk.model_copy(
        update={"touched_at": circ.now, "program": circ.program, "confirming": False, **changes}
    )


def to_walk(walk: Walk) -> ToPlace | ToPerson:
    """Its thread, or its owner's direct message as long as it has none."""
    return ToPlace(place=walk.place) if walk.place else ToPerson(user=walk.owner)


def post(walk: Walk, kind: str, card: str | None = None, **data: Any) -> Post:
    """A message in the walk's thread."""
    return Post(to=to_walk(walk), kind=kind, subject=walk.subject, data=data, card=card)


def say(walk: Walk, message: str, **values: Any) -> Post:
    """One of the program's sentences in the walk's thread."""
    return post(walk, "said", message=message, values=values)


def entry(walk: Walk, action: str, refused: bool = False, **detail: Any) -> Entry:
    """A line for the audit log."""
    return Entry(action=f"walk.{action}", subject=walk.subject, detail=detail, refused=refused)


def nudge_key(walk: Walk) -> str:
    """The key of the planned nudge."""
    return f"nudge/{walk.id}"


def expire_key(walk: Walk) -> str:
    """The key of the planned expiry."""
    return f"expire/{walk.id}"


def stands_open(walk: Walk, program: Program) -> bool:
    """Whether it is nobody's draft but a checklist, which is kept up to date and never ends."""
    return questionnaire_of(walk, program).kind == "checklist"


def plan_ahead(walk: Walk, program: Program, circ: Circumstances) -> tuple[Effect, ...]:
    """The nudge (unless there was one) and the expiry, counted from now; a checklist has neither."""
    if stands_open(walk, program):
        return ()
    drafts = program.drafts
    expiry = Later(
        key=expire_key(walk),
        due=circ.now + timedelta(days=drafts.expire_after_days),
        name="expire_draft",
        subject=walk.subject,
    )
    if walk.nudged_at is not None:
        return (expiry,)
    due = circ.now + timedelta(hours=drafts.nudge_after_hours)
    return (Later(key=nudge_key(walk), due=due, name="nudge_draft", subject=walk.subject), expiry)


def unplan(walk: Walk) -> tuple[Effect, ...]:
    """Nothing more is due for a walk that is over."""
    return (Forget(key=nudge_key(walk)), Forget(key=expire_key(walk)))


def keep_answers(
    walk: Walk,
    values: Mapping[QuestionId, Value],
    how: How,
    circ: Circumstances,
    words: str = "",
    reason: str = "",
) -> Walk:
    """The walk with these answers, which replace what was there and take nothing else away."""
    answers = dict(walk.answers)
    for id, value in values.items():
        answers.pop(id, None)  # the latest answer stands last
        answers[id] = Answer(
            value=value, how=how, by=circ.actor.user, at=circ.now, words=words[:3000], reason=reason
        )
    skipped = tuple(q for q in walk.skipped if q not in values)
    return walk.model_copy(update={"answers": answers, "skipped": skipped})


def ask(
    walk: Walk,
    question: QuestionId,
    *,
    noted: Iterable[QuestionId] = (),
    correction: Correction | None = None,
    challenge: bool = False,
    changed: bool = False,
    remember: bool = True,
    **more: Any,
) -> tuple[Walk, tuple[Effect, ...]]:
    """Put a question on the table. ``remember``: the one that was there becomes a step to go ``back`` to."""
    trail = walk.trail
    if remember and walk.asking and walk.asking != question:
        trail = (*(q for q in trail if q != walk.asking), walk.asking)
    moved = {"status": "asking", "asking": question, "ask": walk.ask + 1, "trail": trail, "lost": None}
    if walk.asking != question:
        moved["claim"] = None
    asked = walk.model_copy(update={**moved, **more})
    data: dict[str, Any] = {
        "ask": asked.ask,
        "question": question,
        "noted": list(noted),
        "correction": {"text": correction.text, "example": correction.example} if correction else None,
        "challenge": challenge,
        "changed": changed,
    }
    effects: list[Effect] = [*closing(walk), post(asked, "question", f"ask:{asked.ask}", **data)]
    return asked, tuple(effects)


def closing(walk: Walk) -> tuple[Effect, ...]:
    """Redraw the card of the question that was on the table, now without its buttons."""
    return (Refresh(subject=walk.subject, card=f"ask:{walk.ask}"),) if walk.ask and walk.asking else ()


def move_on(
    walk: Walk,
    program: Program,
    noted: Iterable[QuestionId] = (),
    changed: bool = False,
    quietly: bool = False,
) -> tuple[Walk, tuple[Effect, ...]]:
    """To the next open question, or to the review when nothing is left.

    ``quietly``: the review card is redrawn where it is and not posted anew.
    """
    questionnaire = questionnaire_of(walk, program)
    noted = [q for q in noted if q in walk.answers]
    following = next_question(questionnaire, walk)
    if following is not None:
        return ask(walk, following.id, noted=noted, changed=changed, returning=False)
    trail = walk.trail
    if walk.asking:
        trail = (*(q for q in trail if q != walk.asking), walk.asking)
    reviewing = walk.model_copy(
        update={
            "status": "reviewing",
            "asking": None,
            "trail": trail,
            "returning": False,
            "ask": walk.ask + 1,
            "claim": None,
            "lost": None,
        }
    )
    effects: list[Effect] = [*closing(walk)]
    if quietly and walk.status == "reviewing":
        return reviewing, (Refresh(subject=walk.subject, card="review"),)
    if noted:
        data: dict[str, Any] = {
            "question": None,
            "correction": None,
            "challenge": False,
            "ask": reviewing.ask,
        }
        effects.append(post(reviewing, "question", noted=noted, changed=changed, **data))
    effects.append(post(reviewing, "review", "review"))
    return reviewing, tuple(effects)


def decided(
    walk: Walk, effects: Iterable[Effect], entries: Iterable[Entry], program: Program, circ: Circumstances
) -> Decision:
    """The changed walk with its effects, and the nudge and expiry moved on."""
    return Decision(
        changed=(walk,), entries=tuple(entries), effects=(*effects, *plan_ahead(walk, program, circ))
    )


OVER = ("submitted", "cancelled", "expired")
"""The statuses of a walk that is over."""


def not_yours(walk: Walk, program: Program, directory: Directory, circ: Circumstances) -> Decision | None:
    """A refusal, to be recorded, when the actor is not the walk's owner; ``None`` when they are."""
    if circ.actor.user == walk.owner:
        return None
    return Decision(entries=(entry(walk, "acted_on_by_another", refused=True),))


def old_button(walk: Walk, circ: Circumstances, message: str = "old_button", **values: Any) -> Decision:
    """A click that came too late changes nothing, and the person is told where the current question is."""
    refused = entry(walk, "old_button", refused=True, status=walk.status)
    if walk.place is None:
        return Decision(entries=(refused,))
    data = {"message": message, "values": values}
    whisper = Whisper(place=walk.place, user=circ.actor.user, kind="said", subject=walk.subject, data=data)
    return Decision(entries=(refused,), effects=(whisper,))


def title_of(walk: Walk, use_case: UseCase | None, program: Program) -> str:
    """What the walk is called, see :func:`titled`."""
    return titled(walk, use_case.title if use_case else "", program)


def titled(walk: Walk, called: str, program: Program) -> str:
    """What a walk is called: a draft by the name answered so far, else ``called`` (the title on record), else
    its id; any other by its questionnaire and what it is about."""
    questionnaire = questionnaire_of(walk, program)
    named = called or str(walk.about)
    if questionnaire.kind == "intake":
        answer = walk.answers.get(questionnaire.title_question) if questionnaire.title_question else None
        return str(answer.value) if answer else named
    of = str(walk.matter.id) if walk.matter else named
    if not of:
        return questionnaire.name
    return program.messages["walk_about"].format_map({"what": questionnaire.name, "title": of})


def reopened(walk: Walk, program: Program) -> Walk:
    """A saved, cancelled or expired walk where it was: at its question, or at the review."""
    if walk.status in ("asking", "reviewing"):
        return walk
    return walk.model_copy(update={"status": "asking" if asked_question(walk, program) else "reviewing"})
