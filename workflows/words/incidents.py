"""What people say in an incident's thread: that they have it, that it is over, how bad it is."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from workflows.incidents.policy import IncidentPolicy

What = Literal["note", "take", "mitigate", "recover", "reopen", "dismiss", "close", "severity", "review"]


class Order(NamedTuple):
    """What somebody says, and the words that go with it: a note, a reason, or the id of a severity."""

    what: What
    text: str = ""


_NOTE = re.compile(r"\s*(?:timeline|note)\s*[:\-–—]\s*(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_DISMISS = re.compile(
    r"\s*(?:(?:this|it)(?:'s| is) )?(?:not an incident|a false alarm|false alarm|no incident)\b"
    r"[\s:,.\-–—]*(?:because\b)?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ITS = r"(?:it(?:'s| is) )?"
_SAYS: tuple[tuple[What, tuple[str, ...]], ...] = (
    ("take", (r"i(?:'ll| will)? (?:take|have|got|own) (?:it|this)", r"i(?:'ve| have) got (?:it|this)")),
    ("take", (_ITS + "mine", r"(?:i(?:'m| am) )?on it", r"taking (?:it|this)")),
    ("mitigate", (_ITS + "(?:now )?mitigated", "the (?:harm|bleeding) has stopped", "contained")),
    ("recover", (_ITS + "(?:all )?(?:recovered|resolved|fixed|back to normal|solved)(?: now)?", "all clear")),
    ("reopen", (r"it(?:'s| is) (?:back|happening again)", "reopen(?: it| this)?")),
    ("reopen", (_ITS + "not (?:fixed|over|resolved)(?: yet)?",)),
    ("close", ("close (?:it|this)", "closed?")),
    ("review", (r"(?:start|begin|write|open) (?:the |a )?(?:review|post[- ]?mortem)",)),
    ("review", ("review (?:it|this)", "post[- ]?mortem")),
)
_SAID: tuple[tuple[What, re.Pattern[str]], ...] = tuple(
    (what, re.compile(rf"(?:ok(?:ay)?[,.!]? )?(?:{'|'.join(ways)})[\s.!]*", re.IGNORECASE))
    for what, ways in _SAYS
)
_SEVERITY = re.compile(
    r"(?:(?:change |set |make )?(?:the |its )?severity (?:is |to )?"
    r"|(?:this|it)(?:'s| is) (?:a )?|make (?:it|this) )"
    r"(?P<rest>[\w .]+?)[\s.!]*",
    re.IGNORECASE,
)


def read_order(text: str, policy: IncidentPolicy) -> Order | None:
    """What the words ask for; ``None`` where they only tell something, which may be worth a note."""
    said = " ".join(text.split())
    if note := _NOTE.fullmatch(text):
        return Order("note", note["rest"].strip())
    if none := _DISMISS.fullmatch(text):
        return Order("dismiss", none["rest"].strip())
    for what, pattern in _SAID:
        if pattern.fullmatch(said):
            return Order(what)
    severity = _SEVERITY.fullmatch(said)
    named = _severity(severity["rest"], policy) if severity else ""
    return Order("severity", named) if named else None


def _severity(words: str, policy: IncidentPolicy) -> str:
    """The severity that the words name: by its id, its label or one of its other names."""
    said = words.strip().casefold()
    for severity in policy.severities:
        names = (severity.id, severity.label, *severity.words)
        if said in {n.casefold() for n in names}:
            return severity.id
    return ""
