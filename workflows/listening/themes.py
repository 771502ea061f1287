"""Which themes feedback speaks of, and which of them come up again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from workflows.feedback import Feedback
from workflows.feedback_policy import FeedbackPolicy
from workflows.ids import UseCaseId

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def themes_in(text: str, policy: FeedbackPolicy) -> tuple[str, ...]:
    """The ids of the themes whose words are in the text, in the program's order."""
    said = f" {' '.join(_WORD.findall(text.casefold().replace('’', chr(39))))} "
    return tuple(t.id for t in policy.themes if any(_has(said, w) for w in t.words))


def _has(said: str, phrase: str) -> bool:
    wanted = " ".join(_WORD.findall(phrase.casefold().replace("’", "'")))
    return bool(wanted) and (f" {wanted}" in said if phrase.endswith("*") else f" {wanted} " in said)


def recent(given: Sequence[Feedback], days: int, now: datetime) -> tuple[Feedback, ...]:
    """Those of the last so many days."""
    return tuple(f for f in given if f.opened_at > now - timedelta(days=days))


def recurring(
    given: Sequence[Feedback], policy: FeedbackPolicy, now: datetime
) -> tuple[tuple[UseCaseId | None, str, int], ...]:
    """(use case, theme, how often) of what came up often enough in the last days, the most frequent first."""
    rule = policy.recurring
    counts = Counter((f.use_case, theme) for f in recent(given, rule.days, now) for theme in f.themes)
    often = [(use_case, theme, n) for (use_case, theme), n in counts.items() if n >= rule.times]
    return tuple(sorted(often, key=lambda row: (-row[2], str(row[0]), row[1])))


def most_frequent(
    given: Sequence[Feedback], policy: FeedbackPolicy, now: datetime, at_most: int = 3
) -> tuple[tuple[str, int], ...]:
    """(theme, how often) across all use cases in the last days, the most frequent first."""
    counts = Counter(theme for f in recent(given, policy.recurring.days, now) for theme in f.themes)
    return tuple(sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:at_most])
