"""What of the answers of a use case can be counted: numbers, days, choices and people, not sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}$")
"""An id, a day or a single word; whatever has a space in it is prose and stays in the state."""


class Answered(NamedTuple):
    """One answer; exactly one of ``number`` and ``word`` says it."""

    question: str
    number: float | None
    word: str


def answered_of(answers: Mapping[str, Any]) -> set[Answered]:
    """Of a use case's stored answers those that can be counted, by question."""
    found = set()
    for question, answer in answers.items():
        value = answer["value"]
        if isinstance(value, bool):
            found.add(Answered(question, None, "yes" if value else "no"))
        elif isinstance(value, int | float):
            found.add(Answered(question, float(value), ""))
        elif isinstance(value, str) and _WORD.match(value):
            found.add(Answered(question, None, value))
    return found
