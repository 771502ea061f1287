"""Picks the explanation that answers a person's question, from a few dozen at hand, or none.

For "why is this asked" and its like in the middle of a questionnaire: the passages are the program's own. The
weights were fitted on half of a labelled set; the other is reported by
``python -m tests.knowledge.measure_passages``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.weights import ModelUnavailable
from knowledge.words import Rarity, words

FITS = 0.5
"""Below this a passage does not answer the question."""

_MEANING, _WORDS, _NEITHER = 16.25, 1.6, -6.5
_FITS_BY_WORDS = 0.6
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LONGEST = 1000


@dataclass(frozen=True)
class Passage:
    """An explanation: its id, its title (the question's short name) and its text."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Scored:
    """A passage that fits; ``score`` 0 to 1, with the model the probability that it answers the question."""

    id: str
    score: float


def closest(
    question: str, passages: Sequence[Passage], embedder: Embedder | None, limit: int = 1
) -> list[Scored]:
    """The passages that answer ``question``, best first, at most ``limit``; empty if nothing fits.

    Without a usable model most (weighted 0.6) of the question's telling words must stand in the passage.
    """
    question = question[:_LONGEST]
    if not passages or not question.strip():
        return []
    texts = [f"{passage.title}. {passage.text}" for passage in passages]
    covered = Rarity(texts).covered(question, texts)
    near = _nearness(question, passages, texts, embedder)
    if near is None:
        scores, fits = covered, _FITS_BY_WORDS
    else:
        evidence = _MEANING * near + _WORDS * covered + _NEITHER
        scores, fits = np.asarray(1 / (1 + np.exp(-evidence)), np.float32), FITS
    best = np.argsort(-scores, kind="stable")[:limit]
    return [Scored(passages[row].id, float(scores[row])) for row in best if scores[row] >= fits]


def _nearness(
    question: str, passages: Sequence[Passage], texts: Sequence[str], embedder: Embedder | None
) -> NDArray[np.float32] | None:
    """The mean of the cosines to the passage and to its nearest sentence; ``None`` without a model."""
    if embedder is None:
        return None
    try:
        asked = embedder.embed([question])[0]
        whole = embedder.embed(texts) @ asked
        nearest = np.array([(embedder.embed(_sentences(passage)) @ asked).max() for passage in passages])
    except ModelUnavailable:
        return None
    return np.asarray((whole + nearest) / 2, np.float32)


def _sentences(passage: Passage) -> list[str]:
    found = [sentence for sentence in _SENTENCE_END.split(passage.text) if words(sentence)]
    return [passage.title, *found]
