"""What speaks for a passage as the answer to a question, in words and in meaning, and how it is weighed.

``tests/bench/fit_retrieval.py`` fitted the weights, with the model and for words alone, on half of the
articles of a public set of questions and on questions written for it; ``tests/bench/retrieval.py`` reports
the other half.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from knowledge.query import Query, placed, stem, telling
from storage.corpus_search import Shown

_K1, _B = 1.2, 0.75
_RAREST = 8.0
_SAYS_IT_ITSELF = 0.01
"""A heading counts for every sentence under it; of equal ones that is quoted which says it itself."""

FEATURES = ("words", "meaning", "sentence", "covered", "by_sentence", "pairs", "asked", "asked_words")
"""Words (BM25), passage's cosine, best sentence's cosine, words covered, by one sentence, pairs of words; and
of the questions that the passage is asked by: the nearest in meaning, and the most alike in words."""

ITS_OWN = 6
"""So many of them are of the passage itself."""

RANKING = np.array([4.0, 7.65, 6.46, -1.19, 1.86, 4.34, 10.1, 1.9], np.float32)
"""How much each counts; of the last two what is beyond :data:`EXPECTED`."""

WORDS = np.array([True, False, False, True, True, True])
"""Which of a passage's own count by how many of the question's words the best passage covers."""

RANKING_BY_WORDS = np.array([4.7, 0.0, 0.0, -1.06, 2.87, 4.96, 0.0, 7.6], np.float32)
"""The same without a model."""

EXPECTED = np.array([[0.2056, 0.0207], [0.0562, 0.0188]], np.float32)
"""The last two features, on average, of a passage whose own text scores ``s``: first plus second times ``s``.

Whoever wrote down no questions is neither better nor worse off than whoever did.
"""

EXPECTED_BY_WORDS = np.array([[0.0, 0.0], [0.162, -0.0023]], np.float32)
"""The same without a model."""


@dataclass(frozen=True)
class Terms:
    """A passage as stems: how often each, neighbours, those of what stands above it and of each sentence."""

    counts: Mapping[str, int]
    pairs: frozenset[tuple[str, str]]
    heading: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    asked: tuple[frozenset[str], ...]
    """The telling stems of each question it is asked by."""
    length: int
    """Characters."""


@dataclass(frozen=True)
class Near:
    """Cosines of a question to a passage, to each question the passage is asked by, and to its sentences."""

    passage: float
    asked: Sequence[float]
    sentences: Sequence[float]


@dataclass(frozen=True)
class Weighed:
    """One passage's evidence: the row of features that ``RANKING`` weighs, and its rarest missing word."""

    features: tuple[float, ...]
    missing: float
    sentences: tuple[float, ...]
    """What speaks for each of its sentences."""
    is_asked: bool
    """Whether anybody wrote down what it is asked."""

    @property
    def covered(self) -> float:
        """The weighted share of the question's words that the passage holds."""
        return self.features[3]

    @property
    def sentence(self) -> float:
        """The cosine of its nearest sentence."""
        return self.features[2]


@dataclass(frozen=True)
class Rarity:
    """How telling each stem of a question is, times how much it counts there."""

    weights: Mapping[str, float]

    @cached_property
    def total(self) -> float:
        """Of all words together."""
        return sum(self.weights.values()) or 1.0


def rarity(query: Query, holding: Mapping[str, int], passages: int) -> Rarity:
    """From how many of the passages hold each word; the rarest weighs the same in every corpus.

    Otherwise the same evidence would weigh less in a small corpus than in a large one.
    """
    weights: dict[str, float] = {}
    rarest = math.log(2 + 2 * passages)
    for word, counts in query.words:
        held = min(holding.get(word, 0), passages)
        told = counts * _RAREST * math.log(1 + (passages - held + 0.5) / (held + 0.5)) / rarest
        key = stem(word)
        weights[key] = max(told, weights.get(key, 0.0))
    return Rarity(weights)


