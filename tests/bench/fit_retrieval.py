"""Fits the weights of ``knowledge/evidence.py`` and ``knowledge/answering.py`` and prints them.

    python -m tests.bench.fit_retrieval

Only the chosen half of the articles is looked at (see ``tests/bench/squad.py``). Ranking: the softmax over a
question's candidates should fall on the right one. Probability: a logistic that tells questions with their
answer in the corpus from the same with the answer, or the whole subject, taken out. Thresholds: *answer*
where a fifth of the questions whose answer was taken out still pass, *closest* where a tenth of those out of
the corpus do.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from storage.store import Store
from tests.bench import squad
from tests.bench.squad import Asked

Numbers = NDArray[np.float64]


def ranking(asked: Sequence[Asked], columns: Sequence[int]) -> Numbers:
    """Weights of these features, by gradient descent on the softmax; the others stay 0."""
    rows = [a for a in asked if any(right for right, _ in a.candidates)]
    most = max(len(a.candidates) for a in rows)
    x = np.zeros((len(rows), most, len(columns)))
    there = np.zeros((len(rows), most), bool)
    right = np.zeros((len(rows), most), bool)
    for number, a in enumerate(rows):
        for place, (is_right, ranked) in enumerate(a.candidates):
            x[number, place] = [ranked.evidence.features[c] for c in columns]
            there[number, place], right[number, place] = True, is_right
    weights, mean, square = np.zeros(len(columns)), np.zeros(len(columns)), np.zeros(len(columns))
    for step in range(1, 401):
        told = np.where(there, x @ weights, -1e9)
        share = np.exp(told - told.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        wanted = np.where(right, share, 0)
        wanted /= np.maximum(wanted.sum(1, keepdims=True), 1e-12)
        slope = np.einsum("nm,nmk->k", share - wanted, x) / len(rows) + 1e-3 * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights = weights - 0.3 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    full = np.zeros(6)
    full[list(columns)] = weights
    return full


def logistic(x: Numbers, y: Numbers, counts: Numbers) -> Numbers:
    """Weights and, at last, the constant, by Newton's method with a little regularisation."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    weights = np.zeros(z.shape[1])
    small = 1e-3 * len(y)
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ weights))
        slope = z.T @ (counts * (p - y)) + small * weights
        curve = (z * (counts * p * (1 - p))[:, None]).T @ z + small * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    scaled = weights[:-1] / spread
    return np.append(scaled, weights[-1] - scaled @ mean)


def main() -> int:
    """Fit and print, with the model and by words alone."""
    if not squad.available():
        print(f"The questions are not there: {squad.SQUAD}. Set PREFLIGHT_SHARED to the folder with data/.")
        return 1
    found = squad.read_set()
    with tempfile.TemporaryDirectory() as folder:
        embedder = Embedder(Path(folder) / "model")
        store = Store("", Path(folder))
        squad.fill(store, found, embedder)
        for name, model in (("with the model", embedder), ("by words alone", None)):
            asked = [a for a in squad.ask(store, found, model, candidates=100) if a.chosen]
            columns = range(6) if model else (0, 3, 4, 5)
            full = [a for a in asked if a.kind == "answerable"]
            print(name, "\n  ranking    ", ranking(full, columns).round(2).tolist())
            kinds = {"answerable": (1.0, 1.0), "gold removed": (0.0, 0.5), "out of corpus": (0.0, 0.5)}
            rows = [a for a in asked if a.kind in kinds and a.features]
            x = np.array([a.features for a in rows])
            y = np.array([kinds[a.kind][0] for a in rows])
            weights = logistic(x, y, np.array([kinds[a.kind][1] for a in rows]))
            told = 1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1])))
            of = {
                kind: np.array([p for p, a in zip(told, rows, strict=True) if a.kind == kind])
                for kind in kinds
            }
            print("  calibration", weights.round(3).tolist())
            print(f"  answers {np.quantile(of['gold removed'], 0.8):.3f}", end="  ")
            print(f"closest {np.quantile(of['out of corpus'], 0.9):.3f}")
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
