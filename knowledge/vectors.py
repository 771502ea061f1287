"""The passages' vectors in memory: exact search over them, current with the store, within an audience."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.syncing import VECTOR_TYPE
from storage import corpus_search
from storage.reading import Reading


class Index(Protocol):
    """Where the passages nearest to a question are found. Safe to share between threads."""

    def nearest(
        self,
        reading: Reading,
        version: int,
        vector: NDArray[np.float32],
        documents: Collection[int],
        at_most: int,
    ) -> dict[int, float]:
        """The passages of these documents nearest to a unit vector, each with the cosine of its nearest row.

        ``version`` is the corpus's in this reading. Fewer than there are where the index is behind or down.
        """


@dataclass(frozen=True)
class _Held:
    """Rows of vectors: a passage's own and those of the questions it is asked by, in the passages' order."""

    version: int
    passages: NDArray[np.int64]
    documents: NDArray[np.int64]
    matrix: NDArray[np.float32]


class VectorIndex:
    """Vectors of one model. Safe to share between threads; rows are read when the corpus has changed."""

    def __init__(self, fingerprint: str, dimensions: int) -> None:
        self._fingerprint = fingerprint
        self._changing = threading.Lock()
        none = np.empty(0, np.int64)
        self._held = _Held(-1, none, none, np.empty((0, dimensions), np.float32))

    def nearest(
        self,
        reading: Reading,
        version: int,
        vector: NDArray[np.float32],
        documents: Collection[int],
        at_most: int,
    ) -> dict[int, float]:
        """The passages of these documents nearest to ``vector``, each with the cosine of its nearest row."""
        held = self._current(reading, version)
        allowed = np.isin(held.documents, np.fromiter(documents, np.int64, len(documents)))
        rows = np.flatnonzero(allowed)
        if not len(rows):
            return {}
        # Not ``@``: its threads would wait for a core longer than the sum takes, and the cores are not ours.
        cosines = np.einsum("ij,j->i", held.matrix, vector)[rows]
        passages = held.passages[rows]
        begins = np.flatnonzero(np.r_[True, passages[1:] != passages[:-1]])
        passages, cosines = passages[begins], np.maximum.reduceat(cosines, begins)
        if len(passages) > at_most:
            best = np.argpartition(-cosines, at_most - 1)[:at_most]
            passages, cosines = passages[best], cosines[best]
        return {int(id): float(c) for id, c in zip(passages, cosines, strict=True)}

    def _current(self, reading: Reading, version: int) -> _Held:
        held = self._held
        if held.version == version:
            return held
        with self._changing:
            held = self._held
            if held.version == version:
                return held
            fresh = self._read(reading, held, version)
            # A reader of an older moment must not take the newer rows from the others.
            if version > held.version:
                self._held = fresh
            return fresh

    def _read(self, reading: Reading, held: _Held, version: int) -> _Held:
        known = corpus_search.vectors_known(reading.connection, self._fingerprint)
        there = np.fromiter(known, np.int64, len(known))
        kept = np.isin(held.passages, there)
        new = there[~np.isin(there, held.passages)].tolist()
        read = corpus_search.vectors(reading.connection, self._fingerprint, new)
        width = held.matrix.shape[1]
        added = [np.frombuffer(read[passage], VECTOR_TYPE).reshape(-1, width) for passage in new]
        passages = np.r_[
            held.passages[kept], np.repeat(np.array(new, np.int64), [len(rows) for rows in added])
        ]
        matrix = np.concatenate([held.matrix[kept], *added]).astype(np.float32, copy=False)
        order = np.argsort(passages, kind="stable")
        passages, matrix = passages[order], matrix[order]
        documents = np.array([known[int(id)] for id in passages], np.int64)
        return _Held(version, passages, documents, matrix)
