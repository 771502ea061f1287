"""The MiniLM encoder in plain float32 numpy, written from the BERT equations: what int8 is held against."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load
from tokenizers import Tokenizer

from knowledge.weights import find, read_tensors, read_tokenizer

Floats = NDArray[np.float32]
_erf = np.vectorize(math.erf, otypes=[np.float32])


class ReferenceEncoder:
    """Sentence vectors by the published recipe: 6 layers, 12 heads, mean over tokens, length 1."""

    def __init__(self) -> None:
        weights = find()
        self._weights: dict[str, Floats] = load(read_tensors(weights))
        self._tokenizer = Tokenizer.from_str(read_tokenizer(weights).decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(256)

    def embed(self, texts: Sequence[str]) -> Floats:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Floats:
        w = self._weights
        ids = self._tokenizer.encode(text).ids
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
        x = x + w["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for i in range(6):
            layer = f"encoder.layer.{i}"
            x = self._norm(
                x + self._dense(self._attend(x, layer), f"{layer}.attention.output.dense"),
                f"{layer}.attention.output.LayerNorm",
            )
            wide = self._dense(x, f"{layer}.intermediate.dense")
            bent = wide * 0.5 * (1 + _erf(wide / math.sqrt(2)))
            x = self._norm(x + self._dense(bent, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        mean = x.mean(axis=0)
        vector: Floats = mean / np.linalg.norm(mean)
        return vector

    def _attend(self, x: Floats, layer: str) -> Floats:
        def heads(part: str) -> Floats:
            return self._dense(x, f"{layer}.attention.self.{part}").reshape(len(x), 12, 32).transpose(1, 0, 2)

        scores = heads("query") @ heads("key").transpose(0, 2, 1) / math.sqrt(32)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ heads("value")).transpose(1, 0, 2).reshape(len(x), 384), np.float32)

    def _dense(self, x: Floats, name: str) -> Floats:
        return np.asarray(x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], np.float32)

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
        gain, shift = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return np.asarray(centred / spread * gain + shift, np.float32)
