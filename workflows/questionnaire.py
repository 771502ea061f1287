"""One engine for all questionnaires: what is asked, what is next, how far one is, and answers in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from workflows import checking
from workflows.answers import Answer, Answers, Value
from workflows.expressions import environment, holds
from workflows.ids import Frozen, QuestionId, UserId
from workflows.people import Directory
from workflows.questions import Question, Questionnaire, Step
from workflows.walk import Walk
from workflows.words.calendar_words import in_words
from workflows.words.numbers import money_in_words, number_in_words


class Progress(Frozen):
    """How far a walk is, in steps; ``step_number`` is the one it is at, from 1."""

    step_number: int
    steps: int
    steps_left: int
    minutes_left: int


def visible_questions(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """The questions whose condition holds, in order. Answers to hidden ones are kept but do not count."""
    env = environment(questionnaire, answers)
    return [q for q in questionnaire.questions() if holds(q.when, env)]


def visible_answers(questionnaire: Questionnaire, answers: Answers) -> dict[QuestionId, Answer]:
    """The answers that count, in the order of their questions."""
    return {q.id: answers[q.id] for q in visible_questions(questionnaire, answers) if q.id in answers}


def is_required(questionnaire: Questionnaire, question: Question, answers: Answers) -> bool:
    """Whether submission needs it. A quiet question is needed only where its own condition says so."""
    if isinstance(question.required, str):
        return holds(question.required, environment(questionnaire, answers))
    return question.required and not is_quiet(questionnaire, question, answers)


def is_quiet(questionnaire: Questionnaire, question: Question, answers: Answers) -> bool:
    """Whether it is not asked on its own: never, or not with these answers."""
    if isinstance(question.quiet, str):
        return holds(question.quiet, environment(questionnaire, answers))
    return question.quiet


def next_question(questionnaire: Questionnaire, walk: Walk) -> Question | None:
    """The first that is asked, has no answer and was not put aside; ``None`` when nothing is left to ask."""
    for question in visible_questions(questionnaire, walk.answers):
        if question.id in walk.answers or question.id in walk.skipped:
            continue
        if not is_quiet(questionnaire, question, walk.answers):
            return question
    return None


def progress(questionnaire: Questionnaire, walk: Walk) -> Progress:
    """Steps count, not questions: a step is done when all of it is answered or put aside."""
    visible = {q.id for q in visible_questions(questionnaire, walk.answers)}
    asked = [
        [q for q in step.questions if q.id in visible and not is_quiet(questionnaire, q, walk.answers)]
        for step in questionnaire.steps
    ]
    counted = [questions for questions in asked if questions]
    done = sum(all(q.id in walk.answers or q.id in walk.skipped for q in questions) for questions in counted)
    left = len(counted) - done
    return Progress(
        step_number=min(done + 1, len(counted)),
        steps=len(counted),
        steps_left=left,
        minutes_left=max(1, math.ceil(left * questionnaire.minutes_per_step)),
    )


def missing(questionnaire: Questionnaire, walk: Walk) -> list[Question]:
    """The questions that submission needs and that have no answer."""
    return missing_in(questionnaire, walk.answers)


def missing_in(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """As :func:`missing`, from bare answers."""
    return [
        q
        for q in visible_questions(questionnaire, answers)
        if q.id not in answers and is_required(questionnaire, q, answers)
    ]


def parts_of(step: Step) -> dict[str, Question]:
    """The questions of a step that is read ``together``, by their part."""
    return {q.part: q for q in step.questions if q.part}


def shown(question: Question, value: Value, directory: Directory) -> str:
    """An answer in words, as cards and forms show it; reads back as the same value. Not escaped."""
    match question.type:
        case "choice":
            return _label(question, str(value))
        case "multi":
            return ", ".join(_label(question, str(v)) for v in value) if value else "none"
        case "yesno":
            return _label(question, "yes" if value else "no", "yes" if value else "no")
        case "number":
            return _with_unit(question, number_in_words(float(value)))
        case "percent":
            return f"{number_in_words(float(value))}%"
        case "money":
            return money_in_words(value)
        case "date":
            return in_words(date.fromisoformat(str(value)))
        case "person":
            return directory.person(UserId(str(value))).name
        case "people":
            return ", ".join(directory.person(UserId(str(u))).name for u in value)
        case "file":
            return ", ".join(_file(f) for f in value) if value else "none"
        case "check":
            return checking.shown(value, directory)
        case _:
            return str(value)


def _label(question: Question, id: str, otherwise: str = "") -> str:
    return next((c.label for c in question.choices if c.id == id), otherwise or id)


def _with_unit(question: Question, number: str) -> str:
    unit = question.unit.strip()
    if unit in ("%", "€", "$"):
        return f"{number}{unit}"
    return f"{number} {unit}" if unit else number


def _file(file: Mapping[str, str]) -> str:
    return file.get("name") or file.get("link") or file.get("id") or "file"
