"""Answers one under the other, each with its pencil: on review cards, summaries and records."""

from __future__ import annotations

from bot.registry import Scene
from bot.views.kit import Block, button, clip, context, day, escape, name, section, words
from bot.views.say import say
from workflows.answers import Answers
from workflows.ids import QuestionId, UserId
from workflows.questionnaire import shown, visible_questions
from workflows.questions import Question, Questionnaire
from workflows.walk import Walk

_ANSWERS_WITH_PENCIL = 28
_SHOWN = 220


def helping(scene: Scene, walk: Walk) -> list[Block]:
    """Who helps, and who was asked for one answer; nothing where nobody does."""
    names = [scene.directory.person(u).name for u in walk.helpers]
    told = [say(scene, "helping", who=", ".join(names))] if names else []
    labels = {q.id: q.label for q in scene.program.questionnaires[walk.questionnaire].questions()}
    told += [
        say(scene, "waits_for", label=labels[a.question], who=scene.directory.person(a.to).name)
        for a in walk.assignments
        if a.open and a.question in labels
    ]
    return [context(*told[:10])] if told else []


def answer_rows(
    scene: Scene,
    questionnaire: Questionnaire,
    answers: Answers,
    walk: Walk | None,
    owner: UserId | None = None,
) -> list[Block]:
    """One row per answer, with a pencil where the walk is open; what does not fit stands in one last row.

    Answers that others than ``owner`` (or the walk's) gave say whose they are.
    """
    owner = owner or (walk.owner if walk else None)
    rows: list[Block] = []
    answered = [q for q in visible_questions(questionnaire, answers) if q.id in answers]
    for q in answered[:_ANSWERS_WITH_PENCIL]:
        pencil = button("✏️", f"walk.edit/{q.id}", str(q.id)) if walk else None
        if pencil:
            pencil["accessibility_label"] = f"Change {q.label}"
        block = f"walk|{walk.id}|{walk.ask}|review|{q.id}" if walk else ""
        rows.append(section(_row(scene, q, answers, owner), pencil, block))
    rest = answered[_ANSWERS_WITH_PENCIL:]
    if rest:
        rows.append(section("\n".join(_row(scene, q, answers, owner, 90) for q in rest)))
    return rows


def _row(
    scene: Scene, question: Question, answers: Answers, owner: UserId | None, limit: int = _SHOWN
) -> str:
    answer = answers[QuestionId(question.id)]
    text = words(shown(question, answer.value, scene.directory), scene.directory)
    mark = " _(suggested)_" if answer.how == "suggested" else ""
    if owner is not None and answer.by != owner and answer.how not in ("suggested", "imported"):
        mark = f" _({name(answer.by, scene.directory)}, {day(answer.at)})_"
    return f"*{escape(question.label)}*: {clip(text, limit)}{mark}"
