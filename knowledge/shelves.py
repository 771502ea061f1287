"""What an index of vectors is asked to do, whatever keeps it: named shelves of vectors, each with an id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 200
"""Vectors in one call: under a second also on a busy machine, about 800 kB as JSON."""

HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 200, "max_neighbors": 16}
"""How Chroma builds a shelf. See docs/retrieval.md for what is lost against exact search."""


class IndexDown(Exception):
    """The index cannot be used now; ``str()`` says why in a few words. The store still answers."""


class Shelves(Protocol):
    """Shelves of unit vectors. Every call may raise :class:`IndexDown`; all are safe to repeat."""

    @property
    def place(self) -> str:
        """Where they stand, for people."""

    def names(self) -> frozenset[str]:
        """All shelves."""

    def add(self, name: str) -> str:
        """Make a shelf where there is none of that name; returns what is another once it was dropped."""

    def drop(self, name: str) -> None:
        """Remove a shelf with all that is on it, if it is there."""

    def size(self, name: str) -> int:
        """How many vectors are on a shelf."""

    def ids(self, name: str) -> set[str]:
        """The ids of all vectors on a shelf."""

    def put(self, name: str, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Put vectors ``(len(ids), dimensions)`` on a shelf, in place of those with the same ids."""

    def take(self, name: str, ids: Collection[str]) -> None:
        """Take vectors off a shelf; ids that are not on it are passed over."""

    def nearest(self, name: str, vector: NDArray[np.float32], at_most: int) -> list[tuple[str, float]]:
        """The ids nearest to a vector with their cosine distances, nearest first."""

    def close(self) -> None:
        """Let go of everything."""
