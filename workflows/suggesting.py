"""What need not be asked: answers that words already imply, by the program's hints and defaults."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from workflows.answers import Value
from workflows.ids import Frozen, QuestionId, UserId
from workflows.people import Directory
from workflows.questions import Question, Questionnaire
from workflows.words.answers import read_answer
from workflows.words.calendar_words import today_in
from workflows.words.measures import read_measure
from workflows.words.reading import Read, one_line
from workflows.words.texts import longest
from workflows.words.titles import title_from

_READ = 3000
_FROM_TO = re.compile(
    r"\bfrom\s+\S*\d\S*\s*\w*\s+(?:down\s+|up\s+)?to\s+\S*\d|\d\s*\w*\s*(?:->|→|=>)\s*\d", re.IGNORECASE
)


class Suggestion(Frozen):
    """A value for a question, and what it was read from. ``implied``: from words, not from a default."""

    value: Value
    reason: str
    implied: bool = True


def hinted(
    questionnaire: Questionnaire,
    text: str,
    known: Collection[QuestionId],
    now: datetime,
    directory: Directory,
    speaker: UserId,
) -> dict[QuestionId, Suggestion]:
    """What the hints of the questions not in ``known`` read out of the text."""
    line = one_line(text[:_READ])
    found: dict[QuestionId, Suggestion] = {}
    for question in questionnaire.questions():
        if question.id in known or not question.hints:
            continue
        suggestion = _by_hints(question, line, now, directory, speaker)
        if suggestion:
            found[question.id] = suggestion
    return found


def _by_hints(
    question: Question, line: str, now: datetime, directory: Directory, speaker: UserId
) -> Suggestion | None:
    several: list[str] = []
    words = ""
    for hint in question.hints:
        m = re.search(hint.pattern, line, re.IGNORECASE)
        if not m:
            continue
        if hint.value is not None:
            value: Value = hint.value
        else:
            said = m.groupdict().get("value") or m[0]
            read = read_answer(question, said, now, directory.person(speaker).tz, directory, speaker)
            if not isinstance(read, Read):
                continue
            value = read.value
        words = words or m[0].strip()
        if question.type != "multi":
            if question.type in ("number", "percent") and not isinstance(value, bool):
                value = float(value)
            return Suggestion(value=value, reason=words)
        several += [str(v) for v in (value if isinstance(value, list) else [value])]
    if not several:
        return None
    order = [c.id for c in question.choices]
    own = [v for v in dict.fromkeys(several) if v not in order]
    return Suggestion(value=[*(i for i in order if i in several), *own], reason=words)


def from_story(
    questionnaire: Questionnaire,
    story: str,
    known: Collection[QuestionId],
    now: datetime,
    directory: Directory,
    speaker: UserId,
) -> dict[QuestionId, Suggestion]:
    """All that a first sentence gives away: its title, an outcome told in figures, and the hints."""
    found: dict[QuestionId, Suggestion] = {}
    named_by = questionnaire.title_question
    title = title_from(story)
    if named_by and named_by not in known and title:
        found[named_by] = Suggestion(
            value=title[: longest(questionnaire.question(named_by))], reason="your first sentence"
        )
    found |= _measured(questionnaire, story, known, now, directory.person(speaker).tz)
    return found | hinted(questionnaire, story, {*known, *found}, now, directory, speaker)


def _measured(
    questionnaire: Questionnaire, story: str, known: Collection[QuestionId], now: datetime, tz: str
) -> dict[QuestionId, Suggestion]:
    """An outcome in the story, only where it says "from 9 to 5": other figures there are seldom an aim."""
    clause = next((s for s in re.split(r"(?<=[.!?])\s+|\n", story) if _FROM_TO.search(s)), "")
    if not clause:
        return {}
    measure = read_measure(clause, today_in(now, tz))
    by = measure.by.isoformat() if measure.by else None
    parts: dict[str, Value] = {
        "metric": measure.metric or None, "baseline": measure.baseline, "target": measure.target,
        "unit": measure.unit or None, "by": by,
    }  # fmt: skip
    if not measure.metric or measure.target is None:
        return {}
    step = next((s for s in questionnaire.steps if s.together == "measure"), None)
    return {
        q.id: Suggestion(value=parts[q.part], reason=one_line(clause))
        for q in (step.questions if step else ())
        if q.part and q.id not in known and parts.get(q.part) is not None
    }


def defaults(
    questionnaire: Questionnaire, known: Collection[QuestionId], submitter: UserId
) -> dict[QuestionId, Suggestion]:
    """The program's own suggestions for questions not in ``known``, other than from the first sentence."""
    found: dict[QuestionId, Suggestion] = {}
    for q in questionnaire.questions():
        if q.id in known or q.default in ("", "first_sentence"):
            continue
        if q.default == "submitter":
            value: Value = [str(submitter)] if q.type == "people" else str(submitter)
        elif q.type == "multi":
            value = [q.default]
        elif q.type == "yesno":
            value = q.default in ("yes", "true")
        elif q.type in ("number", "percent"):
            value = float(q.default)
        else:
            value = q.default
        found[q.id] = Suggestion(value=value, reason="", implied=False)
    return found
