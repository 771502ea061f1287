"""Words about digests: "digests", "send me the adoption digest", "pause the risk digest"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from workflows.words.reading import one_line

What = Literal["list", "preview", "subscribe", "pause", "resume", "end", "time", "now"]


class Wish(NamedTuple):
    """What somebody wants with which digest (its id; empty where they name none), of which function."""

    what: What
    digest: str = ""
    function: str = ""


_LEAD = re.compile(
    r"^(?:(?:please|hi|hello|hey|preflight|ok(?:ay)?|can|could|would|will|you|may|i|we|want|like|need|to|have|get"
    r"|see|would|let|us|me)\b[\s,'.!]*)+",
    re.IGNORECASE,
)
_DIGEST = re.compile(r"\bdigests?\b", re.IGNORECASE)
_QUESTION = re.compile(r"^(?:what(?:'s| is| are| does)?|why|how|who|where|does|do|is|are)\b", re.IGNORECASE)
_REGULARLY = r"\b(?:every|each|weekly|monthly|regularly|on mondays?)\b"
_WAYS: tuple[tuple[What, re.Pattern[str]], ...] = (
    ("resume", re.compile(r"\b(?:resume|unpause|un-pause|restart|take up|continue)\b", re.I)),
    ("end", re.compile(r"\b(?:unsubscribe|end|cancel|no more|stop sending|stop)\b", re.I)),
    ("pause", re.compile(r"\b(?:pause|suspend|mute|hold|snooze)\b", re.I)),
    ("time", re.compile(r"\b(?:change|move|set|another)\b.*\b(?:time|times|day|zone|schedule)\b", re.I)),
    ("subscribe", re.compile(rf"\b(?:subscribe|sign (?:me|us) up|add)\b|\bsend me\b.*{_REGULARLY}", re.I)),
    ("now", re.compile(r"\b(?:post|send|publish)\b.*\bnow\b", re.I)),
    ("preview", re.compile(r"\b(?:send me|show|give|preview|see|look at|read|latest|this week'?s)\b", re.I)),
)
_LISTED = re.compile(
    r"^(?:(?:show|me|list|see|manage|which|what|all|my|our|the|are|there|is|do|have|when|come|comes|does|of)\b"
    r"[\s,]*)*digests?(?:\s+(?:are there|is there|do i get|do i have|there are|come when|come|please))?\W*$",
    re.IGNORECASE,
)
_ALL = re.compile(r"^(?:(?:show|list|all|me|mine)\b\s*)+\W*$", re.IGNORECASE)
_NAMED = re.compile(
    r"(?<!can)(?<!not)(?<!to)\s+digests?(?:\s+(?:please|for .{1,40}|of .{1,40}))?\W*$", re.IGNORECASE
)


def read_wish(
    text: str, titles: Mapping[str, str], functions: Mapping[str, Sequence[str]], sure: bool = False
) -> Wish | None:
    """What the words want; ``None`` where they are not about a digest that is sent.

    ``titles`` and ``functions``: what each digest and each function is called, by id. ``sure``: it is known
    that they are about digests, so that the word itself may be missing.
    """
    line = one_line(text[:300]).replace("’", "'")
    if not sure and (not _DIGEST.search(line) or len(line.split()) > 14):
        return None
    if sure and (not line or _ALL.match(line)):
        return Wish("list")
    called = {id: (id.replace("_", " "), title) for id, title in titles.items()}
    digest = _named(line, called)
    # "The risk digest" is no digest of the function that is called Risk.
    function = _named(_without(line, called.get(digest, ())), functions)
    listed = _LISTED.match(line) is not None
    if _QUESTION.match(line) and not listed:
        return None if not sure else Wish("list")
    bare = _LEAD.sub("", line) or line
    for what, pattern in _WAYS:
        if pattern.search(line):
            return Wish("list" if listed and not digest else what, digest, function)
    if listed and not digest:
        return Wish("list")
    # The name alone, "the risk digest": to be shown it.
    alone = sure or (len(bare.split()) <= 6 and _NAMED.search(line) is not None)
    return Wish("preview", digest, function) if digest and alone else None


def _without(line: str, names: Sequence[str]) -> str:
    """The words but for the longest of these names that stands in them."""
    for name in sorted(names, key=len, reverse=True):
        shorter, times = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", " ", line, count=1, flags=re.IGNORECASE)
        if times:
            return shorter
    return line


def _named(line: str, names: Mapping[str, Sequence[str]]) -> str:
    """The one that the words name: by the longest of its names that stands in them, as words of their own."""
    found = [
        (len(name), id)
        for id, known in names.items()
        for said in known
        if (name := re.sub(r"\s*\bdigest\b\s*", " ", said.casefold()).strip())
        and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line.casefold())
    ]
    return max(found)[1] if found else ""
