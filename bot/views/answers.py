"""Answers one under the other, each with its pencil: on review cards, summaries and records."""

from __future__ import annotations

from bot.registry import Scene
from bot.views.kit import Block, button, clip, escape, section, words
from workflows.answers import Answers
from workflows.ids import QuestionId
from workflows.questionnaire import shown, visible_questions
from workflows.questions import Question, Questionnaire
from workflows.walk import Walk

_ANSWERS_WITH_PENCIL = 28
_SHOWN = 220


def answer_rows(
    scene: Scene, questionnaire: Questionnaire, answers: Answers, walk: Walk | None
) -> list[Block]:
    """One row per answer, with a pencil where the walk is open; what does not fit stands in one last row."""
    rows: list[Block] = []
    answered = [q for q in visible_questions(questionnaire, answers) if q.id in answers]
    for q in answered[:_ANSWERS_WITH_PENCIL]:
        pencil = button("✏️", f"walk.edit/{q.id}", str(q.id)) if walk else None
        if pencil:
            pencil["accessibility_label"] = f"Change {q.label}"
        block = f"walk|{walk.id}|{walk.ask}|review|{q.id}" if walk else ""
        rows.append(section(_row(scene, q, answers), pencil, block))
    rest = answered[_ANSWERS_WITH_PENCIL:]
    if rest:
        rows.append(section("\n".join(_row(scene, q, answers, 90) for q in rest)))
    return rows


def _row(scene: Scene, question: Question, answers: Answers, limit: int = _SHOWN) -> str:
    answer = answers[QuestionId(question.id)]
    text = words(shown(question, answer.value, scene.directory), scene.directory)
    mark = " _(suggested)_" if answer.how == "suggested" else ""
    return f"*{escape(question.label)}*: {clip(text, limit)}{mark}"
