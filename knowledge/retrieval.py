"""Finds the passages that answer a question: by words and by meaning, within what the asker may read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge import evidence
from knowledge.embedding import Embedder
from knowledge.evidence import Near, Terms, Weighed
from knowledge.query import BEFORE, Query
from knowledge.query import query as by_itself
from knowledge.syncing import VECTOR_TYPE
from knowledge.vectors import Index, VectorIndex
from knowledge.weights import ModelUnavailable
from storage import corpus, corpus_search
from storage.corpus_search import Shown
from storage.reading import Reading

BY_WORDS = 50
"""How many passages the index for words may propose."""

BY_MEANING = 30
"""How many the vectors may."""

GOES_ON = 2.0
"""What is added to the score of passages of the document that answers the question before."""

_SPLITS_KEPT = 2_000
_COUNTS_KEPT = 4_000


@dataclass(frozen=True)
class _Split:
    """What does not change of a passage: its words, and its vectors in one matrix.

    Rows: its own, one for each question it is asked by, one for each sentence; none without a model.
    """

    document: int
    terms: Terms
    vectors: NDArray[np.float32]

    @property
    def by_meaning(self) -> bool:
        return bool(len(self.vectors))

    def near(self, vector: NDArray[np.float32]) -> Near:
        cosines = (self.vectors @ vector).tolist()
        first = len(cosines) - len(self.terms.sentences)
        return Near(cosines[0], cosines[1:first], cosines[first:])


@dataclass(frozen=True)
class Ranked:
    """A passage found; ``score`` is its weighed evidence, comparable between questions."""

    passage: Shown
    score: float
    evidence: Weighed
    itself: float
    """What its own text scores."""
    beyond: tuple[float, float]
    """How near the question comes to those it is asked by, see :func:`evidence.beyond`."""


@dataclass(frozen=True)
class Result:
    """What was found, best first, and whether meaning was compared or words alone."""

    ranked: tuple[Ranked, ...]
    by_meaning: bool
    version: int
    nearest_sentence: float = 0.0
    """The cosine of the nearest sentence of all passages that were looked at."""


class Retriever:
    """Searches the corpus of a store. One per process: it keeps vectors and split passages in memory.

    Safe to use from any thread. Without a usable model it goes by words alone.
    ``index`` holds that model's vectors; by default they are searched exactly, in memory.
    """

    def __init__(self, embedder: Embedder | None, index: Index | None = None) -> None:
        self._embedder = embedder
        if index is None and embedder is not None:
            index = VectorIndex(embedder.fingerprint, embedder.dimensions)
        self._index = index
        self._lock = threading.Lock()
        self._dimensions = embedder.dimensions if embedder else 0
        self._splits: OrderedDict[int, _Split] = OrderedDict()
        self._counts: OrderedDict[tuple[int, frozenset[int], str], int] = OrderedDict()
        self._readable: tuple[int, dict[frozenset[str], frozenset[int]]] = (-1, {})
        self._sizes: tuple[tuple[int, frozenset[int]], tuple[int, float]] | None = None

    @property
    def fingerprint(self) -> str:
        """Of the embedding model; empty where words alone are compared."""
        return self._embedder.fingerprint if self._embedder else ""

    def search(
        self, reading: Reading, query: Query, audiences: Collection[str] = (), limit: int = 10
    ) -> Result:
        """The best passages for a question among the documents for these audiences (and for everybody)."""
        version = corpus.version(reading.connection)
        documents = self._documents(reading, version, audiences)
        if not documents or not query.words:
            return Result((), False, version)
        words = [word for word, _ in query.words]
        found = {hit.passage for hit in corpus_search.find(reading.connection, words, audiences, BY_WORDS)}
        vector = self._vector(query)
        if vector is not None and self._index is not None:
            found |= self._index.nearest(reading, version, vector, documents, BY_MEANING).keys()
        count, length = self._size(reading, version, documents)
        rare = evidence.rarity(query, self._holding(reading, version, documents, audiences, words), count)
        splits = self._split(reading, found, audiences, vector is not None)
        # Passages without vectors yet would lose against the others for that alone.
        by_meaning = vector is not None and all(split.by_meaning for split in splits.values())
        told: list[tuple[int, Weighed]] = []
        for id, split in splits.items():
            near = split.near(vector) if vector is not None and by_meaning else None
            told.append((id, evidence.weigh(query, rare, split.terms, length, near)))
        before = self._before(reading, query, audiences)
        scored: list[tuple[float, int, Weighed, float, tuple[float, float]]] = []
        itselves = evidence.scores([weighed for _, weighed in told], by_meaning)
        for (id, weighed), itself in zip(told, itselves, strict=True):
            beyond = evidence.beyond(weighed, itself, by_meaning)
            score = itself + evidence.by_asked(beyond, by_meaning)
            score += GOES_ON if splits[id].document == before else 0.0
            scored.append((score, id, weighed, itself, beyond))
        scored.sort(key=lambda entry: (-entry[0], entry[1]))
        best = scored[:limit]
        shown = corpus_search.show(reading.connection, [id for _, id, *_ in best], audiences)
        ranked = tuple(
            Ranked(shown[id], score, weighed, itself, beyond)
            for score, id, weighed, itself, beyond in best
            if id in shown
        )
        nearest = max((weighed.sentence for _, weighed in told), default=0.0)
        return Result(ranked, by_meaning, version, nearest)

    def _before(self, reading: Reading, query: Query, audiences: Collection[str]) -> int | None:
        """The document that best answers what a question goes on from."""
        if not query.before:
            return None
        found = self.search(reading, by_itself(query.before), audiences, 1).ranked
        return found[0].passage.document if found else None

    def _documents(self, reading: Reading, version: int, audiences: Collection[str]) -> frozenset[int]:
        """What these may read, kept for as long as the corpus stays the same."""
        who = frozenset(audiences)
        with self._lock:
            if self._readable[0] != version:
                self._readable = (version, {})
            known = self._readable[1].get(who)
        if known is None:
            known = corpus_search.readable(reading.connection, who)
            with self._lock:
                if self._readable[0] == version:
                    self._readable[1][who] = known
        return known

    def _vector(self, query: Query) -> NDArray[np.float32] | None:
        if self._embedder is None:
            return None
        try:
            if not query.before:
                return np.asarray(self._embedder.embed([query.text])[0])
            asked, before = self._embedder.embed([query.text, query.before])
        except ModelUnavailable:
            return None
        mixed = (1 - BEFORE) * asked + BEFORE * before
        return np.asarray(mixed / (np.linalg.norm(mixed) or 1.0), np.float32)

    def _split(
        self, reading: Reading, passages: Collection[int], audiences: Collection[str], by_meaning: bool
    ) -> dict[int, _Split]:
        """The candidates' words and their sentences' vectors; those asked for lately are in memory.

        What a passage's id stands for never changes, so nothing kept here grows old.
        """
        with self._lock:
            known = {id: self._splits[id] for id in passages if id in self._splits}
            for id in known:
                self._splits.move_to_end(id)
        missing = [id for id in passages if id not in known or (by_meaning and not known[id].by_meaning)]
        fingerprint = self._embedder.fingerprint if self._embedder and by_meaning else ""
        for id, shown in corpus_search.show(reading.connection, missing, audiences, fingerprint).items():
            terms = evidence.terms(shown)
            blob = (shown.vectors or b"") + (shown.sentence_vectors or b"")
            vectors = np.frombuffer(blob, VECTOR_TYPE).reshape(-1, self._dimensions or 1)
            known[id] = _Split(shown.document, terms, vectors.astype(np.float32))
        with self._lock:
            for id in missing:
                if id in known:
                    self._splits[id] = known[id]
            while len(self._splits) > _SPLITS_KEPT:
                self._splits.popitem(last=False)
        return known

    def _size(self, reading: Reading, version: int, documents: frozenset[int]) -> tuple[int, float]:
        """How many passages these documents have, and their average length."""
        key = (version, documents)
        kept = self._sizes
        if kept is None or kept[0] != key:
            kept = self._sizes = (key, corpus_search.measure(reading.connection, documents))
        return kept[1]

    def _holding(
        self,
        reading: Reading,
        version: int,
        documents: frozenset[int],
        audiences: Collection[str],
        words: list[str],
    ) -> dict[str, int]:
        with self._lock:
            known = {
                w: self._counts[version, documents, w]
                for w in words
                if (version, documents, w) in self._counts
            }
        missing = [word for word in words if word not in known]
        counted = corpus_search.holding(reading.connection, missing, audiences)
        with self._lock:
            for word, count in counted.items():
                self._counts[version, documents, word] = count
            while len(self._counts) > _COUNTS_KEPT:
                self._counts.popitem(last=False)
        return known | counted
