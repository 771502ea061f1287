"""Words that ask for an assessment: "do the pilot diagnosis for Claims notes", "vendor questions please"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

_DO = re.compile(
    r"^(?:(?:hi|hey|hello|ok(?:ay)?|so|and|now|please|pls|preflight|can we|could we|can you|could you"
    r"|shall we|let's|lets|let us|let me|i(?:'d| would)? (?:want|like)(?: to)?|i need(?: to)?"
    r"|we (?:want|need)(?: to)?"
    r"|we(?:'d| would) like(?: to)?|i(?:'ll| will)|we(?:'ll| will))[,:]?\s+)*"
    r"(?:do|start|run|begin|open|take|make|fill in|fill out|go through|walk through"
    r"|answer|continue|redo|repeat)\b"
    r"\s+(?:us\s+|me\s+)?(?:(?:the|a|an|our|my|that|this)\s+)?(?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_FOR = re.compile(
    r"^\W*(?:for|of|about|on|with|to)\s+(?:the\s+)?(?P<about>.+?)\W*$", re.IGNORECASE | re.DOTALL
)
_PLEASE = re.compile(
    r"\W+(?:please|pls|now|then|thanks?|thank you)\W*$|^(?:please|pls|now|then)\W*$", re.IGNORECASE
)
_POINTS = re.compile(
    r"(?:it|this|that|us|me|mine|ours?|(?:my|our|this|that|the) (?:one|use ?case|idea|pilot))", re.I
)
"""Whatever was spoken of, or one's own."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_AT_MOST = 300
_ALIKE = 88.0
"""How alike (0-100) the words must be to a name to be a slip of the keyboard."""


class Asked(NamedTuple):
    """Which assessment, and the words that say what it is about."""

    id: str
    about: str


def asks_for(text: str, names: Mapping[str, Sequence[str]]) -> Asked | None:
    """What a sentence asks to have done; ``None`` where it asks for no assessment.

    ``names`` are the ways in which each is called, by id. Only a wish to do one counts: whoever asks what a
    pilot diagnosis is, gets an answer and not a diagnosis.
    """
    text = text[:_AT_MOST].strip()
    if text.endswith("?") and not re.match(r"(?:can|could|shall|may|will|would) ", text, re.IGNORECASE):
        return None
    said = _DO.match(text.rstrip(" ?!."))
    return begins_with(said["rest"], names) if said else None


def begins_with(text: str, names: Mapping[str, Sequence[str]]) -> Asked | None:
    """The assessment whose name the words begin with, the longest first, and what follows the name."""
    words = [(m.group().casefold(), m.end()) for m in _WORD.finditer(text[:_AT_MOST])]
    ways = [(way, id) for id, called in names.items() for way in called]
    for way, id in sorted(ways, key=lambda w: -len(w[0])):
        parts = [m.group().casefold() for m in _WORD.finditer(way)]
        if not parts or len(words) < len(parts):
            continue
        begun = " ".join(w for w, _ in words[: len(parts)])
        if begun == " ".join(parts) or (len(begun) > 8 and fuzz.ratio(begun, " ".join(parts)) >= _ALIKE):
            rest = text[words[len(parts) - 1][1] :].strip()
            found = _FOR.match(rest)
            about = _PLEASE.sub("", found["about"] if found else rest).strip(" .,;:!?*_\"'“”")
            return Asked(id, "" if _POINTS.fullmatch(about) else about)
    return None
