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


_REPORT = re.compile(
    r"(?:please )?(?:i(?:'d| would)? (?:want|like|need|have) to |i must |let me |let's |can you "
    r"|we (?:have|had) |there(?:'s| is| was| has been) |this is )?"
    r"(?:report |log |raise |open )?(?:an? |another |the )?(?:ai |new )?incident"
    r"(?:[\s.!]*|\s*[:,\-–—]\s*(?P<said>.+)"
    r"|\s+(?P<where>(?:with|at|in|about|on|where|because|that|today|here|please)\b.*))",
    re.IGNORECASE | re.DOTALL,
)
_LIST = re.compile(
    r"(?:(?:show|list|give me|what are|which are|are there(?: any)?|any|all|the|which)\s+)*"
    r"(?:(?:open|current|recent) incidents?|incidents(?: are)?(?: there)?(?: open)?(?: now)?)[\s?.!]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|who|whom|which|when|where|why|how|is|are|do|does|may|must|should)\b", re.IGNORECASE
)
_SHORT = 200


class Wish(NamedTuple):
    """What somebody wants with incidents: to report one, in these words, or to see which are open."""

    what: Literal["report", "list"]
    words: str = ""


def read_wish(text: str) -> Wish | None:
    """Whether words report an incident or ask for the open ones; a question about incidents does neither."""
    said = " ".join(text.split())
    if len(said) <= _SHORT and _LIST.fullmatch(said):
        return Wish("list")
    if _ASKS.match(said) or said.endswith("?"):
        return None
    found = _REPORT.fullmatch(said)
    return Wish("report", (found["said"] or found["where"] or "").strip()) if found else None


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


class AboutAction(NamedTuple):
    """What somebody says of an action that is theirs, with what came of it, or why not."""

    what: Literal["done", "not_needed"]
    text: str = ""


_DONE = re.compile(
    r"(?:it(?:'s| is) )?(?:all )?(?:done|finished|completed?)\b[\s:,.!\-–—]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_NEEDED = re.compile(
    r"(?:it(?:'s| is) )?(?:not needed|no longer needed|not necessary)\b(?: any ?more)?[\s:,.!\-–—]*"
    r"(?:because\b|since\b)?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


def read_about_action(text: str) -> AboutAction | None:
    """What the words say of an action; ``None`` where they say something else."""
    said = text.strip()
    if found := _NOT_NEEDED.fullmatch(said):
        return AboutAction("not_needed", found["rest"].strip())
    if found := _DONE.fullmatch(said):
        return AboutAction("done", found["rest"].strip())
    return None


def _severity(words: str, policy: IncidentPolicy) -> str:
    """The severity that the words name: by its id, its label or one of its other names."""
    said = words.strip().casefold()
    for severity in policy.severities:
        names = (severity.id, severity.label, *severity.words)
        if said in {n.casefold() for n in names}:
            return severity.id
    return ""