def terms(shown: Shown) -> Terms:
    """The stems of a passage, in one walk through its words."""
    above = len(shown.indexed) - len(shown.text)
    offset = above - shown.begins
    marks = [mark + offset for mark in shown.sentences]
    heading: set[str] = set()
    sentences: list[set[str]] = [set() for _ in marks[::2]]
    said: list[str] = []
    at = 0
    for begins, word in placed(shown.indexed):
        stemmed = stem(word)
        said.append(stemmed)
        if begins < above:
            heading.add(stemmed)
            continue
        while at < len(sentences) and begins >= marks[2 * at + 1]:
            at += 1
        if at < len(sentences) and begins >= marks[2 * at]:
            sentences[at].add(stemmed)
    return Terms(
        Counter(said),
        frozenset(pairwise(said)),
        frozenset(heading),
        tuple(map(frozenset, sentences)),
        tuple(frozenset(map(stem, telling(question))) for question in shown.asked),
        shown.ends - shown.begins,
    )


def _alike(rare: Rarity, asked: frozenset[str]) -> float:
    """How alike a question and one that a passage is asked by are in words: 0 for none, 1 for all shared.

    The geometric mean of the share of the one and of the other; telling words weigh more in the first.
    """
    shared = [word for word in asked if word in rare.weights]
    if not shared:
        return 0.0
    mine = sum(rare.weights[word] for word in shared) / rare.total
    return math.sqrt(mine * len(shared) / len(asked))


def scores(weighed: Sequence[Weighed], by_meaning: bool) -> list[float]:
    """What speaks for each of these passages by itself.

    Words count by how many of the question's the best passage covers: where people use other words than the
    corpus does, the few that happen to agree say little, and meaning decides.
    """
    if not weighed:
        return []
    weights = RANKING if by_meaning else RANKING_BY_WORDS
    most_covered = max(passage.covered for passage in weighed) if by_meaning else 1.0
    counts = np.where(WORDS, most_covered, 1.0)
    features = np.array([passage.features[:ITS_OWN] for passage in weighed])
    found: list[float] = (features @ (weights[:ITS_OWN] * counts)).tolist()
    return found


def beyond(weighed: Weighed, itself: float, by_meaning: bool) -> tuple[float, float]:
    """How much more alike the question is to those the passage is asked by than is to be expected.

    In meaning and in words; ``itself`` is what the passage scores by itself. 0 where it is asked none.
    """
    if not weighed.is_asked:
        return 0.0, 0.0
    (meaning, by_score), (words, words_by_score) = (EXPECTED if by_meaning else EXPECTED_BY_WORDS).tolist()
    _, _, _, _, _, _, asked, asked_words = weighed.features
    nearer = asked - meaning - by_score * itself if by_meaning else 0.0
    return nearer, asked_words - words - words_by_score * itself


def by_asked(further: tuple[float, float], by_meaning: bool) -> float:
    """What that adds to the score."""
    weights = RANKING if by_meaning else RANKING_BY_WORDS
    return float(weights[ITS_OWN] * further[0] + weights[ITS_OWN + 1] * further[1])


def weigh(
    query: Query,
    rare: Rarity,
    passage: Terms,
    average_length: float,
    near: Near | None,
) -> Weighed:
    """The evidence of one passage; ``near`` is what is known of its meaning, ``None`` without a model."""
    norm = _K1 * (1 - _B + _B * passage.length / average_length)
    bm25 = covered = missing = 0.0
    for word, weight in rare.weights.items():
        count = passage.counts.get(word, 0)
        if count:
            bm25 += weight * count * (_K1 + 1) / (count + norm)
            covered += weight
        else:
            missing = max(missing, weight)
    above = {word for word in rare.weights if word in passage.heading}
    by_sentence, by_itself = [], []
    for sentence in passage.sentences:
        own = {word for word in rare.weights if word in sentence}
        by_itself.append(sum(rare.weights[word] for word in own) / rare.total)
        by_sentence.append(sum(rare.weights[word] for word in own | above) / rare.total)
    nearest = list(near.sentences) if near else [0.0] * len(by_sentence)
    pairs = len(query.pairs & passage.pairs) / len(query.pairs) if query.pairs else 0.0
    features = (
        bm25 / 10,
        near.passage if near else 0.0,
        max(nearest, default=0.0),
        covered / rare.total,
        max(by_sentence, default=0.0),
        pairs,
        max(near.asked, default=0.0) if near else 0.0,
        max((_alike(rare, asked) for asked in passage.asked), default=0.0),
    )
    weights = RANKING if near else RANKING_BY_WORDS
    told = tuple(
        float(weights[2] * cosine + weights[4] * share + _SAYS_IT_ITSELF * own)
        for cosine, share, own in zip(nearest, by_sentence, by_itself, strict=True)
    )
    return Weighed(tuple(map(float, features)), missing / 10, told, bool(passage.asked))
