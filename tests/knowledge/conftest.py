"""One loaded model for all the knowledge tests of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.embedding import Embedder


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


@pytest.fixture(scope="session")
def embedder(model_cache: Path) -> Embedder:
    loaded = Embedder(model_cache)
    loaded.load()
    return loaded
