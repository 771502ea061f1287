"""Texts as the words that tell something: split, stemmed lightly, stop words dropped, weighed by rarity."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP_WORDS = """
    a about above after again all also am an and any are as at be because been before being below between
    both but by can could did do does doing done down each etc every few for from further get gets give had
    has have having he her here hers him his how i if in into is it its itself just let like made make makes
    many may me might more most much must my need no nor not now of off on once one only or other our ours
    out over own per please same shall she should so some such take than that the their theirs them then
    there these they this those through to too under until up upon us use used using very via want was we
    were what when where which while who whom whose why will with within without would yet you your yours ai
    artificial intelligence system tool help s t ve re ll d m
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = (
    ("isations", "is"), ("izations", "is"), ("isation", "is"), ("ization", "is"), ("ising", "is"),
    ("izing", "is"), ("ised", "is"), ("ized", "is"), ("ises", "is"), ("izes", "is"), ("ise", "is"),
    ("ize", "is"), ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"), ("ates", "at"),
    ("ate", "at"), ("ments", "ment"), ("ness", ""), ("ies", "y"), ("ied", "y"), ("ying", "y"),
    ("ings", ""), ("ing", ""), ("ers", ""), ("er", ""), ("edly", ""), ("ed", ""), ("ly", ""), ("es", ""),
    ("s", ""), ("e", ""),
)  # fmt: skip


def stem(word: str) -> str:
    """A word without its ending, so that *summarise* meets *summarizing*; at least three letters stay."""
    word = word.replace("’", "'").split("'", 1)[0]
    if word.endswith("ss"):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        return word[:-1]
    return word


@lru_cache(maxsize=8192)
def words(text: str) -> frozenset[str]:
    """The stems of the telling words in ``text``, each once."""
    return frozenset(as_written(text))


def as_written(text: str) -> dict[str, str]:
    """The stems of the telling words in ``text``, in order, with the form in which each stands first."""
    found: dict[str, str] = {}
    for match in _WORD.findall(text):
        word = match.casefold()
        if word not in _STOP and (len(word) > 1 or word.isdigit()):
            found.setdefault(stem(word), word)
    return found


class Rarity:
    """How telling each word is within one set of texts: the rarer, the more."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._holding = Counter(word for text in texts for word in words(text))
        self._squares: dict[str, float] | None = None

    def weight(self, word: str) -> float:
        """Its inverse document frequency, above 0; a word that no text holds counts as the rarest."""
        held = self._holding.get(word, 0)
        return math.log(1 + (self._count - held + 0.5) / (held + 0.5))

    def overlap(self, text: str, others: Sequence[str]) -> NDArray[np.float32]:
        """For each other text the cosine of the weighted sets of words, 0 to 1, ``(n,)``."""
        asked = words(text)
        scores = np.zeros(len(others), np.float32)
        squares = {word: self.weight(word) ** 2 for word in self._holding}
        length = math.sqrt(sum(self.weight(word) ** 2 for word in asked))
        for row, other in enumerate(others):
            said = words(other)
            shared = asked & said
            if shared:
                size = math.sqrt(sum(squares.get(word, 0.0) for word in said))
                scores[row] = sum(squares[word] for word in shared) / (length * size)
        return scores

    def alike(self, one: str, other: str) -> float:
        """As :meth:`overlap` for one pair, for going through many: the weights are worked out once."""
        if self._squares is None:
            self._squares = {word: self.weight(word) ** 2 for word in self._holding}
        squares, rarest = self._squares, self.weight("") ** 2
        mine, theirs = words(one), words(other)
        sizes = [math.sqrt(sum(squares.get(w, rarest) for w in said)) for said in (mine, theirs)]
        shared = sum(squares.get(w, rarest) for w in mine & theirs)
        return shared / (sizes[0] * sizes[1]) if shared else 0.0

    def covered(self, text: str, others: Sequence[str]) -> NDArray[np.float32]:
        """For each other text the weighted share of ``text``'s words that it holds, 0 to 1, ``(n,)``."""
        asked = {word: self.weight(word) for word in words(text)}
        total = sum(asked.values())
        if not total:
            return np.zeros(len(others), np.float32)
        shares = (sum(weight for word, weight in asked.items() if word in words(other)) for other in others)
        return np.fromiter(shares, np.float32, len(others)) / np.float32(total)

    def most_telling(self, shared: frozenset[str], limit: int) -> list[str]:
        """The rarest of these stems, rarest first."""
        return sorted(shared, key=lambda word: (-self.weight(word), word))[:limit]
