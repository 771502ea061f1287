"""The embedded model, prepared once for a whole run of tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from knowledge import embedding
from knowledge.weights import Weights

_BUILT: list[bytes] = []


@contextmanager
def graph_built_once() -> Iterator[None]:
    """For as long as this lasts, this process builds the model's graph once, whatever folder it is kept in.

    Every installation builds it at its first start and keeps it in its data folder; nearly every test has a
    fresh data folder.
    """
    build = embedding.cached_graph

    def graph(folder: Path, weights: Weights) -> bytes:
        if not _BUILT:
            _BUILT.append(build(folder, weights))
        return _BUILT[0]

    with patch.object(embedding, "cached_graph", graph):
        yield
