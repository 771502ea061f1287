"""Corpora of any size, for speed only: sentences of the real paragraphs put together anew, with a seed.

Nothing is claimed about ranking on them. The first 1,216 documents are the real paragraphs; the others have
twenty paragraphs of 700 to 1,000 characters, each of sentences drawn from all articles, and the title of one.
A sentence's vector is really embedded, once; that of a made-up passage is the mean of its sentences' with
a little noise, so that a hundred thousand take minutes to make rather than an hour.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.loading import Loaded
from knowledge.passages_of import passages
from knowledge.syncing import VECTOR_TYPE, embed_passages, sentences_of
from storage import corpus
from storage.corpus import Document, Passage
from storage.store import Store
from tests.bench.squad import Set

PARAGRAPHS = 20
LONG_ENOUGH, TOO_LONG = 700, 1_000
NOISE = 0.3
"""Length of the noise beside a unit vector."""


class Grown:
    """The real paragraphs with their vectors, and any number of passages grown from them.

    Embeds the real corpus when created (1,488 passages, 6,318 sentences: about a minute).
    """

    def __init__(self, found: Set, embedder: Embedder) -> None:
        self._embedder = embedder
        self._titles = sorted({p.article for p in found.paragraphs})
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._real: list[Document] = []
        for number, p in enumerate(found.paragraphs):
            cut, _ = embed_passages(embedder, passages(Loaded(p.text), p.article))
            self._real.append(self._document(f"real/{number}", p.article, p.text, cut))
            for passage in cut:
                rows = np.frombuffer(passage.sentence_vectors or b"", VECTOR_TYPE)
                rows = rows.reshape(-1, embedder.dimensions)
                self._vectors.update(zip(sentences_of(passage), rows.astype(np.float32), strict=True))
        self._sentences = sorted(s for s in self._vectors if _stands_alone(s))

    def documents(self, chunks: int, seed: int = 1) -> Iterator[Document]:
        """Documents with ``chunks`` passages and their vectors in all; at least the real ones."""
        left = chunks
        for document in self._real:
            yield document
            left -= len(document.passages)
        drawn = random.Random(seed)
        noise = np.random.default_rng(seed)
        number = 0
        while left > 0:
            made = self._made(number, drawn, noise)
            made = replace(made, passages=made.passages[:left])
            yield made
            left -= len(made.passages)
            number += 1

    def _made(self, number: int, drawn: random.Random, noise: np.random.Generator) -> Document:
        title = f"{drawn.choice(self._titles)} {number}"
        text = "\n\n".join(self._paragraph(drawn) for _ in range(PARAGRAPHS))
        cut = tuple(self._with_vectors(p, noise) for p in passages(Loaded(text), title))
        return self._document(f"made/{number}", title, text, cut)

    def _paragraph(self, drawn: random.Random) -> str:
        said = [drawn.choice(self._sentences)]
        while sum(map(len, said)) < LONG_ENOUGH:
            more = drawn.choice(self._sentences)
            if sum(map(len, [*said, more])) + len(said) <= TOO_LONG:
                said.append(more)
        return " ".join(said)

    def _with_vectors(self, passage: Passage, noise: np.random.Generator) -> Passage:
        rows = np.stack([self._vector(sentence) for sentence in sentences_of(passage)])
        middle = rows.mean(axis=0)
        middle /= np.linalg.norm(middle)
        middle += noise.normal(0, NOISE / np.sqrt(len(middle)), len(middle))
        middle /= np.linalg.norm(middle)
        return replace(
            passage,
            vector=middle.astype(VECTOR_TYPE).tobytes(),
            sentence_vectors=rows.astype(VECTOR_TYPE).tobytes(),
        )

    def _vector(self, sentence: str) -> NDArray[np.float32]:
        """Of a sentence that is known; where two are read as one when put together, of the whole."""
        if sentence not in self._vectors:
            self._vectors[sentence] = self._embedder.embed([sentence])[0]
        return self._vectors[sentence]

    def _document(self, path: str, title: str, text: str, cut: Sequence[Passage]) -> Document:
        return Document(
            "grown", path, path, "", len(text), 0, title, text, passages=tuple(cut),
            fingerprint=self._embedder.fingerprint,
        )  # fmt: skip


def _stands_alone(sentence: str) -> bool:
    """Whether it is read as one sentence again wherever it is put."""
    return 30 <= len(sentence) <= 400 and sentence[0].isupper() and sentence[-1] in ".?!"


def write(store: Store, documents: Sequence[Document]) -> None:
    """Keep them, in one transaction."""
    now = datetime.now(UTC)
    with store.write() as tx:
        corpus.begin_change(tx.connection)
        for document in documents:
            corpus.put(tx.connection, document, now)
