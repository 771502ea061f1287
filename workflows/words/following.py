"""Whether words are a question at all, and whether they only make sense after another one."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ASKS = re.compile(
    r"^(?:(?:ok(?:ay)?|and|but|so|then|also|right|sorry|thanks|hm+|um+|well|yes|no)\b[\s,.!…-]*)*"
    r"(?:what(?:'s|’s)?|who(?:'s|’s)?|whom|whose|which|when|where(?:'s|’s)?|why|how|is|are|do|does|did|can|could"
    r"|may|must|should|shall|would|will|has|have|was|were)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^(?:(?:ok(?:ay)?|right|thanks|hm+|yes|no)\b[\s,.!…-]*)?"
    r"(?:and\b|or\b|but\b|so\b|then\b|what about\b|how about\b|what if\b|same for\b|even\b|only\b|also\b"
    r"|why(?: not)?\s*\?*$|really\s*\?)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|those|these|they|them|their|this one|that one|the same|there|then)\b", re.IGNORECASE
)
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_LONGEST = 40
_SHORT = 9


def is_question(text: str) -> bool:
    """Whether the words ask something, by a question mark or by how they begin. Statements do not."""
    said = " ".join(_MENTION.sub(" ", text).split())
    words = _WORD.findall(said)
    if not words or len(words) > 4 * _LONGEST:
        return False
    if "?" in said:
        return len(words) >= 2 or bool(_GOES_ON.match(said)) or said.casefold().startswith("why")
    return bool(_ASKS.match(said)) and 3 <= len(words) <= _LONGEST


def follows(text: str) -> bool:
    """Whether a question goes on from the one before it: *"and for high risk?"*, *"what about vendors"*."""
    said = " ".join(text.split())
    words = _WORD.findall(said)
    if not words or len(words) > _LONGEST:
        return False
    return bool(_GOES_ON.match(said)) or (
        len(words) <= _SHORT and bool(_POINTS_BACK.search(said)) and is_question(said)
    )


def to_somebody_else(text: str) -> bool:
    """Whether the words are meant for a person who is named in them."""
    return bool(_MENTION.search(text))
