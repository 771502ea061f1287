"""One process that syncs a folder and asks for passages by their own vectors, until it is told to finish.

Run as ``python -m tests.faults.corpus_worker TASK``; a :class:`Task` as JSON. What it saw it writes beside
the folder after every round, so that a process that is killed has told most of it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from knowledge.chroma_embedded import EmbeddedChroma
from knowledge.chroma_index import ChromaIndex
from knowledge.chroma_server import ChromaServer
from knowledge.shelves import Shelves
from knowledge.syncing import VECTOR_TYPE, Source, sync
from knowledge.upkeep import Upkeep
from knowledge.vectors import Index, VectorIndex
from storage import corpus, corpus_search
from storage.errors import AlreadyRunning, StorageError
from storage.store import Store
from tests.faults.stand_in_model import StandIn

REFUSAL = "only one may"
"""Words of the sentence by which a second owner is refused."""


@dataclass(frozen=True)
class Task:
    """What a worker does. ``chroma``: a server's address, ``embedded`` to own the index, ``none``."""

    name: str
    url: str
    data_dir: str
    folder: str
    chroma: str
    seed: int


@dataclass
class Seen:
    """What it saw since it was last started."""

    syncs: int = 0
    asked: int = 0
    missed: int = 0
    """Passages that had a vector in the store and were not found by it."""
    halves: int = 0
    """Documents of which not all passages were there."""
    refused: int = 0
    """How often it tried to own the index as well and was told in the right words that it may not."""
    owned_twice: int = 0
    lost: int = 0
    """Passages that the index, in step in the end, does not find by their own vectors."""
    ended: bool = False
    """Whether it came to its end."""


def work(task: Task) -> None:
    """Sync and ask until the folder has the file ``finish`` beside it."""
    seen = Seen()
    chance = random.Random(f"{task.seed}/{task.name}")
    folder = Path(task.folder)
    store = Store(task.url, Path(task.data_dir))
    model = StandIn()
    shelves: Shelves | None = None
    if task.chroma == "embedded":
        shelves = EmbeddedChroma(Path(task.data_dir), patience=3.0)
    elif task.chroma != "none":
        shelves = ChromaServer(task.chroma)
    follows = ChromaIndex(store, shelves, model.fingerprint, model.dimensions) if shelves else None
    if follows:
        follows.start()
    index: Index = follows or VectorIndex(model.fingerprint, model.dimensions)
    finish = folder.with_name("finish")

    def between(done: int, _total: int, _path: str) -> None:
        """Between two documents of a sync."""
        if done % 4 == 0:
            if task.chroma == "none" and not task.url:
                _try_to_own(Path(task.data_dir), seen)
            _patiently(lambda: _ask(store, index, model, chance, seen))
            _tell(task, seen)

    while not finish.exists():
        _patiently(lambda: sync(store, Source("book", folder), model, lambda: datetime.now(UTC), between))
        seen.syncs += 1
    _patiently(lambda: sync(store, Source("book", folder), model, lambda: datetime.now(UTC)))
    if follows and shelves:
        with store.read() as reading:
            version = corpus.version(reading.connection)
        in_step = follows.wait_until_in_step(version, 120)
        seen.lost = len(Upkeep(store, shelves, model.fingerprint, model.dimensions).missing())
        if not in_step:
            seen.lost = max(1, seen.lost)
        follows.stop()
    store.close()
    seen.ended = True
    _tell(task, seen)


def _ask(store: Store, index: Index, model: StandIn, chance: random.Random, seen: Seen) -> None:
    """One passage of the moment, looked for by its own vector; and whether its document is whole."""
    with store.read() as reading:
        known = corpus_search.vectors_known(reading.connection, model.fingerprint)
        if not known:
            return
        passage = chance.choice(sorted(known))
        blob = corpus_search.vectors(reading.connection, model.fingerprint, [passage])[passage]
        vector = np.frombuffer(blob, VECTOR_TYPE).astype(np.float32)[: model.dimensions]
        documents = corpus_search.readable(reading.connection, ())
        version = corpus.version(reading.connection)
        found = index.nearest(reading, version, vector, documents, 5)
        text = corpus.document_text(reading.connection, known[passage]) or ""
        there = sum(1 for document in known.values() if document == known[passage])
    seen.asked += 1
    seen.missed += passage not in found
    seen.halves += there != text.count("\n## ")


def _try_to_own(data_dir: Path, seen: Seen) -> None:
    """The owner may be dead at this moment; then the lock is free, as it must be, and is given back."""
    try:
        EmbeddedChroma(data_dir).close()
    except AlreadyRunning as error:
        seen.refused += REFUSAL in str(error) and "PREFLIGHT_CHROMA" in str(error)
        seen.owned_twice += REFUSAL not in str(error)


def _patiently(do: Callable[[], object]) -> None:
    """As a person would: what failed because of a busy database is done again."""
    for _ in range(20):
        try:
            do()
            return
        except StorageError:
            time.sleep(0.1)
    do()


def _tell(task: Task, seen: Seen) -> None:
    file = Path(task.folder).with_name(f"seen-{task.name}-{os.getpid()}.json")
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(seen)))
    fresh.rename(file)


if __name__ == "__main__":
    work(Task(**json.loads(sys.argv[1])))
