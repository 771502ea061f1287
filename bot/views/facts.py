"""Answers read back in one breath: a measure as "after-call work, 9 → 5 minutes (−44%), by 30 June 2027"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.registry import Scene
from bot.views.kit import day, escape, words
from workflows.answers import Answers
from workflows.ids import QuestionId
from workflows.questionnaire import shown
from workflows.questions import Questionnaire, Step


def facts(
    scene: Scene, questionnaire: Questionnaire, ids: Sequence[QuestionId], answers: Answers
) -> list[str]:
    """Each answer in words, in order; the parts of a measure together, where its metric is known."""
    told: list[str] = []
    done: set[QuestionId] = set()
    for id in ids:
        if id in done or id not in answers:
            continue
        step = questionnaire.step_of(id)
        of_step = [q.id for q in step.questions if q.id in ids]
        measure = _measure(scene, step, answers) if step.together == "measure" and len(of_step) > 1 else ""
        if measure:
            told.append(measure)
            parts = {q.id for q in step.questions if q.part}
            done |= parts
            if id in parts:
                continue
        question = questionnaire.question(id)
        value = words(shown(question, answers[id].value, scene.directory), scene.directory)
        if id == questionnaire.title_question:
            told.append(f"*{value}*")
        else:
            told.append(f"{escape(question.label.lower())}: *{value}*")
        done.add(id)
    return told


def _measure(scene: Scene, step: Step, answers: Answers) -> str:
    """The measure in one phrase; empty while its metric is unknown."""
    parts = {q.part: answers[q.id].value for q in step.questions if q.part and q.id in answers}
    metric = parts.get("metric")
    if not metric:
        return ""
    unit = f" {escape(str(parts['unit']))}" if parts.get("unit") else ""
    baseline, target = parts.get("baseline"), parts.get("target")
    text = f"*{words(str(metric), scene.directory)}*"
    if baseline is not None and target is not None:
        text += f", *{_number(baseline)} → {_number(target)}{unit}*{_change(baseline, target)}"
    elif target is not None:
        text += f", to *{_number(target)}{unit}*"
    elif baseline is not None:
        text += f", today *{_number(baseline)}{unit}*"
    if parts.get("by"):
        text += f", by *{day(date.fromisoformat(str(parts['by'])))}*"
    return text


def _number(value: float) -> str:
    return f"{value:,.10g}" if abs(value) < 1e15 else str(value)


def _change(baseline: float, target: float) -> str:
    if not baseline:
        return ""
    percent = round((target - baseline) / abs(baseline) * 100)
    return f" ({'+' if percent > 0 else '−' if percent < 0 else ''}{abs(percent)}%)"
