"""Corpora of made-up passages with made-up vectors, and a Chroma server on loopback, to test the index."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.chroma_server import ChromaServer
from knowledge.shelves import IndexDown
from knowledge.syncing import VECTOR_TYPE
from storage import corpus, corpus_search
from storage.corpus import Document, Passage
from storage.store import Store
from tests.faults.postgres import free_port, wait_until
from tests.knowledge.handbook import NOW

MODEL = "made-up"
SIZE = 384


def unit(rows: int, seed: int) -> NDArray[np.float32]:
    """Random unit vectors ``(rows, SIZE)``, around a few centres as those of texts are."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(7).normal(size=(20, SIZE))
    made = centres[chance.integers(0, 20, rows)] + 0.9 * chance.normal(size=(rows, SIZE))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def fill(
    store: Store,
    documents: int,
    *,
    each: int = 4,
    audiences: Sequence[str] = ("all",),
    asked: int = 0,
    seed: int = 0,
    name: str = "d",
) -> None:
    """Keep documents of ``each`` passages, every one with a vector and ``asked`` further ones."""
    made = unit(documents * each * (1 + asked), seed).astype(VECTOR_TYPE).reshape(-1, 1 + asked, SIZE)
    for number in range(documents):
        passages = tuple(
            Passage("S", 0, 4, (0, 4), "Text", made[number * each + p].tobytes(), b"", ("Why?",) * asked)
            for p in range(each)
        )
        path = f"{name}{number}.md"
        document = Document(
            "made", path, f"{seed}", "r", 4, 0, path, "Text",
            audiences=tuple(audiences), passages=passages, fingerprint=MODEL,
        )  # fmt: skip
        with store.write() as tx:
            corpus.begin_change(tx.connection)
            corpus.put(tx.connection, document, NOW)


def stored(store: Store) -> dict[int, NDArray[np.float32]]:
    """Passage -> its vectors, as the store has them."""
    with store.read() as reading:
        known = corpus_search.vectors_known(reading.connection, MODEL)
        blobs = corpus_search.vectors(reading.connection, MODEL, known)
    rows = {p: np.frombuffer(b, VECTOR_TYPE).reshape(-1, SIZE) for p, b in blobs.items()}
    return {p: r.astype(np.float32) for p, r in rows.items()}


class Server:
    """``chroma run`` on loopback, of this installation's version."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self._folder = folder
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = Path(sys.executable).with_name("chroma")
        command = [str(program), "run", "--path", str(self._folder), "--port", str(self.port)]
        environment = {**os.environ, "ANONYMIZED_TELEMETRY": "False", "CHROMA_API_KEY": ""}
        with open(os.devnull, "wb") as nowhere:
            self.process = subprocess.Popen(
                [*command, "--host", "127.0.0.1"], stdout=nowhere, stderr=nowhere, env=environment
            )
        assert wait_until(self._answers, 30), "chroma did not start"

    def _answers(self) -> bool:
        with contextlib.suppress(IndexDown):
            ChromaServer(self.url).names()
            return True
        return False

    def kill(self) -> None:
        """End it the hard way."""
        self.process.kill()
        self.process.wait(10)


@contextlib.contextmanager
def chroma_server(folder: Path) -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.kill()
