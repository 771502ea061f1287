"""The passages' vectors in memory: exact search over them, current with the store, within an audience."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.syncing import VECTOR_TYPE
from storage import corpus_search
from storage.reading import Reading


@dataclass(frozen=True)
class _Held:
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
        """The passages of these documents nearest to ``vector``, with their cosines."""
        held = self._current(reading, version)
        allowed = np.isin(held.documents, np.fromiter(documents, np.int64, len(documents)))
        rows = np.flatnonzero(allowed)
        if not len(rows):
            return {}
        # Not ``@``: its threads would wait for a core longer than the sum takes, and the cores are not ours.
        cosines = np.einsum("ij,j->i", held.matrix, vector)[rows]
        if len(rows) > at_most:
            best = np.argpartition(-cosines, at_most - 1)[:at_most]
            rows, cosines = rows[best], cosines[best]
        return {int(held.passages[row]): float(c) for row, c in zip(rows, cosines, strict=True)}

    def cosines(
        self, reading: Reading, version: int, vector: NDArray[np.float32], passages: Collection[int]
    ) -> dict[int, float]:
        """The cosine of each of these passages that has a vector."""
        held = self._current(reading, version)
        wanted = np.sort(np.fromiter(passages, np.int64, len(passages)))
        rows = np.searchsorted(held.passages, wanted)
        there = rows < len(held.passages)
        there[there] = held.passages[rows[there]] == wanted[there]
        found = held.matrix[rows[there]] @ vector
        return {int(id): float(c) for id, c in zip(wanted[there], found, strict=True)}

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
        passages = np.fromiter(known, np.int64, len(known))
        documents = np.fromiter(known.values(), np.int64, len(known))
        matrix = np.empty((len(known), held.matrix.shape[1]), np.float32)
        kept = np.isin(passages, held.passages)
        matrix[kept] = held.matrix[np.searchsorted(held.passages, passages[kept])]
        new = passages[~kept].tolist()
        read = corpus_search.vectors(reading.connection, self._fingerprint, new)
        for row, passage in zip(np.flatnonzero(~kept), new, strict=True):
            matrix[row] = np.frombuffer(read[passage], VECTOR_TYPE)
        return _Held(version, passages, documents, matrix)
