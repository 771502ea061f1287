"""Results of an evaluation in plain words: "happy path 46 of 50, adversarial 18/20, p95 1.8 s"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workflows.words.shares import Share, read_share

_AT_MOST = 4000
_VERSION = re.compile(
    r"\b(?:version|release|v)\.?\s*(?P<version>(?=[\w.+-]*\d)[\w][\w.+-]{0,58}[\w])(?=[\s,;:)]|\.?$|\.\s)"
    r"|\b(?:version|release|v)\.?\s*(?P<short>\d)\b",
    re.IGNORECASE,
)
_HURTFUL = re.compile(
    r"\b(?P<no>no|none|nothing|zero)\b[\w\s-]{0,25}?\b(?:hurtful|harmful|hurt|harm)\b"
    r"|\b(?P<count>\d+)\b[\w\s-]{0,25}?\b(?:hurtful|harmful|hurt|harm)\b"
    r"|\b(?:hurtful|harmful)\b(?:\s+(?:cases|results))?\W{0,3}(?P<after>\d+|none|no|zero)\b"
    r"|\b(?P<nobody>nobody)\b[\w\s-]{0,20}?\bhurt\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w.,/])(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>%|per ?cent|percent|ms|milliseconds?|s\b|secs?\b"
    r"|seconds?|minutes?|min\b)?",
    re.IGNORECASE,
)


_CLAUSE = re.compile(r"[;\n]|,(?!\d{3}\b)|\.(?!\d)|\band\b")


class Told(NamedTuple):
    """What the words say: ``shares`` by class, ``figures`` by measure in its own unit (per cent, seconds)."""

    shares: Mapping[str, Share]
    figures: Mapping[str, float]
    version: str = ""
    hurtful: int | None = None
    unread: tuple[str, ...] = ()
    """Classes and measures that are named without a figure that can be read."""

    @property
    def anything(self) -> bool:
        """Whether there is a result in the words."""
        return bool(self.shares or self.figures)


def read_results(
    text: str, classes: Mapping[str, Sequence[str]], measures: Mapping[str, Sequence[str]]
) -> Told:
    """All results that the words hold. ``classes`` and ``measures`` are the ways in which each is called."""
    text = text[:_AT_MOST]
    version = _VERSION.search(text)
    hurtful = _HURTFUL.search(text)
    bare = _blank(_blank(text, version), hurtful)
    shares: dict[str, Share] = {}
    figures: dict[str, float] = {}
    unread: list[str] = []
    mentions = _mentions(bare, {**classes, **measures})
    for i, (id, start, end) in enumerate(mentions):
        after = bare[end : mentions[i + 1][1] if i + 1 < len(mentions) else len(bare)]
        before = bare[mentions[i - 1][2] if i else 0 : start]
        # What stands in the same clause counts first: "46 of 50 happy path, 18 of 20 adversarial".
        places = (_CLAUSE.split(after)[0], _CLAUSE.split(before)[-1], after)
        if id in classes:
            share = next((s for s in map(read_share, places) if s is not None), None)
            if share is not None:
                shares.setdefault(id, share)
                continue
        else:
            figure = next((f for f in map(_figure, places) if f is not None), None)
            if figure is not None:
                figures.setdefault(id, figure)
                continue
        unread.append(id)
    said = (version["version"] or version["short"]) if version else ""
    left = tuple(u for u in dict.fromkeys(unread) if u not in shares and u not in figures)
    return Told(shares, figures, said.rstrip("."), _count(hurtful), left)


def _mentions(text: str, ways: Mapping[str, Sequence[str]]) -> list[tuple[str, int, int]]:
    """(id, start, end) of everything named, in order; where names overlap the longest counts."""
    known = {way.casefold(): id for id, called in ways.items() for way in (*called, id.replace("_", " "))}
    if not known:
        return []
    names = "|".join(re.escape(w) for w in sorted(known, key=len, reverse=True))
    found = re.finditer(rf"(?<!\w)(?:{names})(?!\w)", text, re.IGNORECASE)
    return [(known[m.group().casefold()], m.start(), m.end()) for m in found]


def _figure(text: str) -> float | None:
    found = _FIGURE.search(text)
    if found is None:
        return None
    value = float(found["number"].replace(",", "."))
    unit = (found["unit"] or "").casefold()
    if unit in ("ms",) or unit.startswith("millisecond"):
        return value / 1000.0
    return value * 60.0 if unit.startswith("min") else value


def _count(found: re.Match[str] | None) -> int | None:
    if found is None:
        return None
    if found["no"] or found["nobody"]:
        return 0
    said = found["count"] or found["after"]
    return int(said) if said.isdigit() else 0


def _blank(text: str, found: re.Match[str] | None) -> str:
    """The text with what was read already taken out of it, at the same length."""
    if found is None:
        return text
    return text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
