"""Which recorded use cases are like this one: by meaning and by shared words, and only those worth showing.

The score is the probability that a person would call the two similar, from a logistic over the cosine and the
shared words. It was fitted on half of two sets: pairs judged by hand from a public inventory of 2,133 use
cases, and short use cases of our own; ``python -m tests.knowledge.measure_similar`` reports the other halves.
By words alone the same judgements give a second, weaker logistic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.weights import ModelUnavailable
from knowledge.words import Rarity, as_written, words

WORTH_SHOWING = 0.5
"""Below this a use case is not shown: it is likelier to distract than to help."""

WORTH_SHOWING_BY_WORDS = 0.6
"""The same where only words could be compared, which err more often."""

_MEANING, _WORDS, _NEITHER = 5.96, 4.26, -4.44
_WORDS_ALONE, _NO_WORDS = 6.39, -2.26
_ENOUGH_WORDS = 2
_EMBEDDED_HERE = 16


@dataclass(frozen=True)
class Candidate:
    """A recorded use case: its text (title, then story) and, where stored, its vector from the same model."""

    id: str
    text: str
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Similar:
    """A use case worth showing. ``score`` is a probability, 0 to 1; ``why`` is a short clause for people."""

    id: str
    score: float
    why: str


def rank_similar(
    text: str, candidates: Sequence[Candidate], embedder: Embedder | None, limit: int = 3
) -> list[Similar]:
    """The candidates most like ``text``, best first, at most ``limit``, none not worth showing.

    Without a usable model words alone decide. Candidates without a vector are judged by words, and the most
    promising of them by meaning too, so that a few missing vectors cost milliseconds, not seconds.
    """
    if not candidates or not words(text):
        return []
    texts = [candidate.text for candidate in candidates]
    rarity = Rarity(texts)
    shared = np.sqrt(rarity.overlap(text, texts))
    scores = _probability(_WORDS_ALONE * shared + _NO_WORDS)
    # One word in common, however rare, is a coincidence until the meaning agrees.
    scores[[len(words(text) & words(other)) < _ENOUGH_WORDS for other in texts]] = 0
    meaning = _cosines(text, candidates, shared, embedder)
    known = ~np.isnan(meaning)
    scores[known] = _probability(_MEANING * meaning[known] + _WORDS * shared[known] + _NEITHER)
    least = np.where(known, WORTH_SHOWING, WORTH_SHOWING_BY_WORDS)
    best = np.argsort(-scores, kind="stable")[:limit]
    return [
        Similar(candidates[row].id, float(scores[row]), why_alike(text, texts[row], rarity))
        for row in best
        if scores[row] >= least[row]
    ]


def _cosines(
    text: str, candidates: Sequence[Candidate], shared: NDArray[np.float32], embedder: Embedder | None
) -> NDArray[np.float32]:
    """The cosine to each candidate; not a number where no vector is known."""
    cosines = np.full(len(candidates), np.nan, np.float32)
    if embedder is None:
        return cosines
    missing = [row for row, candidate in enumerate(candidates) if candidate.vector is None]
    missing = sorted(missing, key=lambda row: -shared[row])[:_EMBEDDED_HERE]
    try:
        asked, *made = embedder.embed([text, *(candidates[row].text for row in missing)])
    except ModelUnavailable:
        return cosines
    vectors = {
        row: candidate.vector for row, candidate in enumerate(candidates) if candidate.vector is not None
    }
    vectors.update(zip(missing, made, strict=True))
    rows = list(vectors)
    if rows:
        cosines[rows] = np.stack(list(vectors.values())) @ asked
    return cosines


def probability(cosine: float, shared: float) -> float:
    """How likely a person would call two texts similar, by their cosine and the words they share, 0 to 1."""
    return float(_probability(np.float64(_MEANING * cosine + _WORDS * shared + _NEITHER)))


def _probability(evidence: NDArray[np.floating] | np.float64) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-evidence)), np.float32)


def why_alike(text: str, other: str, rarity: Rarity) -> str:
    """In a short clause what two texts have in common."""
    written = as_written(other)
    telling = rarity.most_telling(words(text) & written.keys(), 3)
    # A word that most of the records hold explains nothing.
    telling = [stem for stem in telling if rarity.weight(stem) > math.log(2)]
    if not telling:
        return "close in meaning"
    said = [form for stem, form in written.items() if stem in telling]
    return "both about " + (said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1])
