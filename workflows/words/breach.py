"""Words that say that data is broken: "the claims feed is late again"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_AT_MOST = 300
_KINDS = (
    (
        "late",
        r"\b(?:late|stale|delayed|overdue|outdated|out of date|hours old|days old|yesterday'?s"
        r"|(?:has ?n[o']t|have ?n[o']t|did ?n[o']t|not) (?:yet )?"
        r"(?:arrived?|come|come in|updated?|refresh(?:ed)?|delivered))\b",
    ),
    ("incomplete", r"\b(?:missing|incomplete|empty|blanks?|nulls?|gaps|half of|rows? (?:are )?gone)\b"),
    ("errors", r"\b(?:wrong|garbage|corrupt(?:ed)?|rubbish|duplicates?|nonsense|bad values)\b"),
    ("form", r"\b(?:broken|renamed|changed (?:its )?(?:type|format|schema)|new format|column is gone)\b"),
)
_PLAINLY = re.compile(
    r"^(?:please |i (?:want|would like|need) to |can i )?report (?:a |an )?(?:data )?(?:contract )?breach\b"
    r"|\b(?:data )?contract (?:is|was|has been) (?:broken|breached)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:what|who|when|where|why|how|is|are|can|could|may|must|does|do|did|should|would|will|if)\b",
    re.IGNORECASE,
)
_COMMON = frozenset(["data", "the", "of", "and", "a", "an", "contract", "table", "file", "set"])


class Broken(NamedTuple):
    """What the words say: the id of the contract they name (empty: none), and what seems to be wrong."""

    contract: str
    kind: str


def read_breach(text: str, contracts: Iterable[tuple[str, str]]) -> Broken | None:
    """The report in plain words, or ``None``. ``contracts`` are pairs of id and title.

    A statement counts only where it names a contract by all the words of its title; a question never does.
    """
    said = " ".join(text.split())
    if not said or len(said) > _AT_MOST or said.rstrip().endswith("?") or _ASKS.match(said):
        return None
    named = _named(said, contracts)
    kind = next((k for k, pattern in _KINDS if re.search(pattern, said, re.IGNORECASE)), "")
    if _PLAINLY.search(said):
        return Broken(named, kind)
    return Broken(named, kind) if named and kind else None


def speaks_of_trouble(text: str) -> bool:
    """Whether the words could be a report at all: so cheap that it may be asked of every message."""
    said = " ".join(text[: _AT_MOST + 1].split())
    if len(text) > _AT_MOST or said.endswith("?") or _ASKS.match(said):
        return False
    return bool(_PLAINLY.search(said)) or any(re.search(p, said, re.IGNORECASE) for _, p in _KINDS)


def _named(said: str, contracts: Iterable[tuple[str, str]]) -> str:
    spoken = set(_words(said))
    best, longest = "", 0
    for id, title in contracts:
        wanted = set(_words(title)) - _COMMON
        if wanted and wanted <= spoken and len(wanted) > longest:
            best, longest = id, len(wanted)
    return best


def _words(text: str) -> list[str]:
    return re.findall(r"[\w]+", text.casefold())
