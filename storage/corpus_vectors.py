"""What an index of the vectors is made from and checked against: the store holds, an index follows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from storage.corpus import portions
from storage.corpus_schema import CorpusAudiences, CorpusPassages, CorpusVectors


@dataclass(frozen=True)
class Vectors:
    """A passage's vectors as they are stored, and its document."""

    document: int
    blob: bytes


def count(connection: Connection, fingerprint: str) -> int:
    """How many passages have vectors of that model."""
    counted = select(func.count()).select_from(CorpusVectors).where(CorpusVectors.fingerprint == fingerprint)
    return int(connection.execute(counted).scalar_one())


def size(connection: Connection, fingerprint: str) -> int:
    """How many bytes the vectors of that model have; a passage may have several."""
    v = CorpusVectors
    summed = select(func.coalesce(func.sum(func.length(v.vector)), 0)).where(v.fingerprint == fingerprint)
    return int(connection.execute(summed).scalar_one())


def held(connection: Connection, fingerprint: str, passages: Collection[int]) -> dict[int, Vectors]:
    """The vectors of these passages by that model, of those that are still there."""
    found: dict[int, Vectors] = {}
    v, p = CorpusVectors, CorpusPassages
    for some in portions(passages):
        wanted = (
            select(v.passage, p.document, v.vector)
            .join(p, p.id == v.passage)
            .where(v.passage.in_(some), v.fingerprint == fingerprint)
        )
        found.update((row.passage, Vectors(row.document, row.vector)) for row in connection.execute(wanted))
    return found


def audience_sets(connection: Connection) -> dict[int, frozenset[str]]:
    """Document -> all its audiences."""
    found: dict[int, set[str]] = {}
    for document, audience in connection.execute(select(CorpusAudiences.document, CorpusAudiences.audience)):
        found.setdefault(document, set()).add(audience)
    shared: dict[frozenset[str], frozenset[str]] = {}
    # Thousands of documents have the same few sets: each is kept once.
    return {document: shared.setdefault(s := frozenset(who), s) for document, who in found.items()}
