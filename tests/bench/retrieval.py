"""How well questions are answered: ranking, knowing what is not known, quotes and speed, on a public set.

    python -m tests.bench.retrieval [EVERY]

Reports the articles that nothing was fitted on (``tests/bench/squad.py`` says how they were split), with the
model and by words alone, and beside them, for comparison, the articles that the weights were fitted on. Each
answerable question is asked three times: as it is, with the paragraph that answers it taken out of the
corpus, and with its whole article taken out. Near misses are questions on an article that it does not answer.
A number asks only every so manieth question.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.evaluating import auroc, coverage, mean, percentile, share
from storage.store import Store
from tests.bench import squad
from tests.bench.printed import show
from tests.bench.squad import Asked, Kind, Set

FALSE_ANSWERS = 0.2
FALSE_OUT_OF_CORPUS = 0.01
DEMANDED = {
    "hit@1": (0.86, 0.82),
    "hit@5": (0.97, None),
    "MRR@10": (0.91, None),
    "AUROC, answer taken out": (0.87, None),
    "AUROC, out of corpus": (0.985, None),
    "coverage at 20% false": (0.78, None),
    "coverage at 20% and 1%": (0.78, None),
    "answer in the quotes": (0.88, None),
    "quotes verbatim": (1.0, 1.0),
}
"""At least: with the model, by words alone."""

AT_MOST = {"out of corpus answered there": (FALSE_OUT_OF_CORPUS, None), "p95 ms": (15.0, None)}


def figures(asked: Sequence[Asked], found: Set) -> dict[str, float]:
    """What is reported, by name."""
    full = [a for a in asked if a.kind == "answerable"]

    def sure(kind: Kind) -> list[float]:
        return [a.answer.probability for a in asked if a.kind == kind]

    yes, removed, out = sure("answerable"), sure("gold removed"), sure("out of corpus")
    limit = sorted(removed, reverse=True)[math.floor(FALSE_ANSWERS * len(removed))]
    both = max(limit, sorted(out, reverse=True)[math.floor(FALSE_OUT_OF_CORPUS * len(out))])

    def states(kind: Kind, state: str) -> float:
        return share(a.answer.state == state for a in asked if a.kind == kind)

    return {
        "questions": len(full),
        "hit@1": share(a.rank == 1 for a in full),
        "hit@5": share(0 < a.rank <= 5 for a in full),
        "MRR@10": mean([1 / a.rank if a.rank else 0.0 for a in full]),
        "nDCG@10": mean([1 / math.log2(1 + a.rank) if a.rank else 0.0 for a in full]),
        "AUROC, answer taken out": auroc(yes, removed),
        "AUROC, out of corpus": auroc(yes, out),
        "AUROC, near miss": auroc(yes, sure("near miss")),
        "coverage at 20% false": coverage(yes, removed, FALSE_ANSWERS),
        "out of corpus answered there": share(p > limit for p in out),
        "coverage at 20% and 1%": share(p > both for p in yes),
        "answered, as shipped": states("answerable", "answer"),
        "  answer taken out": states("gold removed", "answer"),
        "  out of corpus": states("out of corpus", "answer"),
        "  near miss": states("near miss", "answer"),
        "closest, as shipped": states("answerable", "closest"),
        "  out of corpus ": states("out of corpus", "closest"),
        "answer in the quotes": share(a.in_quotes for a in full),
        "quotes verbatim": share(
            found.paragraphs[int(c.path)].text[c.start : c.end] == c.quote
            for a in asked
            for c in a.answer.citations
        ),
        "p50 ms": 1000 * percentile([a.seconds for a in full], 0.5),
        "p95 ms": 1000 * percentile([a.seconds for a in full], 0.95),
    }


def report(every: int = 1) -> int:
    """Measure and print; 1 where something that is demanded is missed, or the questions are not there."""
    if not squad.available():
        print(f"The questions are not there: {squad.SQUAD}. Set PREFLIGHT_SHARED to the folder with data/.")
        return 1
    found = squad.read_set()
    with tempfile.TemporaryDirectory() as folder:
        embedder = Embedder(Path(folder) / "model")
        embedder.load()
        store = Store("", Path(folder))
        seconds, texts = squad.fill(store, found, embedder)
        print(f"{len(found.paragraphs)} documents brought in: {texts} texts embedded in {seconds:.0f} s.\n")
        columns: list[dict[str, float]] = []
        for model in (embedder, None):
            asked = list(squad.ask(store, found, model, every))
            columns += [figures([a for a in asked if a.chosen is chosen], found) for chosen in (False, True)]
        store.close()
    rows = [["", "model, held out", "fitted on", "words, held out", "fitted on", "demanded"]]
    short = 0
    for name in columns[0]:
        limits = DEMANDED.get(name, AT_MOST.get(name, (None, None)))
        values = [c[name] for c in columns]
        worse = -1 if name in AT_MOST else 1
        held_out = ((values[0], limits[0]), (values[2], limits[1]))
        missed = any(limit is not None and worse * value < worse * limit for value, limit in held_out)
        short += missed
        wanted = " / ".join("-" if x is None else f"{x:g}" for x in limits) if any(limits) else ""
        shown = [
            f"{v:.0f}" if name == "questions" else f"{v:.1f}" if " ms" in name else f"{v:.4f}" for v in values
        ]
        rows.append([name, *shown, wanted + (" MISSED" if missed else "")])
    show(rows)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(report(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
