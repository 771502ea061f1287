"""Handing a question on, and help, in plain words: "ask @lee", "Lee would know", "invite @mo", "not me"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from workflows.ids import QuestionId, UserId
from workflows.people import Directory
from workflows.questions import Bounds, Question, Questionnaire
from workflows.words.dates import read_date
from workflows.words.naming import question_named
from workflows.words.people import people_in
from workflows.words.reading import Correction, Read, one_line, tidy

_LEAD = (
    r"^(?:(?:please|pls|maybe|perhaps|better|just|hm+|well|oh|no,?|let'?s|can you|could you|you (?:can|could"
    r"|should|may)|i think|i guess|i don'?t know[,.;]?|not sure[,.;]?|no idea[,.;]?"
    r"|that'?s? (?:is )?(?:one )?for)\s+)*"
)
_ASK = re.compile(
    _LEAD
    + r"(?:ask|check with|hand (?:it |this |that )?(?:over |on )?to|(?:give|pass|forward|delegate|assign)"
    r"(?: (?:it|this|that|this one))?(?: on)? to)\s+(?P<who>.+)$",
    re.I,
)
_ASSIGN_WHAT = re.compile(
    _LEAD
    + r"(?:hand|give|pass|delegate|assign|leave)\s+(?:the )?(?P<what>[\w &/-]{3,60}?)\s+to\s+(?P<who>.+)$",
    re.I,
)
_KNOWS = re.compile(
    _LEAD
    + r"(?P<who>(?:<@[UW]\w+>|@?[\w.'-]+(?:\s+[\w.'-]+)?))\s+(?:(?:would|will|should|might|may|must)\s+)?"
    r"(?:knows?|can (?:answer|say|tell)|has the answer|is the one (?:who knows|to ask))"
    r"(?:\s+(?:it|that|this|this one|better|more|best|us|you|me))*[\s.!]*$",
    re.I,
)
_INVITE = re.compile(
    r"^(?:please\s+)?(?:invite|bring in|share (?:it|this|the draft) with|add|let)\s+(?P<who>.+?)"
    r"(?:\s+(?:to (?:this|the|my)(?: draft)?|help(?: me| us)?|in|as (?:a )?helper|see (?:it|this)"
    r"|join(?: in)?))*[\s.!]*$",
    re.I,
)
_REMOVE = re.compile(
    r"^(?:please\s+)?(?:remove|uninvite|take out|take off)\s+(?P<who>.+?)"
    r"(?:\s+(?:from (?:this|the|my)(?: draft)?|again|as (?:a )?helper))*[\s.!]*$",
    re.I,
)
_DUE = re.compile(r"\s+(?:by|until|before|due)\s+(?P<due>[^:]{2,40}?)(?=$|\s*[:,–]\s|\s+-\s|[.!]$)", re.I)
_ABOUT = re.compile(
    r"\s+(?:about|for|on|to (?:answer|say|do))\s+(?:the\s+|this\s*)?(?P<what>[\w &/-]{2,60}?)$", re.I
)
_NOTE = re.compile(r"^(?P<who>[^:–]{2,80}?)\s*(?::|,|–|\s-\s)\s*(?P<note>.{3,})$", re.S)
_NOT_ME = re.compile(
    r"^(?:sorry[,.]?\s+|no[,.]?\s+)*(?:(?:that(?:'s| is)|it(?:'s| is))\s+)?(?:not me|not my(?: \w+)?|not mine"
    r"|wrong person"
    r"|i (?:really )?(?:don'?t|do not|can'?t|cannot) (?:know|say|tell|answer)(?: (?:that|this|it))?"
    r"|i(?:'m| am) not the (?:right )?(?:one|person)|i decline|decline)\b"
    r"[\s,.:;!–-]*(?:because\s+|since\s+)?(?P<why>.*)$",
    re.I | re.S,
)
_DAY = Question(id=QuestionId("day"), type="date", label="day", ask="day", bounds=Bounds(when="future"))
_WORDS_AT_MOST = 5


@dataclass(frozen=True)
class Handed:
    """A question handed on: to whom, by when, and what is said with it."""

    to: UserId
    due: date | None = None
    note: str = ""
    question: QuestionId | None = None
    """The one that is named; ``None``: the one on the table."""


def read_handed(
    text: str,
    questionnaire: Questionnaire,
    now: datetime,
    tz: str,
    directory: Directory,
    speaker: UserId,
    strictly: bool = False,
) -> Handed | Correction | None:
    """Whom a question is handed to; ``None`` for words that hand nothing on.

    ``strictly``: only with a mention or a handle, where a name may well be part of an answer.
    """
    line = one_line(text[:600])
    what: QuestionId | None = None
    found = _ASK.match(line) or _KNOWS.match(line)
    if found is None:
        named = _ASSIGN_WHAT.match(line)
        meant = question_named(named["what"], questionnaire) if named else []
        if named is None or not meant:
            return None
        what, found = meant[0][0], named
    rest = found["who"]
    due, rest = _due(rest, now, tz)
    note = ""
    if m := _NOTE.match(rest):
        rest, note = m["who"], tidy(m["note"])
    if what is None and (m := _ABOUT.search(rest)):
        meant = question_named(m["what"], questionnaire)
        what = meant[0][0] if meant else None
        rest = rest[: m.start()]
    to = _one(rest, directory, speaker, strictly)
    if isinstance(to, Correction):
        return to
    return Handed(to, due, note[:500], what) if to else None


def read_invited(text: str, directory: Directory, speaker: UserId) -> tuple[str, UserId] | Correction | None:
    """``("invite", LEE)`` or ``("remove", LEE)``; ``None`` for words that are neither."""
    line = one_line(text[:300])
    for action, pattern in (("invite", _INVITE), ("remove", _REMOVE)):
        found = pattern.match(line)
        if found:
            to = _one(found["who"], directory, speaker, strictly=True)
            return to if isinstance(to, Correction) else (action, to) if to else None
    return None


def not_me(text: str) -> str | None:
    """The reason of somebody who is not the right person ("" without one); ``None`` for other words."""
    found = _NOT_ME.match(tidy(text))
    return tidy(found["why"])[:500] if found else None


def _due(text: str, now: datetime, tz: str) -> tuple[date | None, str]:
    found = _DUE.search(text)
    if found is None:
        return None, text
    read = read_date(_DAY, found["due"], now, tz)
    if not isinstance(read, Read):
        return None, text
    return date.fromisoformat(str(read.value)), text[: found.start()] + text[found.end() :]


def _one(text: str, directory: Directory, speaker: UserId, strictly: bool) -> UserId | Correction | None:
    said = text.strip(" .!?,")
    pointed = "@" in said
    if not pointed and (strictly or len(said.split()) > _WORDS_AT_MOST):
        return None
    found = people_in(said, directory, speaker)
    if isinstance(found, Correction):
        return found if pointed else None
    return found[0] if len(found) == 1 else None
