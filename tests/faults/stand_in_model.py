"""A stand-in for the embedded model: quick, the same in every process, each text a direction of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder


class StandIn(Embedder):
    """Vectors that only equal texts share; for runs in which nothing depends on what texts mean."""

    name = "stand-in"
    fingerprint = "stand-in"
    dimensions = 384

    def __init__(self) -> None:
        pass

    def load(self) -> None:
        """Nothing to load."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, in order."""
        made = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
            made[row] = np.random.default_rng(seed).normal(size=self.dimensions)
            made[row] /= np.linalg.norm(made[row])
        return made
