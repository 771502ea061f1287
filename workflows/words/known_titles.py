"""Which of the known use cases the words of a question name, whatever part of the name they use."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

_WORD = re.compile(r"[^\W_]+")
_SMALL_WORDS = "a an the of for to in on at by with and or our my from into as"
_SMALL = frozenset(_SMALL_WORDS.split())
_LONGEST_FIRST = "isations isation ising ises ised ise izing ized ize ings ing ies ed es s e y"
_ENDINGS = tuple(_LONGEST_FIRST.split())
_ALIKE = 86.0
"""How alike (0-100) two longer words must be for a slip of the keyboard."""


@dataclass(frozen=True)
class Known:
    """A use case by its name."""

    id: str
    title: str


@dataclass(frozen=True)
class Fit:
    """How well a name fits: ``whole`` is the share of the name that is said, ``fits`` the share of the words
    said that are in it, both weighed by how rare the words are among all names."""

    known: Known
    whole: float
    fits: float

    @property
    def score(self) -> float:
        """0 to 1; a name that is said in full fits whatever else is said."""
        return 1.0 if self.whole > 0.999 else 0.45 * self.whole + 0.55 * self.fits


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its ending, roughly: *summarise*, *summaries* and *summary* are one."""
    word = word.casefold()
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def fitting(words: Iterable[str], titles: Sequence[Known], at_least: float = 0.3) -> list[Fit]:
    """The titles that the words may name, the best first. The words are those that say nothing else."""
    said = tuple(dict.fromkeys(stem(w) for word in words for w in _parts(word)))
    parts = {known.id: _stems(known.title) for known in titles}
    spread = Counter(s for stems in parts.values() for s in set(stems))
    heard = {s: _meant(s, spread) for s in said}
    most = math.log(1 + len(titles)) + 1

    def weight(part: str) -> float:
        return math.log((1 + len(titles)) / spread[part]) + 1 if spread[part] else most

    meant = set(heard.values()) - {None}
    found = []
    for known in titles:
        own = set(parts[known.id])
        both = own & meant
        if not both:
            continue
        whole = sum(map(weight, both)) / sum(map(weight, own))
        hits = sum(weight(h) for h in heard.values() if h in own and h is not None)
        total = sum(weight(h) if h is not None else most for h in heard.values())
        found.append(Fit(known, whole, hits / total))
    found = [f for f in found if f.score >= at_least]
    return sorted(found, key=lambda f: (-f.score, f.known.id))


def said_whole(text: str, titles: Sequence[Known]) -> list[Known]:
    """The titles that stand in the text word for word, the longest first."""
    flat = f" {_flat(text)} "
    found = [k for k in titles if k.title and f" {_flat(k.title)} " in flat]
    longest = max((len(k.title) for k in found), default=0)
    return [k for k in found if len(k.title) == longest]


@lru_cache(maxsize=32768)
def _flat(text: str) -> str:
    """The words alone, in small letters."""
    return " ".join(_WORD.findall(text.casefold()))


def _meant(part: str, spread: Counter[str]) -> str | None:
    """The word of a name that a word stands for: itself, or the one it is a slip of."""
    if part in spread:
        return part
    if len(part) < 4:
        return None
    near = ((fuzz.ratio(part, other), other) for other in spread if len(other) >= 4 and other[0] == part[0])
    best = max(near, default=(0.0, ""))
    return best[1] if best[0] >= _ALIKE else None


@lru_cache(maxsize=32768)
def _stems(title: str) -> tuple[str, ...]:
    stems = tuple(stem(w) for w in _parts(title) if w not in _SMALL)
    return stems or tuple(stem(w) for w in _parts(title))


def _parts(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("e-mail", "email"))
