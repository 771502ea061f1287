"""An answer taken: from words, from a click or from a form field, always to the same kept values."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from workflows.answers import Value
from workflows.ids import Frozen, QuestionId, UserId
from workflows.people import Directory
from workflows.questionnaire import parts_of
from workflows.questions import Question, Questionnaire, Step
from workflows.words.answers import read_answer
from workflows.words.calendar_words import today_in
from workflows.words.measures import Measure, is_vague, read_measure, read_metric_action
from workflows.words.reading import Correction, Read
from workflows.words.shares import read_share
from workflows.words.texts import longest


class Reader(Frozen):
    """Who speaks, when and where: what reading their words depends on."""

    now: datetime
    directory: Directory
    speaker: UserId

    @property
    def tz(self) -> str:
        """The speaker's time zone."""
        return self.directory.person(self.speaker).tz

    def read(self, question: Question, text: str, files: Sequence[Value] = ()) -> Read | Correction:
        """The answer that the words give to one question."""
        return read_answer(question, text, self.now, self.tz, self.directory, self.speaker, files)


def read_reply(
    questionnaire: Questionnaire,
    question: Question,
    text: str,
    reader: Reader,
    answers: dict[QuestionId, Value],
    files: Sequence[Value] = (),
) -> dict[QuestionId, Value] | Correction:
    """All that a reply to ``question`` answers: the question, and other parts of its step."""
    step = questionnaire.step_of(question.id)
    if step.together == "measure" and question.part:
        aim, limits = _without_limits(text, step)
        measured = _measure(questionnaire, question, aim, reader, answers)
        return measured if isinstance(measured, Correction) else {**measured, **limits}
    if step.together == "metric_action" and question.part == "metric":
        metric, action = read_metric_action(text)
        second = parts_of(step).get("action")
        if action and second is not None:
            both = {question.id: reader.read(question, metric), second.id: reader.read(second, action)}
            if all(isinstance(r, Read) for r in both.values()):
                return {q: r.value for q, r in both.items() if isinstance(r, Read)}
    if step.together == "share" and question.part == "right":
        share, whole = read_share(text), parts_of(step).get("of")
        if share is not None and whole is not None:
            return {question.id: share.right, whole.id: share.of}
    read = reader.read(question, text, files)
    return read if isinstance(read, Correction) else {question.id: read.value}


_LIMITS_WITHIN = 1000
_LIMIT = re.compile(
    r"\b(?:must|should|may|can)(?:n[o'’]?t| not| never)\b"
    r"|\b(?:without|as long as|not at the (?:cost|expense) of)\b",
    re.I,
)


def _without_limits(text: str, step: Step) -> tuple[str, dict[QuestionId, Value]]:
    """Sentences on what must not get worse belong to the step's one question without a part."""
    if len(text) > _LIMITS_WITHIN:
        return text, {}
    place = [q for q in step.questions if not q.part and q.type == "long_text"]
    sentences = re.split(r"(?<=[.!;])\s+|\n+", text)
    limits = [s.strip() for s in sentences if _LIMIT.search(s)]
    if not place or not limits or len(limits) == len(sentences):
        return text, {}
    aim = " ".join(s for s in sentences if s.strip() not in limits)
    return aim, {place[0].id: " ".join(limits)[: longest(place[0])].rstrip(".")}


def _measure(
    questionnaire: Questionnaire,
    question: Question,
    text: str,
    reader: Reader,
    answers: dict[QuestionId, Value],
) -> dict[QuestionId, Value] | Correction:
    """One sentence may say what is counted, where it is, where it should be, and by when."""
    own = reader.read(question, text)
    measure = read_measure(text, today_in(reader.now, reader.tz))
    found = _parts(questionnaire, question, measure, answers)
    asked = question.part
    if asked == "metric":
        if isinstance(own, Correction):
            return own
        if measure.trouble:
            return Correction(measure.trouble.says, measure.trouble.example)
        found.setdefault(question.id, own.value)
        if set(found) == {question.id}:
            return {question.id: own.value}  # nothing but a name: then in the person's own words
        if not measure.metric and (measure.baseline, measure.target, measure.by) != (None, None, None):
            # Figures without a name: they are kept, and what they count is still to be said.
            del found[question.id]
            if question.id in answers:
                found[question.id] = answers[question.id]
        return found
    parts = parts_of(questionnaire.step_of(question.id))
    today = parts.get("baseline")
    base = answers.get(today.id) if asked == "target" and today is not None else None
    if measure.change is not None and measure.target is None and base is not None:
        return {question.id: _moved(float(base), measure.change)}
    if isinstance(own, Read) and not _says_more(measure, asked):
        unit = parts.get("unit")
        value: dict[QuestionId, Value] = {question.id: own.value}
        if measure.unit and unit is not None and asked != "unit" and unit.id not in answers:
            value[unit.id] = measure.unit
        return value
    if question.id not in found:
        if isinstance(own, Correction):
            return own
        found[question.id] = own.value
    # The metric was answered before: what a later sentence calls it does not replace that.
    return {q: v for q, v in found.items() if q == question.id or q not in answers}


