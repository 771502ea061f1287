"""One answer in plain words, for a question of any type: the value, or a kind correction. Never fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows import checking
from workflows.answers import Value
from workflows.ids import UserId
from workflows.people import Directory
from workflows.questions import Question
from workflows.words.choices import read_choice, read_multi
from workflows.words.dates import read_date
from workflows.words.numbers import read_money, read_number, read_percent
from workflows.words.people import read_people, read_person
from workflows.words.reading import Correction, Read, quoted
from workflows.words.texts import read_file, read_link, read_text
from workflows.words.yes_no import read_yes_no

_READABLE = 1000
"""Longer words are no answer to anything but a text question."""


def read_answer(
    question: Question,
    text: str,
    now: datetime,
    tz: str,
    directory: Directory,
    speaker: UserId,
    files: Sequence[Value] = (),
) -> Read | Correction:
    """What the words say in answer to the question.

    ``now`` is aware; ``tz`` is the speaker's zone, in which "tomorrow" is meant. ``files`` are what was
    attached, each ``{"id", "name", "link"}``.
    """
    if question.type in ("short_text", "long_text"):
        return read_text(question, text)
    if question.type == "file":
        return read_file(question, text[:_READABLE], files)
    if len(text) > _READABLE and question.type != "check":
        return Correction(
            f"That is {len(text):,} characters, and I was looking for a short answer in it. Your message "
            f"stays where"
            " it is, so nothing is lost.",
            question.examples[0] if question.examples else "",
        )
    if not any(c.isalnum() for c in text) and question.type not in ("yesno", "check"):
        wanted = question.examples[0] if question.examples else ""
        return Correction(f"I could not read an answer in {quoted(text)}.", wanted)
    match question.type:
        case "choice":
            return read_choice(question, text)
        case "multi":
            return read_multi(question, text)
        case "yesno":
            return read_yes_no(question, text)
        case "number":
            return read_number(question, text)
        case "percent":
            return read_percent(question, text)
        case "money":
            return read_money(question, text)
        case "date":
            return read_date(question, text, now, tz)
        case "person":
            return read_person(question, text, directory, speaker)
        case "people":
            return read_people(question, text, directory, speaker)
        case "check":
            return _read_check(question, text, files, speaker, now)
        case _:
            return read_link(question, text)


def _read_check(
    question: Question, text: str, files: Sequence[Value], speaker: UserId, now: datetime
) -> Read | Correction:
    """An item that these words answer whole; what is wanting is said by the conversation about it."""
    found = checking.heard(question, text, files, None, None, speaker, now)
    if isinstance(found, Read):
        return found
    return Correction(f"{quoted(text)} is not enough yet for {quoted(question.label)}.")
