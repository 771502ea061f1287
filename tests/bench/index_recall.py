"""What Chroma's index loses against exact search, on real vectors: ``python -m tests.bench.index_recall``.

Rows: the 1,216 paragraphs of the public set, then also their sentences and part of its questions: 10,000.
Asked: 300 other questions. recall@30 is the share of the 30 exactly nearest rows that the index returns.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import chroma_embedded
from knowledge.chroma_embedded import EmbeddedChroma
from knowledge.embedding import Embedder
from knowledge.sentences import sentences
from knowledge.shelves import HNSW
from tests.bench.squad import read_set

_AT_MOST = 30
_ASKED = 300
_TRIED = ((100, 100, 16), (100, 200, 16), (200, 200, 24), (200, 400, 32))
"""ef_construction, ef_search, max_neighbors."""


def _texts() -> tuple[list[str], list[str]]:
    found = read_set()
    rows = [p.text for p in found.paragraphs]
    for paragraph in found.paragraphs:
        marks = sentences(paragraph.text, 0, len(paragraph.text))
        rows += [paragraph.text[a:b] for a, b in marks]
    questions = [q.text for q in found.questions]
    rows += questions[_ASKED:]
    return list(dict.fromkeys(rows))[:10_000], questions[:_ASKED]


def _measure(rows: NDArray[np.float32], asked: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Mean recall, worst recall, p50 milliseconds, seconds to build; with today's ``HNSW``."""
    with tempfile.TemporaryDirectory() as folder:
        shelves = EmbeddedChroma(Path(folder))
        shelves.add("all")
        started = time.perf_counter()
        shelves.put("all", [str(n) for n in range(len(rows))], rows)
        built = time.perf_counter() - started
        recalls, times = [], []
        for vector in asked:
            exact = set(np.argsort(-(rows @ vector))[:_AT_MOST].tolist())
            started = time.perf_counter()
            found = shelves.nearest("all", vector, _AT_MOST)
            times.append(1000 * (time.perf_counter() - started))
            recalls.append(len(exact & {int(id) for id, _ in found}) / _AT_MOST)
        shelves.close()
    return float(np.mean(recalls)), min(recalls), float(np.median(times)), built


def main() -> None:
    """Print the table; the line marked is what is used."""
    with tempfile.TemporaryDirectory() as cache:
        embedder = Embedder(Path(cache))
        rows_said, asked_said = _texts()
        rows, asked = embedder.embed(rows_said), embedder.embed(asked_said)
    print("rows    ef_construction  ef_search  neighbours  recall@30  worst  p50 ms  build s")
    used = (HNSW["ef_construction"], HNSW["ef_search"], HNSW["max_neighbors"])
    for count in (1_216, len(rows)):
        for construction, search, neighbours in _TRIED:
            tried = {"ef_construction": construction, "ef_search": search, "max_neighbors": neighbours}
            chroma_embedded.HNSW = {**HNSW, **tried}
            mean, worst, middle, built = _measure(rows[:count], asked)
            mark = " <" if (construction, search, neighbours) == used else ""
            print(
                f"{count:<8}{construction:>15}{search:>11}{neighbours:>12}{mean:>11.4f}{worst:>7.2f}"
                f"{middle:>8.1f}{built:>9.1f}{mark}",
                flush=True,
            )


if __name__ == "__main__":
    main()
