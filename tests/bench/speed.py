"""Question to answer, in process, over 1,488, 10,000 and 100,000 passages; LangChain in the same run.

The larger corpora are made for this (``tests/bench/grown.py``): no ranking is claimed on them. Ours is
measured on SQLite and PostgreSQL, with the model and by words alone; the peer gets the same passages with the
same vectors and a model of its own. All are asked each question one after the other. No question was asked
before, so what ours keeps of passages asked for lately is as cold as it is in life. "CPU ms" is the median
processor time in a system's own process, which says more than the clock on a machine with other work;
PostgreSQL's own is not in it.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from knowledge.embedding import Embedder
from knowledge.evaluating import percentile
from knowledge.syncing import VECTOR_TYPE
from storage.corpus import Document
from storage.store import Store
from tests.bench import squad
from tests.bench.grown import Grown, write
from tests.bench.printed import show
from tests.bench.systems import Chunk, NotThere, System, ours, peer
from tests.faults.postgres import NoPostgres, durable

SIZES = (1_488, 10_000, 100_000)
DEMANDED_MS = 15.0
"""p95 at the smallest."""
_PEER_SECONDS = 60.0
"""How long the peer may be asked at one size; it is asked fewer questions where it is slow."""


def measure(sizes: Sequence[int] = SIZES, questions: int = 300) -> None:
    """Print a table for each size."""
    found = squad.read_set()
    asked = random.Random(5).sample([q.text for q in found.questions if q.answers], questions)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made)
        grown = Grown(found, Embedder(folder / "model"))
        for size in sizes:
            place = folder / str(size)
            place.mkdir()
            (place / "model").symlink_to(folder / "model", target_is_directory=True)
            with ExitStack() as stack:
                _one(stack, place, grown, size, asked)


def _one(stack: ExitStack, folder: Path, grown: Grown, size: int, asked: Sequence[str]) -> None:
    stores = {"SQLite": Store("", folder / "data")}
    missing: list[str] = []
    try:
        server = durable()
        stack.callback(server.remove)
        stores["PostgreSQL"] = Store(server.new_database(empty=True), folder / "data-postgres")
    except NoPostgres as error:
        missing.append(f"Preflight, PostgreSQL: {error}")
    for store in stores.values():
        stack.callback(store.close)
    taken = dict.fromkeys(stores, 0.0)
    chunks: list[Chunk] = []
    vectors: list[bytes] = []

    def noted() -> Iterator[Document]:
        for document in grown.documents(size):
            number = int(document.path.rsplit("/", 1)[-1])
            chunks.extend(Chunk(number, passage.indexed) for passage in document.passages)
            vectors.extend(passage.vector or b"" for passage in document.passages)
            yield document

    for document_group in groups(noted(), 50):
        for name, store in stores.items():
            begun = time.perf_counter()
            write(store, document_group)
            taken[name] += time.perf_counter() - begun
    systems: list[System] = []
    for name, store in stores.items():
        systems.append(ours(f"Preflight, {name}", store, Embedder(folder / "model"), taken[name]))
        systems.append(ours(f"Preflight, {name}, words alone", store, None))
    matrix = np.frombuffer(b"".join(vectors), VECTOR_TYPE).reshape(len(chunks), -1).astype(np.float32)
    peers: list[System] = []
    try:
        peers, _ = peer(stack, "langchain", chunks, folder, matrix)
    except NotThere as error:
        missing.append(f"langchain: {error}")
    load = os.getloadavg()[0]
    first: dict[str, float] = {}
    for system in systems + peers:
        # The first question reads what is kept in memory from then on; it is shown apart.
        first[system.name] = system.ask("what is this about?").seconds
    until = time.monotonic() + _PEER_SECONDS
    for question in asked:
        for system in systems:
            system.put(question)
        for system in peers if time.monotonic() < until else ():
            system.put(question)
    rows = [
        [
            f"{size:,} passages, load {load:.1f}",
            "questions",
            "p50 ms",
            "p95 ms",
            "CPU ms",
            "first ms",
            "writing s",
        ]
    ]
    for system in systems + peers:
        rows.append(
            [
                system.name,
                str(len(system.seconds)),
                f"{1000 * percentile(system.seconds, 0.5):.1f}",
                f"{1000 * percentile(system.seconds, 0.95):.1f}",
                f"{1000 * percentile(system.busy, 0.5):.1f}",
                f"{1000 * first[system.name]:.0f}",
                "" if system.index_seconds is None else f"{system.index_seconds:.0f}",
            ]
        )
    show([*rows, *([m] for m in missing)])
    if size == SIZES[0]:
        print(f"demand: p95 at most {DEMANDED_MS:.0f} ms, in process\n")


def groups(documents: Iterator[Document], at_once: int) -> Iterator[list[Document]]:
    """Some documents at a time, as one transaction takes them."""
    held: list[Document] = []
    for document in documents:
        held.append(document)
        if len(held) == at_once:
            yield held
            held = []
    yield held
