"""Keeps shelves of vectors in step with the store, which alone holds what is true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.shelves import AT_ONCE, IndexDown, Shelves
from knowledge.syncing import VECTOR_TYPE
from storage import corpus, corpus_search, corpus_vectors
from storage.store import Store

PREFIX = "preflight-"
_BYTES = np.dtype(VECTOR_TYPE).itemsize
_PROVED = 60
"""How many passages of each shelf are looked for by their own vectors before it is trusted."""

_SAME = 2e-3
"""Cosine distance below which two stored vectors count as the same."""


@dataclass(frozen=True)
class InStep:
    """What the shelves hold: the corpus of this version, each shelf with its documents."""

    version: int
    shelves: Mapping[str, frozenset[int]]
    passages: int
    rows: int
    """Vectors; a passage has one of its own and one for each question it is asked by."""


class Upkeep:
    """Brings the shelves of one model in step, step by step. Not for several threads at once.

    There is a shelf for each set of audiences that documents have, so whatever a person may not read is on
    a shelf that is not looked at; a filter on one large shelf costs 50 to 260 ms at 100,000 vectors.

    An id names the passage, a digest of its vectors, and the row. Passages' ids are never given twice, so:
    what stood on a shelf *before* the store was read, and is not in the store, is gone for good and may be
    taken off, whoever else works on the same shelves; and putting is always safe to repeat.
    """

    def __init__(self, store: Store, shelves: Shelves, fingerprint: str, dimensions: int) -> None:
        self._store = store
        self._shelves = shelves
        self._fingerprint = fingerprint
        self._dimensions = dimensions
        self._mine = f"{PREFIX}{_short(fingerprint)}-"
        self._held: dict[str, dict[int, tuple[str, ...]]] | None = None
        self._identities: dict[str, str] = {}

    def forget(self) -> None:
        """Look at the shelves anew next time: somebody else may have changed them, or a call failed."""
        self._held = None

    def catch_up(self, stopped: Callable[[], bool]) -> InStep | None:
        """One pass; ``None`` if it was stopped. Raises :class:`IndexDown` and storage errors."""
        fresh = self._held is None
        held = self._listed() if self._held is None else self._held
        self._held = None  # what a failure leaves behind is looked up, not guessed
        identities: dict[str, str] = {}
        with self._store.read() as reading:
            version = corpus.version(reading.connection)
            known = corpus_search.vectors_known(reading.connection, self._fingerprint)
            who = corpus_vectors.audience_sets(reading.connection)
        wanted: dict[str, dict[int, int]] = {}
        for passage, document in known.items():
            wanted.setdefault(self._shelf(who[document]), {})[passage] = document
        for name in sorted(held.keys() - wanted.keys()):
            self._clear(name, held)
        for name in sorted(wanted):
            passages = wanted[name]
            have = held.setdefault(name, {})
            identities[name] = self._shelves.add(name)
            if not fresh and identities[name] != self._identities.get(name, identities[name]):
                have.clear()  # another process dropped it and began anew
            gone = [row for passage, rows in have.items() if passage not in passages for row in rows]
            self._shelves.take(name, gone)
            for passage in [p for p in have if p not in passages]:
                del have[passage]
            # What this process put there itself need not be compared again.
            check = list(passages) if fresh else [p for p in passages if p not in have]
            if not self._put(name, check, have, stopped):
                return None
            if fresh and not self._proved(name, have):
                self._shelves.drop(name)
                identities[name] = self._shelves.add(name)
                have.clear()
                if not self._put(name, list(passages), have, stopped):
                    return None
                if not self._proved(name, have):
                    raise IndexDown("it does not find what was put into it")
        self._held, self._identities = held, identities
        return InStep(
            version,
            {name: frozenset(passages.values()) for name, passages in wanted.items()},
            len(known),
            sum(len(rows) for have in held.values() for rows in have.values()),
        )

    def complete(self) -> bool:
        """Whether the shelves still hold at least as many vectors as were put there; others may add to them.

        Raises :class:`IndexDown`.
        """
        return all(
            self._shelves.size(name) >= sum(len(rows) for rows in have.values())
            for name, have in (self._held or {}).items()
        )

    def counts(self) -> tuple[int, int]:
        """How many vectors the shelves hold, and how many the store has. Raises :class:`IndexDown`."""
        with self._store.read() as reading:
            stored = corpus_vectors.size(reading.connection, self._fingerprint)
        mine = [name for name in self._shelves.names() if name.startswith(self._mine)]
        return sum(self._shelves.size(name) for name in mine), stored // (self._dimensions * _BYTES)

    def clear(self) -> None:
        """Drop every shelf of this model, to build it anew."""
        self._held = None
        for name in self._shelves.names():
            if name.startswith(self._mine):
                self._shelves.drop(name)

    def missing(self) -> list[int]:
        """Passages that their own vectors do not find, every one looked for. Raises :class:`IndexDown`."""
        with self._store.read() as reading:
            known = corpus_search.vectors_known(reading.connection, self._fingerprint)
            who = corpus_vectors.audience_sets(reading.connection)
        names = self._shelves.names()
        lost: list[int] = []
        by_shelf: dict[str, list[int]] = {}
        for passage, document in known.items():
            by_shelf.setdefault(self._shelf(who[document]), []).append(passage)
        for name, passages in by_shelf.items():
            lost += self._unfound(name, passages) if name in names else passages
        return sorted(lost)

    def _listed(self) -> dict[str, dict[int, tuple[str, ...]]]:
        found: dict[str, dict[int, tuple[str, ...]]] = {}
        for name in self._shelves.names():
            if not name.startswith(self._mine):
                continue
            by_passage: dict[int, list[str]] = {}
            for id in self._shelves.ids(name):
                by_passage.setdefault(passage_of(id), []).append(id)
            found[name] = {passage: tuple(sorted(rows)) for passage, rows in by_passage.items()}
        return found

    def _shelf(self, audiences: frozenset[str]) -> str:
        return self._mine + _short("\n".join(sorted(audiences)))

    def _clear(self, name: str, held: dict[str, dict[int, tuple[str, ...]]]) -> None:
        # Emptied, not dropped: another process may be about to put something on it.
        self._shelves.take(name, [row for rows in held.pop(name).values() for row in rows])

    def _put(
        self, name: str, passages: list[int], have: dict[int, tuple[str, ...]], stopped: Callable[[], bool]
    ) -> bool:
        """Put on the shelf what is not there; false if stopped on the way."""
        for some in corpus.portions(passages):
            with self._store.read() as reading:
                stored = corpus_vectors.held(reading.connection, self._fingerprint, some)
            ids: list[str] = []
            rows: list[NDArray[np.float32]] = []
            for passage, vectors in stored.items():
                wanted = _ids(passage, vectors.blob, self._dimensions)
                before = have.get(passage, ())
                have[passage] = wanted
                if before == wanted:
                    continue
                self._shelves.take(name, set(before) - set(wanted))
                ids += wanted
                rows.append(self._rows(vectors.blob))
            if ids:
                matrix = np.concatenate(rows)
                for start in range(0, len(ids), AT_ONCE):
                    if stopped():
                        return False
                    self._shelves.put(name, ids[start : start + AT_ONCE], matrix[start : start + AT_ONCE])
            for passage in set(some) - stored.keys():
                # Gone from the store since it was listed; a newer version says so, and the next pass comes.
                self._shelves.take(name, have.pop(passage, ()))
        return not stopped()

    def _proved(self, name: str, have: Collection[int]) -> bool:
        listed = sorted(have)
        step = max(1, len(listed) // _PROVED)
        return not self._unfound(name, listed[::step])

    def _unfound(self, name: str, passages: Iterable[int]) -> list[int]:
        lost: list[int] = []
        for some in corpus.portions(list(passages)):
            with self._store.read() as reading:
                stored = corpus_vectors.held(reading.connection, self._fingerprint, some)
            for passage, vectors in stored.items():
                found = self._shelves.nearest(name, self._rows(vectors.blob)[0], 10)
                # Of texts that are there many times only some are among the nearest: one as near will do.
                there = any(passage_of(id) == passage for id, _ in found)
                if not there and (len(found) < 10 or found[-1][1] > _SAME):
                    lost.append(passage)
        return lost

    def _rows(self, blob: bytes) -> NDArray[np.float32]:
        return np.frombuffer(blob, VECTOR_TYPE).reshape(-1, self._dimensions).astype(np.float32)


def _ids(passage: int, blob: bytes, dimensions: int) -> tuple[str, ...]:
    digest = hashlib.blake2b(blob, digest_size=6).hexdigest()
    rows = len(blob) // (dimensions * _BYTES)
    return tuple(sorted(f"{passage}.{digest}.{row}" for row in range(rows)))


def passage_of(id: str) -> int:
    """The passage that a vector on a shelf belongs to; -1 for what is none of ours."""
    head = id.partition(".")[0]
    return int(head) if head.isdecimal() else -1


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
