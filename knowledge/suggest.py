"""What a first sentence already says: choices suggested from it, only where being wrong is unlikely.

Each choice has phrases, from the program's files, of how people say it. A choice's evidence is how near its
nearest phrases are to the sentence and to its clauses, plus the words they share. What counts is the level
*and* the lead over the other choices of the question: a vague sentence is a little near to everything.
A logistic over the two, fitted on half of a labelled set, gives the probability of being right. The
thresholds lie at or a little above the lowest with no mistake in that half;
``python -m tests.knowledge.measure_suggest`` reports the other half and sentences written afterwards.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.weights import ModelUnavailable
from knowledge.words import Rarity, words

SURE_OF_ONE = 0.88
"""The probability from which the best choice of a question with one answer is suggested."""

SURE_OF_EACH = 0.8
"""The probability from which a choice of a question with several answers is suggested."""

SURE_BY_WORDS = 0.75
"""Without the model: the share of a phrase, weighted by how telling its words are, found in the sentence."""

_ONE = (4.0, 3.88, -0.85)
_EACH = (5.18, 12.52, -3.34)
"""Weights of level and lead, and the constant."""
_NEAREST = 3
_WORDS_COUNT = 0.15
_LEAD_BY_WORDS = 0.35
_MOST = 3
_LONGEST = 1000
_MOST_CLAUSES = 8
_BREAK = re.compile(
    r"[,;:.!?()\n]+\s*|\s+(?:and|but|so that|so|because|then|that|which|who)\s+", re.IGNORECASE
)


@dataclass(frozen=True)
class Option:
    """A choice: its id, label, and phrases of how people say it."""

    id: str
    label: str
    phrases: Sequence[str] = ()


@dataclass(frozen=True)
class Prompt:
    """A choice question; ``many`` if several options may be right at once."""

    question_id: str
    options: Sequence[Option]
    many: bool = False


@dataclass(frozen=True)
class Suggested:
    """Options to pre-fill, marked as suggested, likeliest first; ``score`` is that of the least sure."""

    option_ids: tuple[str, ...]
    score: float


def suggest(sentence: str, prompts: Sequence[Prompt], embedder: Embedder | None) -> dict[str, Suggested]:
    """Suggestions by question id. A question about which the sentence says too little is not in the result.

    Only the first 1,000 characters are read. Questions with a single option, or without any phrases, are
    passed over. Without a usable model the phrases' words must stand in the sentence. Never raises for what
    people write.
    """
    sentence = sentence[:_LONGEST].strip()
    prompts = [prompt for prompt in prompts if _meant_for_suggestion(prompt)]
    if not prompts or not words(sentence):
        return {}
    phrases = [phrase for prompt in prompts for option in prompt.options for phrase in _said(option)]
    rarity = Rarity(phrases)
    nearness = _nearness(sentence, phrases, embedder)
    found: dict[str, Suggested] = {}
    for prompt in prompts:
        shared = np.array([_shared(sentence, option, rarity) for option in prompt.options])
        if nearness is None:
            suggested = _by_words(prompt, shared)
        else:
            suggested = _by_meaning(prompt, shared, nearness)
        if suggested is not None:
            found[prompt.question_id] = suggested
    return found


def _meant_for_suggestion(prompt: Prompt) -> bool:
    return len(prompt.options) > 1 and any(option.phrases for option in prompt.options)


def _said(option: Option) -> tuple[str, ...]:
    return (*option.phrases, option.label)


def _clauses(sentence: str) -> list[str]:
    """The sentence, then its clauses that say something: an idea often hides in one of them."""
    parts = (part.strip() for part in _BREAK.split(sentence) if part)
    telling = [part for part in parts if part != sentence and len(words(part)) > 1]
    return [sentence, *telling[:_MOST_CLAUSES]]


def _nearness(
    sentence: str, phrases: Sequence[str], embedder: Embedder | None
) -> Mapping[str, tuple[float, float]] | None:
    """Per phrase the cosine to the whole sentence and to the nearest clause; ``None`` without a model."""
    if embedder is None:
        return None
    try:
        cosines = embedder.embed(_clauses(sentence)) @ embedder.embed(phrases).T
    except ModelUnavailable:
        return None
    whole, nearest = cosines[0], cosines.max(axis=0)
    return {phrase: (float(whole[i]), float(nearest[i])) for i, phrase in enumerate(phrases)}


def _shared(sentence: str, option: Option, rarity: Rarity) -> float:
    """The best covered phrase: the weighted share of its words that stand in the sentence, 0 to 1."""
    said = words(sentence)
    best = 0.0
    for phrase in _said(option):
        weights = {word: rarity.weight(word) for word in words(phrase)}
        # Of "we use it every day" only *day* is left, which stands in many a sentence.
        telling = len(weights) > 1 or len(phrase.split()) <= 2
        if weights and telling:
            best = max(best, sum(w for word, w in weights.items() if word in said) / sum(weights.values()))
    return best


def _by_meaning(
    prompt: Prompt, shared: NDArray[np.float64], nearness: Mapping[str, tuple[float, float]]
) -> Suggested | None:
    near = np.array([_near(option, nearness) for option in prompt.options])
    level = near + _WORDS_COUNT * shared
    lead = level - (level.sum() - level) / (len(level) - 1)
    by_level, by_lead, constant = _EACH if prompt.many else _ONE
    sure = 1 / (1 + np.exp(-(by_level * level + by_lead * lead + constant)))
    return _chosen(prompt, sure, SURE_OF_EACH if prompt.many else SURE_OF_ONE)


def _near(option: Option, nearness: Mapping[str, tuple[float, float]]) -> float:
    """The mean of the three nearest phrases, to the whole sentence and to its clauses in equal parts."""
    pairs = [nearness[phrase] for phrase in _said(option)]
    count = min(_NEAREST, len(pairs))
    whole = math.fsum(sorted((pair[0] for pair in pairs), reverse=True)[:count]) / count
    clause = math.fsum(sorted((pair[1] for pair in pairs), reverse=True)[:count]) / count
    return (whole + clause) / 2


def _by_words(prompt: Prompt, shared: NDArray[np.float64]) -> Suggested | None:
    if not prompt.many:
        first, second = np.sort(shared)[::-1][:2]
        if first - second < _LEAD_BY_WORDS:
            return None
    return _chosen(prompt, shared, SURE_BY_WORDS)


def _chosen(prompt: Prompt, sure: NDArray[np.float64], threshold: float) -> Suggested | None:
    best = np.argsort(-sure, kind="stable")[: _MOST if prompt.many else 1]
    taken = [int(row) for row in best if sure[row] >= threshold]
    if not taken:
        return None
    return Suggested(tuple(prompt.options[row].id for row in taken), float(sure[taken[-1]]))