def _says_more(measure: Measure, asked: str) -> bool:
    said = {
        "baseline": measure.baseline is not None,
        "target": measure.target is not None,
        "by": measure.by is not None,
    }
    others = [p for p, is_said in said.items() if is_said and p != asked]
    if asked in ("baseline", "target"):
        # A single figure is the answer to what was asked, whichever side its words suggest.
        figures_said = sum(said[p] for p in ("baseline", "target"))
        return figures_said == 2 or (said["by"] and figures_said > 0)
    return bool(others) and asked != "unit"


def _moved(base: float, change: float) -> float:
    moved = base * (1 + change / 100)
    return float(f"{moved:.6g}")


def _parts(
    questionnaire: Questionnaire, question: Question, measure: Measure, answers: dict[QuestionId, Value]
) -> dict[QuestionId, Value]:
    parts = parts_of(questionnaire.step_of(question.id))
    baseline = measure.baseline
    if baseline is None and "baseline" in parts:
        known = answers.get(parts["baseline"].id)
        baseline_known = float(known) if known is not None else None
    else:
        baseline_known = baseline
    target, unit = measure.target, measure.unit
    if target is None and measure.change is not None:
        if baseline_known is not None:
            target = _moved(baseline_known, measure.change)
        elif "target" in parts:
            # Measured against today as 100: "cut by 20%" is a target of 80 in percent of today.
            baseline, target, unit = 100.0, _moved(100.0, measure.change), "% of today"
    said: dict[str, Value] = {
        "metric": measure.metric or None,
        "baseline": baseline,
        "target": target,
        "unit": unit or None,
        "by": measure.by.isoformat() if measure.by else None,
    }
    found = {}
    for part, value in said.items():
        asked = parts.get(part)
        if asked is None or value is None:
            continue
        if isinstance(value, str) and asked.type in ("short_text", "long_text"):
            value = value[: longest(asked)]
        if checked(asked, value) is None:
            found[asked.id] = value
    return found


def vague(question: Question, text: str) -> bool:
    """Whether the question challenges such an answer."""
    return question.challenge is not None and is_vague(text, question.challenge.vague)


def checked(question: Question, value: Value) -> str | None:
    """What is wrong with a number against the question's bounds; ``None`` if nothing is."""
    if question.type in ("number", "percent") and isinstance(value, float):
        low, high = question.bounds.min, question.bounds.max
        if (low is not None and value < low) or (high is not None and value > high):
            return "out of bounds"
    return None


def taken(question: Question, raw: Any, reader: Reader) -> Read | Correction:
    """What was clicked, picked or typed into a form field, checked and in the kept form.

    A typed value is taken as such; a text for anything but a text question is read as words are.
    """
    example = question.examples[0] if question.examples else ""
    match question.type:
        case "choice":
            if isinstance(raw, str) and raw in {c.id for c in question.choices}:
                return Read(raw)
        case "multi":
            if isinstance(raw, list | tuple):
                return _options(question, [str(r) for r in raw])
        case "yesno":
            if isinstance(raw, bool):
                return Read(raw)
        case "number" | "percent":
            if isinstance(raw, int | float) and not isinstance(raw, bool):
                if not math.isfinite(raw):
                    return Correction("That is no number I can work with.", example)
                return reader.read(question, f"{raw:.10f}".rstrip("0").rstrip("."))
        case "money":
            if isinstance(raw, dict) and {"amount", "currency"} <= set(raw):
                return reader.read(question, f"{raw['currency']} {raw['amount']}")
        case "date":
            if isinstance(raw, date):
                raw = raw.isoformat()
        case "person":
            if isinstance(raw, str) and re.fullmatch(r"[UW][A-Z0-9]+", raw):
                return reader.read(question, f"<@{raw}>")
        case "people":
            if isinstance(raw, list | tuple):
                mentions = " ".join(f"<@{u}>" for u in raw if re.fullmatch(r"[UW][A-Z0-9]+", str(u)))
                return (
                    reader.read(question, mentions)
                    if mentions
                    else Correction("I need at least one person.", "")
                )
        case "file":
            if isinstance(raw, list | tuple):
                return reader.read(question, "", [f for f in raw if isinstance(f, dict)])
    if isinstance(raw, str):
        return reader.read(question, raw)
    return Correction("I could not use that value.", example)


def _options(question: Question, ids: list[str]) -> Read | Correction:
    order = [c.id for c in question.choices]
    unknown = [i for i in dict.fromkeys(ids) if i not in order]
    if unknown and not question.other:
        return Correction("One of these options is no longer offered. Please choose again.", "")
    from workflows.words.choices import says_none

    nothing = {c.id for c in question.choices if says_none(c)}
    chosen = [i for i in order if i in ids]
    if len(chosen) > 1:
        chosen = [i for i in chosen if i not in nothing] or chosen[:1]
    return Read([*chosen, *unknown])
