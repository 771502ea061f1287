"""The passages' vectors in Chroma: asked while it is in step with the store, done without while it is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.shelves import IndexDown, Shelves
from knowledge.syncing import VECTOR_TYPE
from knowledge.upkeep import InStep, Upkeep, passage_of
from knowledge.vectors import VectorIndex
from storage import corpus, corpus_vectors
from storage.errors import StorageError
from storage.reading import Reading
from storage.store import Store

EXACT_AT_MOST = 20_000
"""So many passages are searched exactly, from the store, while the index cannot be asked: 30 MB, 5 ms."""

_LOOKED = 2.0
"""Seconds between two looks at the corpus's version; a question that finds a newer one is not waited for."""

_COUNTED = 15.0
"""Seconds between two counts of what the index holds: another process may have emptied it."""

_FORGOTTEN = 60.0
"""Seconds after which vectors read for exact search are let go."""

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0


@dataclass(frozen=True)
class IndexState:
    """How the index stands, for health pages and ``preflight corpus status``."""

    state: Literal["starting", "in step", "catching up", "down"]
    version: int = -1
    """The corpus's version that it holds."""
    vectors: int = 0
    why: str = ""
    """Why it cannot be used, where it is down."""


class ChromaIndex:
    """Finds passages by Chroma, with the store as judge. Safe to share between threads.

    What Chroma proposes is looked up in the store before it counts: a passage that is gone, or in a document
    the asker may not read, is never returned, and cosines are computed from the stored vectors. A thread of
    its own (from :meth:`start` to :meth:`stop`) follows the corpus. After a failed call no question waits
    for Chroma again until that thread has brought it in step. Until then smaller corpora are searched
    exactly, larger ones only by words.
    """

    def __init__(self, store: Store, shelves: Shelves, fingerprint: str, dimensions: int) -> None:
        self._store = store
        self._shelves = shelves
        self._fingerprint = fingerprint
        self._dimensions = dimensions
        self._upkeep = Upkeep(store, shelves, fingerprint, dimensions)
        self._ready: InStep | None = None
        self._state = IndexState("starting")
        self._exact: VectorIndex | None = None
        self._exact_used = 0.0
        self._count: tuple[int, int] = (-1, 0)
        self._wake = threading.Event()
        self._doubted = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="index", daemon=True)

    @property
    def state(self) -> IndexState:
        """How it stands."""
        return self._state

    def start(self) -> None:
        """Begin to follow the corpus."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following, and let go of Chroma. Safe to call twice, and without :meth:`start`."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(20)
        self._ready = None
        self._shelves.close()

    def wait_until_in_step(self, version: int, seconds: float) -> bool:
        """Wait until it holds the corpus of this version or a newer one; false when the time is up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            ready = self._ready
            if ready is not None and ready.version >= version:
                return True
            self._wake.set()
            time.sleep(0.02)
        return False

    def nearest(
        self,
        reading: Reading,
        version: int,
        vector: NDArray[np.float32],
        documents: Collection[int],
        at_most: int,
    ) -> dict[int, float]:
        """The passages of these documents nearest to ``vector``, each with the cosine of its nearest row."""
        ready = self._ready
        behind = ready is None or ready.version < version
        if behind:
            self._wake.set()
        if behind and self._passages(reading, version) <= EXACT_AT_MOST:
            return self._exactly(reading, version, vector, documents, at_most)
        if ready is None:
            return {}
        try:
            proposed = self._proposed(ready, vector, frozenset(documents), at_most)
        except IndexDown as error:
            self._failed(error)
            return self.nearest(reading, version, vector, documents, at_most)
        return self._judged(reading, vector, documents, proposed, at_most)

    def _proposed(
        self, ready: InStep, vector: NDArray[np.float32], documents: frozenset[int], at_most: int
    ) -> set[int]:
        # Several rows may belong to one passage.
        rows = at_most * max(1, round(1.5 * ready.rows / max(1, ready.passages)))
        proposed: set[int] = set()
        for name, on_it in ready.shelves.items():
            if not on_it.isdisjoint(documents):
                proposed.update(passage_of(id) for id, _ in self._shelves.nearest(name, vector, rows))
        return proposed

    def _judged(
        self,
        reading: Reading,
        vector: NDArray[np.float32],
        documents: Collection[int],
        proposed: Collection[int],
        at_most: int,
    ) -> dict[int, float]:
        found: list[tuple[float, int]] = []
        stored = corpus_vectors.held(reading.connection, self._fingerprint, proposed)
        for passage, vectors in stored.items():
            if vectors.document in documents:
                rows = np.frombuffer(vectors.blob, VECTOR_TYPE).reshape(-1, self._dimensions)
                found.append((-float((rows.astype(np.float32) @ vector).max()), passage))
        return {passage: -less for less, passage in sorted(found)[:at_most]}

    def _exactly(
        self,
        reading: Reading,
        version: int,
        vector: NDArray[np.float32],
        documents: Collection[int],
        at_most: int,
    ) -> dict[int, float]:
        exact = self._exact
        if exact is None:
            exact = self._exact = VectorIndex(self._fingerprint, self._dimensions)
        self._exact_used = time.monotonic()
        return exact.nearest(reading, version, vector, documents, at_most)

    def _passages(self, reading: Reading, version: int) -> int:
        known = self._count
        if known[0] != version:
            counted = corpus_vectors.count(reading.connection, self._fingerprint)
            known = self._count = (version, counted)
        return known[1]

    def _failed(self, error: IndexDown) -> None:
        self._ready = None
        self._state = IndexState("down", why=str(error))
        self._doubted.set()
        self._wake.set()

    # The thread

    def _follow(self) -> None:
        wait = _FIRST_WAIT
        counted = time.monotonic()
        while not self._stopping.is_set():
            try:
                if time.monotonic() - counted > _COUNTED:
                    counted = time.monotonic()
                    if not self._upkeep.complete():
                        self._doubted.set()
                if self._doubted.is_set():
                    self._doubted.clear()
                    self._ready = None
                    self._upkeep.forget()  # so that it is proved by queries before it is asked again
                self._keep_up()
            except IndexDown as error:
                self._failed(error)
                self._stopping.wait(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                continue
            except StorageError:
                self._stopping.wait(_LOOKED)  # questions have the same trouble, and say so
                continue
            wait = _FIRST_WAIT
            if self._exact is not None and time.monotonic() - self._exact_used > _FORGOTTEN:
                self._exact = None
            self._wake.wait(_LOOKED)
            self._wake.clear()

    def _keep_up(self) -> None:
        with self._store.read() as reading:
            version = corpus.version(reading.connection)
        ready = self._ready
        if ready is not None and ready.version == version:
            return
        if self._state.state != "down":  # which it stays until it was proved to be up
            self._state = IndexState(
                "catching up", ready.version if ready else -1, ready.rows if ready else 0
            )
        caught_up = self._upkeep.catch_up(self._stopping.is_set)
        if caught_up is not None:
            self._ready = caught_up
            self._state = IndexState("in step", caught_up.version, caught_up.rows)
