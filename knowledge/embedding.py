"""Texts to vectors with the embedded model: loaded when first needed, two cores at most, nothing fetched."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge import weights
from knowledge.onnx_graph import DIMENSIONS, FINGERPRINT, MAX_TOKENS, cached_graph
from storage.schema import storable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


_SHORT = 400
_REMEMBERED = 2048


class Embedder:
    """The embedded MiniLM sentence encoder. Safe to share between threads; create one per process.

    Creating it does no work. The first ``embed`` (or ``load``) takes under a second, somewhat more the very
    first time, when the graph is built into ``cache`` (the bot's data folder). One text is computed at a
    time, on at most ``threads`` cores, whoever asks: a long job cannot take the machine, and a short question
    waits for one text of a long job, not for its end. A text's vector never depends on those beside it.
    The last 2,048 texts of up to 400 characters are remembered (about 4 MB): the program's own phrases and
    explanations come again with every question.
    """

    name = "all-MiniLM-L6-v2 (embedded, int8)"
    fingerprint = FINGERPRINT
    dimensions = DIMENSIONS

    def __init__(self, cache: Path, threads: int = 2) -> None:
        self._cache = cache
        self._threads = threads
        self._loading = threading.Lock()
        self._computing = threading.Lock()
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None
        self._remembered: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def load(self) -> None:
        """Make it ready now rather than at the first text; does nothing the second time.

        Raises ``ModelUnavailable``, whose message says what to do.
        """
        self._ready()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 ``(len(texts), 384)``, in order: their dot product is the cosine.

        Texts over 256 tokens count by their first 256; an empty text has a vector too, near nothing in
        particular. Raises ``ModelUnavailable`` if the model cannot be loaded.
        """
        tokenizer, session = self._ready()
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            with self._computing:
                vectors[row] = self._one(text, tokenizer, session)
        return vectors

    def _one(self, text: str, tokenizer: Tokenizer, session: InferenceSession) -> NDArray[np.float32]:
        known = self._remembered.get(text)
        if known is not None:
            self._remembered.move_to_end(text)
            return known
        # Half a surrogate pair, which JSON and command lines may carry, is nothing the tokenizer takes.
        ids = np.array([tokenizer.encode(storable(text)).ids], np.int64)
        vector: NDArray[np.float32] = session.run(None, {"ids": ids})[0][0]
        if len(text) <= _SHORT:
            self._remembered[text] = vector
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return vector

    def _ready(self) -> tuple[Tokenizer, InferenceSession]:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._open()
            return self._loaded

    def _open(self) -> tuple[Tokenizer, InferenceSession]:
        # Imported here: a process that never compares texts by meaning does not pay for them.
        import onnxruntime
        from tokenizers import Tokenizer

        found = weights.find()
        tokenizer = Tokenizer.from_str(weights.read_tokenizer(found).decode())
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # Idle threads sleep instead of spinning: the cores belong to the acknowledgements.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = False
        graph = cached_graph(self._cache, found)
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        return tokenizer, session
