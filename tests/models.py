"""The embedded model, prepared once for a whole run of tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from knowledge import embedding
from knowledge.embedding import Embedder
from knowledge.weights import Weights

_BUILT: list[bytes] = []
_LOADED: list[Any] = []
_VECTORS: dict[str, NDArray[np.float32]] = {}


@contextmanager
def graph_built_once() -> Iterator[None]:
    """For as long as this lasts, this process prepares the model once, whatever folder it is kept in.

    Every installation builds the graph at its first start and keeps it in its data folder, loads it once and
    remembers the texts that come again; nearly every test has a fresh data folder and a fresh bot.
    """
    build, open_, one = embedding.cached_graph, Embedder._open, Embedder._one

    def graph(folder: Path, weights: Weights) -> bytes:
        if not _BUILT:
            _BUILT.append(build(folder, weights))
        return _BUILT[0]

    def opened(self: Embedder) -> Any:
        if not _LOADED:
            _LOADED.append(open_(self))
        return _LOADED[0]

    def vector(self: Embedder, text: str, tokenizer: Any, session: Any) -> NDArray[np.float32]:
        if text not in _VECTORS:
            _VECTORS[text] = one(self, text, tokenizer, session)
        return _VECTORS[text]

    with (
        patch.object(embedding, "cached_graph", graph),
        patch.object(Embedder, "_open", opened),
        patch.object(Embedder, "_one", vector),
    ):
        yield
