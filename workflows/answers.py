"""An answer as it is kept: the value, how it came about, and who gave it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from workflows.ids import Frozen, QuestionId, UserId

How = Literal["said", "clicked", "form", "suggested", "imported"]

Value = Any
"""By question type: text, link ``str``; choice: option id (or free text where ``other``); multi: list of
those in the program's order; yesno ``bool``; number, percent ``float``; money ``{"amount": float,
"currency": "EUR"}``; date ``"YYYY-MM-DD"``; person: user id; people: list of user ids; file: list of
``{"id", "name", "link"}``."""


class Answer(Frozen):
    """One kept answer. A suggestion stays marked until its owner says or submits it."""

    value: Value
    how: How
    by: UserId
    at: datetime
    words: str = ""
    """What the person wrote, where they wrote it."""
    reason: str = ""
    """For a suggestion: what it was read from."""


Answers = Mapping[QuestionId, Answer]


def values(answers: Answers) -> dict[str, Value]:
    """Only the values, by question id."""
    return {str(q): a.value for q, a in answers.items()}
