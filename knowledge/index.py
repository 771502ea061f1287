"""Which index of vectors an installation has, by its one setting."""

from __future__ import annotations

from pathlib import Path

from knowledge.chroma_embedded import EmbeddedChroma
from knowledge.chroma_index import ChromaIndex
from knowledge.chroma_server import ChromaServer
from knowledge.onnx_graph import DIMENSIONS, FINGERPRINT
from knowledge.shelves import Shelves
from storage.store import Store

MEMORY = "memory"
"""The setting by which there is none: each process searches the store's vectors in its own memory."""


_WHILE_SOMEBODY_LOOKS = 3.0
"""Seconds for which `preflight corpus status` may have the index open when a bot starts."""


def open_shelves(chroma: str, data_dir: Path, patience: float = 0.0) -> Shelves | None:
    """A Chroma server at an address; our own Chroma in the data folder for an empty one; none for ``memory``.

    Nothing is imported or asked yet. Raises :class:`storage.errors.AlreadyRunning` where another process
    owns the one in the data folder, and still does after ``patience`` seconds.
    """
    if chroma == MEMORY:
        return None
    return ChromaServer(chroma) if chroma else EmbeddedChroma(data_dir, patience)


def open_index(store: Store, chroma: str, data_dir: Path) -> ChromaIndex | None:
    """The index of the embedded model's vectors; ``None`` for ``memory``."""
    shelves = open_shelves(chroma, data_dir, _WHILE_SOMEBODY_LOOKS)
    return ChromaIndex(store, shelves, FINGERPRINT, DIMENSIONS) if shelves is not None else None
