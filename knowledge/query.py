"""A question as it is searched for: its text, its telling words, and what it goes on from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge import words
from storage.schema import storable

LONGEST = 1_000
"""Characters of a question that count."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP_WORDS = """
    a an and are as at be by did do does for from had has have how in is it its of on or that the their there
    to was were what when where which who whom whose why will with

    about actually again all already also am any anybody anyone anything anyway around been being both but can
    could don't doesn't didn't down each even every everybody everyone everything get gets getting give given
    go goes going gone got gotten he hello here hers her hey hi him his how's i i'm i've if into isn't aren't
    it's just know let like lot lots made make makes many may me mean might mine more most much must my myself
    need needs no not now off ok okay only other our ours out over own please put really same say says shall
    she should so some somebody someone something still stuff such take takes taken tell than that's theirs
    them then there's these they they're thing things think this those through too up us use used using very
    want wants we we're well what's when's where's who's would yes you your yours yourself can't won't
"""
"""Grammar, and after it what people say around the words that tell something."""
_STOP = frozenset(_STOP_WORDS.split())
_GOES_ON = re.compile(
    r"\s*(?:(?:ok|okay|yes|no|right|thanks|hm+)\b[\s,.!]*)?"
    r"(?:and|or|but|so|then|also|what about|how about|what if|why|why not|same for|even|only|really)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|he|she|one|ones|there|same|then)\b", re.IGNORECASE
)
_FEW_WORDS = 4
BEFORE = 0.25
"""How much the question before counts in one that goes on from it."""


@dataclass(frozen=True)
class Query:
    """A question made ready: ``words`` are its telling words as written, each with how much it counts."""

    text: str
    before: str
    """The question that it goes on from; empty for one that stands by itself."""
    words: tuple[tuple[str, float], ...]
    pairs: frozenset[tuple[str, str]]
    """Stems that stand next to each other in it."""


def query(question: str, after: str = "") -> Query:
    """The question, by itself or as one that goes on from the question ``after``.

    *"and for high risk?"* is searched for together with what was asked before, which counts less; a question
    that stands by itself is not mixed with it.
    """
    question, after = storable(question[:LONGEST]), storable(after[:LONGEST])
    counts = dict.fromkeys(telling(question), 1.0)
    before = after if goes_on(question) else ""
    for word in telling(before):
        counts.setdefault(word, BEFORE)
    stems = [stem(word) for word in spoken(question)]
    return Query(question, before, tuple(counts.items()), frozenset(pairwise(stems)))


def goes_on(question: str) -> bool:
    """Whether a question is only understood with the one before it."""
    few = len(telling(question)) <= _FEW_WORDS
    return (
        bool(_GOES_ON.match(question))
        or (few and bool(_POINTS_BACK.search(question)))
        or len(telling(question)) <= 1
    )


@lru_cache(maxsize=30_000)
def stem(word: str) -> str:
    """A word without its ending; what texts are made of comes again and again."""
    return words.stem(word)


def placed(text: str) -> Iterator[tuple[int, str]]:
    """Its words in order, in lower case, each with where it begins."""
    return ((match.start(), match.group().casefold()) for match in _WORD.finditer(text))


def spoken(text: str) -> list[str]:
    """Its words in order, in lower case."""
    return [match.casefold() for match in _WORD.findall(text)]


def telling(text: str) -> list[str]:
    """Its words without those that stand in any question; all of them where nothing else is left."""
    said = spoken(text)
    return list(dict.fromkeys([word for word in said if word not in _STOP] or said))
