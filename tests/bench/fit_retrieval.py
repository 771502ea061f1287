"""Fits the weights of ``knowledge/evidence.py`` and ``knowledge/answering.py`` and prints them.

    python -m tests.bench.fit_retrieval

Two sets are looked at: the chosen half of the public articles (see ``tests/bench/squad.py``), and questions
on the playbook in people's own words, written for fitting alone (``playbook_tuning.jsonl``), each of which
counts several times, because there are few. Ranking, on both: the softmax over a question's candidates
should fall on the right one. Probability, on the public one: a logistic that tells questions with their
answer in the corpus from the same with the answer, or the whole subject, taken out. (With the other set
added it told no better there, and worse here.) It rests on the ranking: after a change of that, run it
again. Thresholds: *answer* where a fifth of the questions whose answer was taken out still pass, *closest*
where a tenth of those out of the corpus do.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.evaluating import read_cases, right
from knowledge.evidence import WORDS
from knowledge.query import query
from knowledge.retrieval import Ranked, Retriever
from knowledge.syncing import Source, sync
from storage import corpus
from storage.store import Store
from tests.bench import squad

Numbers = NDArray[np.float64]


Candidates = Sequence[tuple[bool, Ranked]]

TUNING = squad.ROOT / "tests" / "knowledge" / "data" / "playbook_tuning.jsonl"
RANKING_COUNTS = 4


def playbook(folder: Path, embedder: Embedder | None) -> list[Candidates]:
    """The candidates of the questions that the playbook answers."""
    store = Store("", folder)
    sync(store, Source("playbook", squad.ROOT / "program" / "playbook"), embedder, lambda: datetime.now(UTC))
    retriever = Retriever(embedder)
    candidates: list[Candidates] = []
    with store.read() as reading:
        everyone = {a for d in corpus.documents(reading.connection) for a in d.audiences}
        for case in read_cases(TUNING):
            found = retriever.search(reading, query(case.question), everyone, 100)
            if case.answerable:
                candidates += [[(right(case, r.passage), r) for r in found.ranked]] * RANKING_COUNTS
    store.close()
    return candidates


def ranking(asked: Sequence[Candidates], columns: Sequence[int], by_meaning: bool) -> Numbers:
    """Weights of these features, by gradient descent on the softmax; the others stay 0."""
    rows = [a for a in asked if any(right for right, _ in a)]
    most = max(len(a) for a in rows)
    x = np.zeros((len(rows), most, len(columns)))
    there = np.zeros((len(rows), most), bool)
    right = np.zeros((len(rows), most), bool)
    for number, a in enumerate(rows):
        covered = max(ranked.evidence.covered for _, ranked in a) if by_meaning else 1.0
        for place, (is_right, ranked) in enumerate(a):
            counts = np.where(WORDS, covered, 1.0) * ranked.evidence.features
            x[number, place] = counts[list(columns)]
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
            ours = playbook(Path(folder) / name, model)
            columns = range(6) if model else (0, 3, 4, 5)
            full = [a.candidates for a in asked if a.kind == "answerable"]
            print(name, "\n  ranking    ", ranking([*full, *ours], columns, bool(model)).round(2).tolist())
            kinds = {"answerable": (True, 1.0), "gold removed": (False, 0.5), "out of corpus": (False, 0.5)}
            rows = [(*kinds[a.kind], a.features) for a in asked if a.kind in kinds and a.features]
            x = np.array([row[2] for row in rows])
            weights = logistic(
                x, np.array([float(row[0]) for row in rows]), np.array([row[1] for row in rows])
            )
            print("  calibration", weights.round(3).tolist())
            of = {
                kind: np.array([a.features for a in asked if a.kind == kind and a.features]) @ weights[:-1]
                for kind in kinds
            }
            told = {kind: 1 / (1 + np.exp(-(values + weights[-1]))) for kind, values in of.items()}
            print(f"  answers {np.quantile(told['gold removed'], 0.8):.3f}", end="  ")
            print(f"closest {np.quantile(told['out of corpus'], 0.9):.3f}", flush=True)
        store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
