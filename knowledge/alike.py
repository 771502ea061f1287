"""Pairs of recorded use cases that look alike, by the measure that finds similar ones for a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.similar import WORTH_SHOWING, Candidate, probability, why_alike
from knowledge.words import Rarity

NEAREST = 5
"""How many are kept for each use case."""
_LOOKED_AT = 12
"""How many of the nearest in meaning are weighed by their words as well."""
_AT_ONCE = 256


@dataclass(frozen=True)
class Pair:
    """Two use cases; ``score`` is the probability, 0 to 1, that a person would call them similar."""

    one: str
    other: str
    score: float
    why: str


def pairs(new: Sequence[Candidate], every: Sequence[Candidate]) -> list[Pair]:
    """For each of ``new`` those of ``every`` that look like it, at most :data:`NEAREST`, the likeliest first.

    Only those with a vector are compared, and nothing with itself.
    """
    asked = [c for c in new if c.vector is not None]
    there = [c for c in every if c.vector is not None]
    if not asked or len(there) < 2:
        return []
    rarity = Rarity([c.text for c in there])
    vectors = np.stack([c.vector for c in there if c.vector is not None])
    found: list[Pair] = []
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        cosines = np.stack([c.vector for c in some if c.vector is not None]) @ vectors.T
        near = np.argsort(-cosines, axis=1, kind="stable")[:, : _LOOKED_AT + 1]
        for row, candidate in enumerate(some):
            others = [(there[at], float(cosines[row, at])) for at in near[row]]
            found += _alike(candidate, [o for o in others if o[0].id != candidate.id], rarity)
    return found


def _alike(asked: Candidate, others: Sequence[tuple[Candidate, float]], rarity: Rarity) -> list[Pair]:
    made = []
    for other, cosine in others:
        score = probability(cosine, np.sqrt(rarity.alike(asked.text, other.text)))
        if score >= WORTH_SHOWING:
            made.append(Pair(asked.id, other.id, score, why_alike(asked.text, other.text, rarity)))
    return sorted(made, key=lambda pair: -pair.score)[:NEAREST]
