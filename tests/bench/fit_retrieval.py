"""Fits the weights of ``knowledge/evidence.py`` and ``knowledge/answering.py`` and prints them.

    python -m tests.bench.fit_retrieval

Two sets are looked at: the chosen half of the public articles (see ``tests/bench/squad.py``), and questions
on the playbook in people's own words, written for fitting alone (``playbook_tuning.jsonl``), which nobody saw
who wrote down what its sections are asked. Each is fitted in two steps, so that documents without such
questions are ranked and judged as if nobody's had any.

*Ranking*: the softmax over a question's candidates should fall on the right one. First the passage's own
features, on both sets, each question on the playbook counting several times, because there are few; then,
with these held, the features of what it is asked, on the playbook alone: by how much they are beyond what a
line through all candidates expects of one whose own text scores so.

*Probability*: a logistic that tells questions with their answer in the corpus from the same with the answer,
or the whole subject, taken out; first on the public set, then, with that held, what the questions add on the
playbook, where the unanswerable ones of the set count as well. It rests on the ranking: after a change of
that, run it again.

*Thresholds*, both on the public set: *answer* where a fifth of the questions whose answer was taken out still
pass, *closest* where a tenth of those out of the corpus do.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from knowledge.answering import features
from knowledge.embedding import Embedder
from knowledge.evaluating import Case, read_cases, right
from knowledge.evidence import FEATURES, ITS_OWN, RANKING, RANKING_BY_WORDS, WORDS
from knowledge.query import query
from knowledge.retrieval import Ranked, Result, Retriever
from knowledge.syncing import Source, sync
from storage import corpus
from storage.store import Store
from tests.bench import squad
from tests.bench.fitting import Flags, Numbers, logistic, softmax

Candidates = Sequence[tuple[bool, Ranked]]

TUNING = squad.ROOT / "tests" / "knowledge" / "data" / "playbook_tuning.jsonl"
RANKING_COUNTS = 4
COUNTS = {"answerable": 1.0, "gold removed": 0.5, "out of corpus": 1.0, "unanswerable": 1.0}
ASKED = 3
"""So many features of an answer, the last, are of the questions that its passage is asked by."""


@dataclass(frozen=True)
class Judged:
    """What the probability is to tell apart: an answer's features, and whether it was there to be found."""

    kind: str
    features: tuple[float, ...]


def playbook(folder: Path, embedder: Embedder | None) -> list[tuple[Case, Result, Candidates]]:
    """Each question on the playbook with what is found for it, and which of it is right."""
    store = Store("", folder)
    sync(store, Source("playbook", squad.ROOT / "program" / "playbook"), embedder, lambda: datetime.now(UTC))
    retriever = Retriever(embedder)
    found: list[tuple[Case, Result, Candidates]] = []
    with store.read() as reading:
        everyone = {a for d in corpus.documents(reading.connection) for a in d.audiences}
        for case in read_cases(TUNING):
            result = retriever.search(reading, query(case.question), everyone, 100)
            hits = [(case.answerable and right(case, r.passage), r) for r in result.ranked]
            found.append((case, result, hits))
    store.close()
    return found


def judged(ours: Sequence[tuple[Case, Result, Candidates]]) -> Iterator[Judged]:
    """The playbook's questions as they are, with the right passages taken out, and with their documents."""
    for case, result, candidates in ours:
        if not case.answerable:
            yield from _judged("unanswerable", result, result.ranked)
            continue
        gone = {ranked.passage.document for is_right, ranked in candidates if is_right}
        yield from _judged("answerable", result, result.ranked)
        yield from _judged("gold removed", result, [r for is_right, r in candidates if not is_right])
        elsewhere = [r for _, r in candidates if r.passage.document not in gone]
        yield from _judged("out of corpus", result, elsewhere)


def _judged(kind: str, result: Result, ranked: Sequence[Ranked]) -> Iterator[Judged]:
    if ranked:
        nearest = max(r.evidence.sentence for r in ranked)
        yield Judged(kind, features(replace(result, ranked=tuple(ranked), nearest_sentence=nearest)))


