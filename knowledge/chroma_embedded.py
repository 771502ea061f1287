"""Shelves of vectors in a Chroma of our own, in the data folder, with one process that owns it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.shelves import AT_ONCE, HNSW, IndexDown
from storage.serving_lock import FolderLock

FOLDER = "chroma"
LOCK = "chroma.lock"
_IDS_AT_ONCE = 10_000

T = TypeVar("T")


class EmbeddedChroma:
    """Chroma within this process. Three processes writing one folder lost a third of the vectors, silently:
    so construction takes a lock, and raises :class:`storage.errors.AlreadyRunning` where another still has it
    after ``patience`` seconds.

    The library is imported, and the folder opened, at the first use (a second). What is in the folder can
    always be made again from the store, so a damaged one is thrown away.
    """

    def __init__(self, data_dir: Path, patience: float = 0.0) -> None:
        self._folder = data_dir / FOLDER
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FolderLock(
            data_dir,
            LOCK,
            "Another process{who} owns the index of vectors in {folder}, and only one may. Stop it first, or "
            "set PREFLIGHT_DATA_DIR to a folder of this one's own. For several processes together set "
            "DATABASE_URL to a PostgreSQL database and PREFLIGHT_CHROMA to a Chroma server "
            "(http://host:port).",
            patience,
        )
        self._opening = threading.Lock()
        self._client: Any = None
        self._closed = False
        self._known: dict[str, Any] = {}

    @property
    def place(self) -> str:
        """The folder."""
        return f"in {self._folder}"

    def names(self) -> frozenset[str]:
        """All shelves."""
        with _in_our_terms():
            return frozenset(str(shelf.name) for shelf in self._opened().list_collections())

    def add(self, name: str) -> str:
        """Make a shelf where there is none of that name; returns its id."""
        with _in_our_terms():
            shelf = self._known[name] = self._opened().get_or_create_collection(
                name, configuration={"hnsw": HNSW}, embedding_function=None
            )
            return str(shelf.id)

    def drop(self, name: str) -> None:
        """Remove a shelf with all that is on it, if it is there."""
        with _in_our_terms():
            if name in self.names():
                self._opened().delete_collection(name)
        self._known.pop(name, None)

    def size(self, name: str) -> int:
        """How many vectors are on a shelf."""
        with _in_our_terms():
            return int(self._shelf(name).count())

    def ids(self, name: str) -> set[str]:
        """The ids of all vectors on a shelf."""
        found: set[str] = set()
        with _in_our_terms():
            while True:
                some = self._shelf(name).get(include=[], limit=_IDS_AT_ONCE, offset=len(found))["ids"]
                found.update(some)
                if len(some) < _IDS_AT_ONCE:
                    return found

    def put(self, name: str, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Put vectors on a shelf, in place of those with the same ids."""
        with _in_our_terms():
            for start in range(0, len(ids), AT_ONCE):
                some = slice(start, start + AT_ONCE)
                self._shelf(name).upsert(ids=list(ids[some]), embeddings=vectors[some])

    def take(self, name: str, ids: Collection[str]) -> None:
        """Take vectors off a shelf; ids that are not on it are passed over."""
        listed = list(ids)
        with _in_our_terms():
            for start in range(0, len(listed), AT_ONCE):
                self._shelf(name).delete(ids=listed[start : start + AT_ONCE])

    def nearest(self, name: str, vector: NDArray[np.float32], at_most: int) -> list[tuple[str, float]]:
        """The ids nearest to a vector with their cosine distances, nearest first."""
        with _in_our_terms():
            found = self._shelf(name).query(
                query_embeddings=[vector], n_results=at_most, include=["distances"]
            )
        return list(zip(found["ids"][0], found["distances"][0], strict=True))

    def close(self) -> None:
        """Close the folder and let another process have it. Safe to call twice."""
        with self._opening:
            if self._closed:
                return
            self._closed = True
            if self._client is not None:
                self._client.close()
                self._client = None
            self._lock.release()

    def _shelf(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._opened().get_collection(name, embedding_function=None)
        return self._known[name]

    def _opened(self) -> Any:
        with self._opening:
            if self._closed:
                raise IndexDown("it was closed")
            if self._client is None:
                self._client = _once_more(self._open, self._clear)
            return self._client

    def _open(self) -> Any:
        # Imported here: a second and 80 MB that only the owner of an index pays.
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(str(self._folder), settings=settings)
        client.list_collections()  # a damaged folder may open and then not answer
        return client

    def _clear(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
        shutil.rmtree(self._folder, ignore_errors=True)


def _once_more(do: Callable[[], T], mend: Callable[[], None]) -> T:
    try:
        with _in_our_terms():
            return do()
    except IndexDown:
        mend()
        return do()


@contextmanager
def _in_our_terms() -> Iterator[None]:
    """Whatever Chroma raises, as :class:`IndexDown`; its native part panics with a bare ``BaseException``."""
    try:
        yield
    except (IndexDown, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise IndexDown(f"Chroma failed: {type(error).__name__}") from error
