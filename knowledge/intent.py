"""What is meant by words that rules are not sure of: a logistic over their sentence vector and their form.

The weights are fitted by ``python -m tests.knowledge.fit_intent`` on labelled utterances, for one embedded
model; with another one there is no estimate.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.weights import ModelUnavailable

_LONGEST = 500
_SHAPES = (
    re.compile(r"\?\s*$"),
    re.compile(r"^\W*(?:what|who|whom|whose|which|when|where|why|how)\b", re.IGNORECASE),
    re.compile(
        r"^\W*(?:is|are|am|do|does|did|can|could|may|must|should|shall|would|will|has|have|was|were)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:we|our|my team|people|colleagues|they)\b", re.IGNORECASE),
    re.compile(r"\b(?:uc-\d+|use cases?|my|mine)\b", re.IGNORECASE),
    re.compile(r"\b(?:ai|gpt|chatgpt|llm|bot|chatbot|model|machine|automat\w+|copilot)\b", re.IGNORECASE),
)


@dataclass(frozen=True)
class Weights:
    """The fitted logistic: ``matrix`` is float32 (classes, features + 1), the last column the constant."""

    intents: tuple[str, ...]
    fingerprint: str
    """Of the model whose vectors it was fitted on."""
    matrix: NDArray[np.float32]


def features(text: str, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sentence vector (384), then the form: shapes of the words, and how many there are (up to 20)."""
    count = len(text.split())
    shapes = [float(bool(shape.search(text))) for shape in _SHAPES]
    sizes = [float(count <= 2), float(count <= 5), min(count, 20) / 20]
    return np.concatenate([vector, np.array([*shapes, *sizes], np.float32)]).astype(np.float32)


@lru_cache(maxsize=1)
def fitted() -> Weights:
    """The weights that are shipped."""
    kept = json.loads(files("knowledge").joinpath("data/intent_weights.json").read_text(encoding="utf-8"))
    values = np.frombuffer(b64decode(kept["matrix"]), np.float16).astype(np.float32)
    intents = tuple(kept["intents"])
    return Weights(intents, kept["fingerprint"], values.reshape(len(intents), -1))


def estimate(text: str, embedder: Embedder | None, weights: Weights | None = None) -> dict[str, float] | None:
    """How probable each intent is, summing to 1; ``None`` where there is no model, or not the fitted one."""
    weights = weights or fitted()
    if embedder is None or embedder.fingerprint != weights.fingerprint:
        return None
    said = " ".join(text.split())[:_LONGEST]
    try:
        vector = embedder.embed([said])[0]
    except ModelUnavailable:
        return None
    row = np.append(features(said, vector), np.float32(1.0))
    scores = weights.matrix @ row
    likely = np.exp(scores - scores.max())
    return {intent: float(p) for intent, p in zip(weights.intents, likely / likely.sum(), strict=True)}
