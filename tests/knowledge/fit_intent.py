"""Fits the weights that estimate an intent: ``python -m tests.knowledge.fit_intent``.

Looks at ``intents_fitting.jsonl`` alone, at what was said outside an intake. The strength of the penalty is
the one with the best likelihood over ten parts of it, each left out in turn; then all of it is fitted.
"""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.intent import Weights, features
from tests.knowledge.intents import utterances
from workflows.intent import INTENTS

OUT = Path(__file__).parents[2] / "knowledge" / "data" / "intent_weights.json"
_PENALTIES = (0.0001, 0.0003, 0.001, 0.003)
_PARTS = 10
_ROUNDS = 4000
_STEP = 2.0
Rows = NDArray[np.float64]


def fit(rows: Rows, labels: NDArray[np.int64], penalty: float) -> Rows:
    """Multinomial logistic by gradient descent, (classes, features + 1); the constants are not penalised."""
    padded = np.hstack([rows, np.ones((len(rows), 1))])
    wanted = np.eye(len(INTENTS))[labels]
    weights: Rows = np.zeros((len(INTENTS), padded.shape[1]))
    for _ in range(_ROUNDS):
        slope = (likely(weights, rows) - wanted).T @ padded / len(rows)
        slope[:, :-1] += penalty * weights[:, :-1]
        weights = np.asarray(weights - _STEP * slope, np.float64)
    return np.asarray(weights, np.float64)


def likely(weights: Rows, rows: Rows) -> Rows:
    """Probabilities, (rows, classes)."""
    scores = np.hstack([rows, np.ones((len(rows), 1))]) @ weights.T
    scores -= scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float64)


def table(embedder: Embedder) -> tuple[Rows, NDArray[np.int64]]:
    """Features and labels of what was said outside an intake."""
    said = [u for u in utterances("intents_fitting.jsonl") if not u.context]
    rows = [features(t, embedder.embed([t])[0]) for t in (" ".join(u.text.split()) for u in said)]
    labels = [INTENTS.index(u.intent) for u in said]
    return np.array(rows, np.float64), np.array(labels)


def left_out(rows: Rows, labels: NDArray[np.int64], penalty: float) -> Rows:
    """Probabilities of each row under weights that were fitted without its part."""
    part = np.arange(len(rows)) % _PARTS
    found = np.zeros((len(rows), len(INTENTS)))
    for p in range(_PARTS):
        found[part == p] = likely(fit(rows[part != p], labels[part != p], penalty), rows[part == p])
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        embedder = Embedder(Path(cache))
        rows, labels = table(embedder)
    best = (np.inf, 0.0)
    for penalty in _PENALTIES:
        found = left_out(rows, labels, penalty)
        loss = float(-np.log(found[np.arange(len(rows)), labels]).mean())
        right = float((found.argmax(axis=1) == labels).mean())
        print(f"penalty {penalty}: log loss {loss:.3f}, right {right:.3f} of {len(rows)}, left out in turn")
        best = min(best, (loss, penalty))
    weights = Weights(INTENTS, embedder.fingerprint, fit(rows, labels, best[1]).astype(np.float32))
    kept = {
        "intents": list(weights.intents),
        "fingerprint": weights.fingerprint,
        "penalty": best[1],
        "matrix": b64encode(weights.matrix.astype(np.float16).tobytes()).decode(),
    }
    OUT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    print(f"written with penalty {best[1]}")


if __name__ == "__main__":
    main()
