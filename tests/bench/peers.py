"""Ranking and speed beside LangChain, LlamaIndex and Haystack: same passages, same model, one run, one table.

    make bench-retrieval        (sets the peers' environment up), or
    python -m tests.bench --only peers

The passages are ours (``knowledge/passages_of.py``: paragraphs of up to about 1,000 characters with the title
above) of the 1,216 paragraphs of ``tests/bench/squad.py``; every system embeds them by itself with the
embedded model and names at most ten. A hit is the paragraph that holds the answer. The peers are set up as
their documentation has it, with k = 10. All are asked each question one after the other, so that a machine
that gets slower gets slower for all; each has a model of its own, so that none profits from another's work.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.evaluating import mean, percentile, share
from knowledge.loading import Loaded
from knowledge.passages_of import passages
from storage.store import Store
from tests.bench import squad
from tests.bench.printed import show
from tests.bench.squad import Set
from tests.bench.systems import PEERS, Chunk, NotThere, System, ours, peer
from tests.faults.postgres import NoPostgres, durable


def measure(every: int = 1) -> None:
    """Ask every so manieth answerable question and print two tables."""
    found = squad.read_set()
    questions = [q for q in found.questions if q.answers][::every]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        systems, missing = _all(stack, folder, found)
        print(f"\nload {os.getloadavg()[0]:.1f} before {len(questions)} questions\n", flush=True)
        for question in questions:
            for system in systems:
                system.put(question.text, question.paragraph)
        for which, wanted in (("held out", False), ("fitted on", True)):
            chosen = [n for n, q in enumerate(questions) if found.is_chosen(q) is wanted]
            show([*_table(f"{which}, {len(chosen)} questions", systems, chosen), *([m] for m in missing)])
    print("Only our weights were fitted, on the second half: what is claimed is the first table.\n")


def _all(stack: ExitStack, folder: Path, found: Set) -> tuple[list[System], list[str]]:
    """Every system ready to be asked, and what could not be set up."""
    systems: list[System] = []
    missing: list[str] = []

    def add(name: str, url: str) -> None:
        store = Store(url, folder / name)
        stack.callback(store.close)
        seconds, _ = squad.fill(store, found, Embedder(folder / "model"))
        systems.append(ours(f"Preflight, {name}", store, Embedder(folder / "model"), seconds))
        systems.append(ours(f"Preflight, {name}, words alone", store, None))

    add("SQLite", "")
    try:
        server = durable()
        stack.callback(server.remove)
        add("PostgreSQL", server.new_database(empty=True))
    except NoPostgres as error:
        missing.append(f"Preflight, PostgreSQL: {error}")
    chunks = [
        Chunk(number, passage.indexed)
        for number, p in enumerate(found.paragraphs)
        for passage in passages(Loaded(p.text), p.article)
    ]
    for name in PEERS:
        try:
            more, versions = peer(stack, name, chunks, folder)
        except NotThere as error:
            missing.append(f"{name}: {error}")
            continue
        systems += more
        print(versions, flush=True)
    return systems, missing


def _table(title: str, systems: Sequence[System], chosen: Sequence[int]) -> list[list[str]]:
    rows = [[title, "hit@1", "hit@5", "MRR@10", "nDCG@10", "p50 ms", "p95 ms", "CPU ms", "index s"]]
    for system in systems:
        ranks = [system.ranks[n] for n in chosen]
        seconds = [system.seconds[n] for n in chosen]
        rows.append(
            [
                system.name,
                f"{share(rank == 1 for rank in ranks):.3f}",
                f"{share(0 < rank <= 5 for rank in ranks):.3f}",
                f"{mean([1 / rank if rank else 0.0 for rank in ranks]):.3f}",
                f"{mean([1 / math.log2(1 + rank) if rank else 0.0 for rank in ranks]):.3f}",
                f"{1000 * percentile(seconds, 0.5):.1f}",
                f"{1000 * percentile(seconds, 0.95):.1f}",
                f"{1000 * percentile([system.busy[n] for n in chosen], 0.5):.1f}",
                "" if system.index_seconds is None else f"{system.index_seconds:.0f}",
            ]
        )
    return rows
