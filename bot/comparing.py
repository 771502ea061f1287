"""Keeps what use cases are compared by: their text, and its vector by the embedded model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.similar import story
from storage.store import Store
from workflows.program import Program

if TYPE_CHECKING:
    from knowledge.embedding import Embedder

_AT_ONCE = 50


def remember_texts(
    store: Store, program: Program, embedder: Embedder, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Embed the use cases that have no vector of this model yet; returns how many. Safe to run twice."""
    done = 0
    while not stopping():
        with store.read() as reading:
            missing = reading.texts_missing(embedder.fingerprint, _AT_ONCE)
            found = [u for u in map(reading.use_case, missing) if u is not None]
        if not found:
            return done
        told = [story(program.intake, u.answers) or u.title or str(u.id) for u in found]
        vectors = embedder.embed(told)
        with store.write() as tx:
            for use_case, text, vector in zip(found, told, vectors, strict=True):
                tx.save_text(use_case.id, text, embedder.fingerprint, vector.tobytes())
        done += len(found)
    return done
