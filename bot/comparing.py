"""Keeps what use cases are compared by: their text, its vector by the embedded model, and who looks alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.similar import candidates, story
from storage import likenesses
from storage.likenesses import Alike
from storage.store import Store
from workflows.ids import UseCaseId
from workflows.program import Program

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from knowledge.similar import Candidate

_AT_ONCE = 50


def remember_texts(
    store: Store, program: Program, embedder: Embedder, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Embed the use cases that have no vector of this model yet; returns how many. Safe to run twice.

    Each is compared with the others in the same transaction, so none is left out.
    """
    done = 0
    there: dict[str, Candidate] | None = None
    while not stopping():
        with store.read() as reading:
            missing = reading.texts_missing(embedder.fingerprint, _AT_ONCE)
            found = [u for u in map(reading.use_case, missing) if u is not None]
            if found and there is None:
                there = {c.id: c for c in candidates(reading, embedder)}
        if not found or there is None:
            break
        told = [story(program.intake, u.answers) or u.title or str(u.id) for u in found]
        vectors = embedder.embed(told)
        new = _as_candidates([u.id for u in found], told, list(vectors))
        there |= {c.id: c for c in new}
        with store.write() as tx:
            for use_case, text, vector in zip(found, told, vectors, strict=True):
                tx.save_text(use_case.id, text, embedder.fingerprint, vector.tobytes())
            alike = _alike(new, list(there.values()))
            likenesses.save(tx.connection, [c.id for c in new], alike, embedder.fingerprint)
        done += len(found)
    _catch_up(store, embedder, stopping)
    return done


def _catch_up(store: Store, embedder: Embedder, stopping: Callable[[], bool]) -> None:
    """Compare all with all where vectors are older than the comparing."""
    with store.read() as reading:
        if likenesses.known(reading.connection, embedder.fingerprint):
            return
        every = candidates(reading, embedder)
    for start in range(0, len(every), _AT_ONCE * 4):
        if stopping():
            return
        some = every[start : start + _AT_ONCE * 4]
        found = _alike(some, every)
        with store.write() as tx:
            # What was found for an earlier part stays: a pair is found from either side.
            likenesses.save(tx.connection, [], found, embedder.fingerprint)


def _as_candidates(ids: Sequence[str], told: Sequence[str], vectors: Sequence[object]) -> list[Candidate]:
    from knowledge.similar import Candidate

    return [
        Candidate(id=id, text=text, vector=vector)  # type: ignore[arg-type]
        for id, text, vector in zip(ids, told, vectors, strict=True)
    ]


def _alike(new: Sequence[Candidate], every: Sequence[Candidate]) -> list[Alike]:
    from knowledge.alike import pairs

    return [Alike(UseCaseId(p.one), UseCaseId(p.other), p.score, p.why) for p in pairs(new, every)]
