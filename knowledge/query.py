"""A question as it is searched for: its text, its telling words, and what it goes on from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from knowledge.words import stem

LONGEST = 1_000
"""Characters of a question that count."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP_WORDS = """
    a an and are as at be by did do does for from had has have how in is it its of on or that the their there
    to was were what when where which who whom whose why will with
"""
_STOP = frozenset(_STOP_WORDS.split())
_GOES_ON = re.compile(
    r"\s*(?:(?:ok|okay|yes|no|right|thanks|hm+)\b[\s,.!]*)?"
    r"(?:and|or|but|so|then|also|what about|how about|what if|why|why not|same for|even|only|really)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|he|she|one|ones|there|same|then)\b", re.IGNORECASE
)
_FEW_WORDS = 3
_BEFORE = 0.5


@dataclass(frozen=True)
class Query:
    """A question made ready: ``words`` are its telling words as written, each with how much it counts."""

    text: str
    words: tuple[tuple[str, float], ...]
    pairs: frozenset[tuple[str, str]]
    """Stems that stand next to each other in it."""


def query(question: str, after: str = "") -> Query:
    """The question, by itself or as one that goes on from the question ``after``.

    *"and for high risk?"* is searched for together with the words before, which count half; a question that
    stands by itself is not mixed with what was asked before.
    """
    question = question[:LONGEST]
    words = dict.fromkeys(telling(question), 1.0)
    text = question
    if after and goes_on(question):
        for word in telling(after[:LONGEST]):
            words.setdefault(word, _BEFORE)
        text = f"{after[:LONGEST]} {question}"
    stems = [stem(word) for word in spoken(question)]
    return Query(text, tuple(words.items()), frozenset(pairwise(stems)))


def goes_on(question: str) -> bool:
    """Whether a question is only understood with the one before it."""
    few = len(telling(question)) <= _FEW_WORDS
    return (
        bool(_GOES_ON.match(question))
        or (few and bool(_POINTS_BACK.search(question)))
        or len(telling(question)) <= 1
    )


def spoken(text: str) -> list[str]:
    """Its words in order, in lower case."""
    return [match.casefold() for match in _WORD.findall(text)]


def telling(text: str) -> list[str]:
    """Its words without those that stand in any question; all of them where nothing else is left."""
    said = spoken(text)
    return list(dict.fromkeys([word for word in said if word not in _STOP] or said))
