""" "46 of 50": how many of how many, in plain words."""

from __future__ import annotations

import re
from typing import NamedTuple


class Share(NamedTuple):
    """So many of so many."""

    right: float
    of: float


_COUNT = r"\d{1,3}(?:[,.'’\u202f ]\d{3})+|\d+"
_SHARE = re.compile(
    rf"(?<![\w.,])(?P<right>all|none|{_COUNT})\s*(?:/|\b(?:out\s+)?of\b(?:\s+(?:the|them,?))?)\s*(?P<of>{_COUNT})"
    r"(?![\w%])(?![.,]\d)",
    re.IGNORECASE,
)
_ALL = re.compile(rf"\ball\s+(?:the\s+)?(?P<of>{_COUNT})\b(?!\s*%)", re.IGNORECASE)
_AT_MOST = 2000


def read_share(text: str) -> Share | None:
    """The first share in the words; ``None`` where there is none, or one that cannot be (52 of 50)."""
    text = text[:_AT_MOST]
    found = _SHARE.search(text)
    if found is None:
        whole = _ALL.search(text)
        return Share(_count(whole["of"]), _count(whole["of"])) if whole and _count(whole["of"]) else None
    of, said = _count(found["of"]), found["right"].casefold()
    right = of if said == "all" else 0.0 if said == "none" else _count(said)
    return Share(right, of) if of and right <= of else None


def _count(text: str) -> float:
    return float(re.sub(r"\D", "", text) or 0)
