"""Turns the packaged MiniLM weights into one int8 ONNX graph, once, and keeps it in a cache folder.

The graph takes token ids and gives the sentence vector: BERT encoder, mean over the tokens, length 1.

- Matrices are int8 with one scale per output channel, in reduced range (-63..63): on processors without
  VNNI instructions the full range overflows the 16-bit sums of two products and gives wrong numbers.
- Activations are quantised when they arrive. The second matrix of each feed-forward block gets its scale
  per 128 inputs instead, since what leaves the GELU has rare large values that would leave the rest with a
  handful of steps: cosine to the float model 0.995 instead of 0.991 for a tenth of the speed.
- One text goes through at a time. Scales depend on all that goes through together, so a text embedded beside
  others would get a slightly different vector from the same text alone; and beside others is no faster here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from knowledge.weights import WEIGHTS_SHA256, Weights, read_tensors

VERSION = 1
"""Raised whenever the graph built from the same weights changes, so that an older cached one is not taken."""

DIMENSIONS = 384
MAX_TOKENS = 256
"""What the model was trained for; longer texts are cut there."""

HEADS = 12
LAYERS = 6
EPSILON = 1e-12
BLOCK = 128
_STEPS = 63
_CONTRIB = "com.microsoft"
_KEY = hashlib.sha256(f"{WEIGHTS_SHA256}:{VERSION}".encode()).hexdigest()[:12]

FINGERPRINT = f"minilm-l6-int8-{_KEY}"
"""Names the vectors: those of different fingerprints are not comparable and are computed anew."""

_log = structlog.get_logger(__name__)


def cached_graph(folder: Path, weights: Weights) -> bytes:
    """The graph, from ``folder`` if a sound one is there, else built (about a second) and written there.

    A cached file's name ends in the hash of its content; one that does not match is thrown away. Written
    under another name and then renamed, so a reader never sees half a file and two processes at once are
    safe. A folder that cannot be written costs the second at every start, nothing else. Raises
    ``ModelUnavailable`` if the weights are not the published ones.
    """
    for path in sorted(folder.glob(f"{FINGERPRINT}-*.onnx")):
        with contextlib.suppress(OSError):
            graph = path.read_bytes()
            if _named(graph) == path.name:
                return graph
            _log.warning("model_cache_damaged", file=path.name)
            path.unlink()
    graph = build(read_tensors(weights))
    try:
        _write(folder, graph)
    except OSError as error:
        _log.warning("model_cache_not_written", folder=str(folder), why=error.strerror)
    return graph


def build(tensors: bytes) -> bytes:
    """The serialised ONNX graph of the encoder whose safetensors file is ``tensors``.

    Input ``ids``: int64 (1, tokens), at most ``MAX_TOKENS``, no padding. Output ``vector``: float32 (1, 384).
    """
    from safetensors.numpy import load

    return _Builder(load(tensors)).serialised()


def _named(graph: bytes) -> str:
    return f"{FINGERPRINT}-{hashlib.sha256(graph).hexdigest()[:32]}.onnx"


def _write(folder: Path, graph: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".building-", suffix=".onnx")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(graph)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / _named(graph))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Builder:
    """Collects the nodes and constants of the graph; every method returns the name of what it made."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, NDArray[Any]] = {}

    def serialised(self) -> bytes:
        import onnx
        from onnx import TensorProto, helper, numpy_helper

        hidden = self._embeddings()
        for layer in range(LAYERS):
            hidden = self._layer(layer, hidden)
        axis = self._constant("token_axis", np.array([1], np.int64))
        # The mean and the sum have the same direction, and only the direction is kept.
        total = self._node("ReduceSum", [hidden, axis], "total", keepdims=0)
        self._node("LpNormalization", [total], "vector", axis=-1, p=2)
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, DIMENSIONS])],
            [numpy_helper.from_array(np.ascontiguousarray(a), name) for name, a in self._constants.items()],
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
        model: onnx.ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        return bytes(model.SerializeToString(deterministic=True))

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants[name] = value
        return name

    def _node(self, op: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(op, inputs, output.split(), domain=domain, **attributes))
        return output

    def _embeddings(self) -> str:
        words = self._weights["embeddings.word_embeddings.weight"]
        scale = _scale(words, axis=1, steps=127)
        rows = np.round(words / scale).astype(np.int8)
        from onnx import TensorProto

        self._node("Gather", [self._constant("words", rows), "ids"], "word_steps")
        self._node("Cast", ["word_steps"], "word_float", to=TensorProto.FLOAT)
        self._node("Gather", [self._constant("word_scale", scale), "ids"], "word_scales")
        self._node("Mul", ["word_float", "word_scales"], "word")
        # Sentences are never given in pairs, so the token type is the first one everywhere.
        position = self._weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        position = position + self._weights["embeddings.token_type_embeddings.weight"][0]
        self._node("Shape", ["ids"], "length", start=1, end=2)
        zero = self._constant("zero", np.array([0], np.int64))
        table = self._constant("positions", position)
        self._node("Slice", [table, zero, "length", zero], "position")
        self._node("Add", ["word", "position"], "embedded")
        gain, shift = self._norm("embeddings.LayerNorm")
        return self._node("LayerNormalization", ["embedded", gain, shift], "hidden", axis=-1, epsilon=EPSILON)

    def _layer(self, layer: int, hidden: str) -> str:
        name = f"encoder.layer.{layer}"
        qkv = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self._weights[f"{part}.weight"] for part in qkv])
        bias = np.concatenate([self._weights[f"{part}.bias"] for part in qkv])
        joined = self._linear(hidden, f"{name}.qkv", weight, bias)
        sizes = self._constant(f"{name}.sizes", np.array([DIMENSIONS] * 3, np.int64))
        split = [f"{name}.q", f"{name}.k", f"{name}.v"]
        self._node("Split", [joined, sizes], " ".join(split), axis=-1)
        seen = self._node("MultiHeadAttention", split, f"{name}.seen", _CONTRIB, num_heads=HEADS)
        output = f"{name}.attention.output"
        mixed = self._linear(
            seen,
            f"{name}.mixed",
            self._weights[f"{output}.dense.weight"],
            self._weights[f"{output}.dense.bias"],
        )
        attended = self._skip_norm(mixed, hidden, f"{output}.LayerNorm", f"{name}.attended")
        wide = self._linear(
            attended,
            f"{name}.wide",
            self._weights[f"{name}.intermediate.dense.weight"],
            self._weights[f"{name}.intermediate.dense.bias"],
        )
        bent = self._node("Gelu", [wide], f"{name}.bent", _CONTRIB)
        narrow = self._linear_by_block(
            bent,
            f"{name}.narrow",
            self._weights[f"{name}.output.dense.weight"],
            self._weights[f"{name}.output.dense.bias"],
        )
        return self._skip_norm(narrow, attended, f"{name}.output.LayerNorm", f"{name}.out")

    def _linear(self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        columns = weight.T
        scale = _scale(columns, axis=0, steps=_STEPS)
        inputs = [
            x,
            self._constant(f"{name}.weight", np.round(columns / scale).astype(np.int8)),
            self._constant(f"{name}.scale", scale[0]),
            "",
            self._constant(f"{name}.bias", bias),
        ]
        return self._node("DynamicQuantizeMatMul", inputs, name, _CONTRIB)

    def _linear_by_block(
        self, x: str, name: str, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> str:
        n, k = weight.shape
        blocks = weight.reshape(n, k // BLOCK, BLOCK)
        scale = _scale(blocks, axis=2, steps=127)
        inputs = [
            x,
            self._constant(f"{name}.weight", (np.round(blocks / scale) + 128).astype(np.uint8)),
            self._constant(f"{name}.scale", scale[:, :, 0]),
            "",
            "",
            self._constant(f"{name}.bias", bias),
        ]
        # Accuracy level 4 asks for int8 sums.
        return self._node(
            "MatMulNBits", inputs, name, _CONTRIB, K=k, N=n, bits=8, block_size=BLOCK, accuracy_level=4
        )

    def _skip_norm(self, x: str, skip: str, norm: str, output: str) -> str:
        gain, shift = self._norm(norm)
        return self._node("SkipLayerNormalization", [x, skip, gain, shift], output, _CONTRIB, epsilon=EPSILON)

    def _norm(self, name: str) -> tuple[str, str]:
        return (
            self._constant(f"{name}.gain", self._weights[f"{name}.weight"]),
            self._constant(f"{name}.shift", self._weights[f"{name}.bias"]),
        )


def _scale(values: NDArray[np.float32], axis: int, steps: int) -> NDArray[np.float32]:
    """Step sizes so that the largest magnitude along ``axis`` is ``steps`` steps; 1 where all is zero."""
    largest = np.abs(values).max(axis=axis, keepdims=True)
    return np.where(largest > 0, largest / steps, 1.0).astype(np.float32)