def ranking(
    public: Sequence[Candidates], ours: Sequence[Candidates], by_meaning: bool
) -> tuple[Numbers, Numbers]:
    """The weights, and what is expected of the features of what a passage is asked."""
    weights = np.zeros(len(FEATURES))
    own, further = ([0, 1, 2, 3, 4, 5], [6, 7]) if by_meaning else ([0, 3, 4, 5], [7])
    x, there, right = _candidates([*public, *list(ours) * RANKING_COUNTS], by_meaning)
    weights[own] = softmax(x[..., own], there, right, np.zeros(there.shape))
    x, there, right = _candidates(ours, by_meaning)
    told = x @ weights
    line = np.c_[np.ones(there.sum()), told[there]]
    expected = np.array([np.linalg.lstsq(line, x[there][:, n], rcond=None)[0] for n in (6, 7)])
    beyond = x[..., ITS_OWN:] - expected[:, 0] - told[..., None] * expected[:, 1]
    weights[further] = softmax(beyond[..., [n - ITS_OWN for n in further]], there, right, told)
    return weights, expected


def _candidates(asked: Sequence[Candidates], by_meaning: bool) -> tuple[Numbers, Flags, Flags]:
    rows = [a for a in asked if any(right for right, _ in a)]
    most = max(len(a) for a in rows)
    x = np.zeros((len(rows), most, len(FEATURES)))
    there = np.zeros((len(rows), most), bool)
    right = np.zeros((len(rows), most), bool)
    for number, a in enumerate(rows):
        covered = max(ranked.evidence.covered for _, ranked in a) if by_meaning else 1.0
        for place, (is_right, ranked) in enumerate(a):
            x[number, place] = ranked.evidence.features
            x[number, place, :ITS_OWN] *= np.where(WORDS, covered, 1.0)
            there[number, place], right[number, place] = True, is_right
    return x, there, right


def calibration(public: Sequence[Judged], ours: Sequence[Judged]) -> Numbers:
    """Weights and, at last, the constant."""
    x, y, counts = _table(public)
    own = logistic(x[:, :-ASKED], y, counts)
    x, y, counts = _table(ours)
    told = x[:, :-ASKED] @ own[:-1] + own[-1]
    added = logistic(x[:, -ASKED:], y, counts, told)
    both: Numbers = np.r_[own[:-1], added, own[-1]]
    return both


def _table(judged: Sequence[Judged]) -> tuple[Numbers, Numbers, Numbers]:
    x: Numbers = np.array([j.features for j in judged])
    y: Numbers = np.array([float(j.kind == "answerable") for j in judged])
    counts: Numbers = np.array([COUNTS[j.kind] for j in judged])
    return x, y, counts


def told(judged: Sequence[Judged], kind: str, weights: Numbers) -> Numbers:
    """The probabilities of one kind."""
    x = np.array([j.features for j in judged if j.kind == kind])
    found: Numbers = 1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1])))
    return found


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
            asked = list(squad.ask(store, found, model, candidates=100, chosen_only=True))
            ours = playbook(Path(folder) / name, model)
            _print(name, asked, ours, bool(model))
        store.close()
    return 0


def _print(
    name: str, asked: Sequence[squad.Asked], ours: Sequence[tuple[Case, Result, Candidates]], by_meaning: bool
) -> None:
    mine = [candidates for case, _, candidates in ours if case.answerable]
    full = [a.candidates for a in asked if a.kind == "answerable"]
    weights, expected = ranking(full, mine, by_meaning)
    print(name, "\n  ranking    ", weights.round(2).tolist())
    print("  expected   ", expected.round(4).tolist())
    shipped = RANKING if by_meaning else RANKING_BY_WORDS
    print("  shipped    ", shipped.round(2).tolist(), "on which the rest was fitted")
    public = [Judged(a.kind, a.features) for a in asked if a.kind in COUNTS and a.features]
    sure = calibration(public, list(judged(ours)))
    print("  calibration", sure.round(3).tolist())
    print(f"  answers {np.quantile(told(public, 'gold removed', sure), 0.8):.3f}", end="  ")
    print(f"closest {np.quantile(told(public, 'out of corpus', sure), 0.9):.3f}")
    for kind in COUNTS:
        p = told(list(judged(ours)), kind, sure)
        print(
            f"    on the playbook, {kind}: " + "  ".join(f"{q:.2f}" for q in np.quantile(p, (0.1, 0.5, 0.9)))
        )


if __name__ == "__main__":
    sys.exit(main())
