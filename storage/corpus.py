"""Keeps the corpus: folders, documents with their passages and vectors, and what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy import insert as plain_insert

from storage.corpus_schema import (
    CorpusAudiences,
    CorpusDocuments,
    CorpusPassages,
    CorpusRoots,
    CorpusState,
    CorpusVectors,
)
from storage.database import insert_or_replace
from storage.schema import storable

EVERYONE = "all"
"""The audience that everybody belongs to."""

_AT_ONCE = 500


@dataclass(frozen=True)
class Passage:
    """A stretch of a document: ``begins`` and ``ends`` are characters into its text.

    ``sentences`` holds begin and end of each sentence in turn. ``indexed`` is what the passage is found by:
    what stands above it (title, section) and then, at its end, the passage itself.
    ``asked`` are questions it is known to answer, each in one line. ``vector`` (its own, then one for each of
    these) and ``sentence_vectors`` are bytes that only the model of the document's ``fingerprint`` can read,
    ``None`` without a model.
    """

    section: str
    begins: int
    ends: int
    sentences: tuple[int, ...]
    indexed: str
    vector: bytes | None = None
    sentence_vectors: bytes | None = None
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document as it is to be kept. An empty ``review_date``, or ``dated``, means that none is set."""

    root: str
    path: str
    digest: str
    reading: str
    size: int
    changed_ns: int
    title: str
    text: str
    owner: str = ""
    function: str = ""
    link: str = ""
    review_date: str = ""
    dated: str = ""
    audiences: tuple[str, ...] = (EVERYONE,)
    passages: tuple[Passage, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True)
class Kept:
    """What is known of a document without its text."""

    id: int
    root: str
    path: str
    digest: str
    reading: str
    size: int
    changed_ns: int
    title: str
    owner: str
    function: str
    link: str
    review_date: str
    former_paths: tuple[str, ...]
    added_at: datetime
    read_at: datetime
    audiences: tuple[str, ...] = (EVERYONE,)
    dated: str = ""


@dataclass(frozen=True)
class Root:
    """A folder that was brought in, and when."""

    name: str
    folder: str
    synced_at: datetime


@dataclass(frozen=True)
class Size:
    """How much there is."""

    version: int
    documents: int = 0
    passages: int = 0
    vectors: int = 0
    by_root: Mapping[str, int] = field(default_factory=dict)


# --- what is there ---------------------------------------------------------------------------------------


def version(connection: Connection) -> int:
    """Rises with every change; 0 for a corpus that never had anything."""
    return int(connection.execute(select(CorpusState.version)).scalar_one())


def roots(connection: Connection) -> tuple[Root, ...]:
    """The folders brought in, by name."""
    rows = select(CorpusRoots.name, CorpusRoots.folder, CorpusRoots.synced_at).order_by(CorpusRoots.name)
    return tuple(Root(*row) for row in connection.execute(rows))


def is_empty(connection: Connection) -> bool:
    """Whether there is no document at all, for anybody."""
    return connection.execute(select(CorpusDocuments.id).limit(1)).first() is None


def size(connection: Connection, fingerprint: str) -> Size:
    """How many documents and passages there are, and how many of these have a vector of that model."""
    by_root = select(CorpusDocuments.root, func.count()).group_by(CorpusDocuments.root)
    counted = {str(row[0]): int(row[1]) for row in connection.execute(by_root)}
    passages = connection.execute(select(func.count()).select_from(CorpusPassages)).scalar_one()
    vectors = select(func.count()).select_from(CorpusVectors).where(CorpusVectors.fingerprint == fingerprint)
    return Size(
        version(connection),
        sum(counted.values()),
        passages,
        connection.execute(vectors).scalar_one(),
        counted,
    )


def documents(connection: Connection, root: str | None = None) -> tuple[Kept, ...]:
    """Every document, or those of one root, by root and path."""
    d = CorpusDocuments
    wanted = select(
        d.id, d.root, d.path, d.digest, d.reading, d.size, d.changed_ns, d.title, d.owner, d.function,
        d.link, d.review_date, d.dated, d.former_paths, d.added_at, d.read_at,
    ).order_by(d.root, d.path)  # fmt: skip
    audiences = select(CorpusAudiences.document, CorpusAudiences.audience).order_by(CorpusAudiences.audience)
    if root is not None:
        wanted = wanted.where(d.root == root)
        audiences = audiences.join(d, d.id == CorpusAudiences.document).where(d.root == root)
    who: dict[int, list[str]] = {}
    for document, audience in connection.execute(audiences):
        who.setdefault(document, []).append(audience)
    return tuple(
        Kept(
            **{**row._asdict(), "former_paths": tuple(row.former_paths)}, audiences=tuple(who.get(row.id, ()))
        )
        for row in connection.execute(wanted)
    )


def document_text(connection: Connection, document: int) -> str | None:
    """The whole text of a document, into which its passages' offsets count."""
    wanted = select(CorpusDocuments.text).where(CorpusDocuments.id == document)
    return connection.execute(wanted).scalar_one_or_none()


def with_vectors(connection: Connection, document: int, fingerprint: str) -> tuple[Passage, ...]:
    """A document's passages that the model has seen, with their vectors."""
    v = CorpusVectors
    wanted = (
        select(*_PASSAGE, v.vector, v.sentences.label("sentence_vectors"))
        .join(v, v.passage == CorpusPassages.id)
        .where(CorpusPassages.document == document, v.fingerprint == fingerprint)
    )
    return tuple(
        replace(_passage(row), vector=row.vector, sentence_vectors=row.sentence_vectors)
        for row in connection.execute(wanted)
    )


def without_vectors(
    connection: Connection, fingerprint: str, at_most: int
) -> tuple[tuple[int, Passage], ...]:
    """Passages that the model has not seen yet, with their ids."""
    p = CorpusPassages
    wanted = (
        select(p.id, *_PASSAGE)
        .join(CorpusVectors, CorpusVectors.passage == p.id, isouter=True)
        .where(CorpusVectors.passage.is_(None) | (CorpusVectors.fingerprint != fingerprint))
        .order_by(p.id)
        .limit(at_most)
    )
    return tuple((row.id, _passage(row)) for row in connection.execute(wanted))


_P = CorpusPassages
_PASSAGE: tuple[Any, ...] = (_P.section, _P.begins, _P.ends, _P.sentences, _P.indexed, _P.asked)


def _passage(row: Any) -> Passage:
    asked = tuple(row.asked.splitlines())
    return Passage(row.section, row.begins, row.ends, tuple(row.sentences), row.indexed, asked=asked)


# --- change ----------------------------------------------------------------------------------------------


def begin_change(connection: Connection) -> int:
    """Take the corpus for this transaction, so that two syncs write one after the other; its new version."""
    raised = update(CorpusState).values(version=CorpusState.version + 1).returning(CorpusState.version)
    return int(connection.execute(raised).scalar_one())


def stamp(connection: Connection, root: str, path: str) -> tuple[str, str] | None:
    """Digest and reading of the document of that place; ``None`` if there is none."""
    d = CorpusDocuments
    row = connection.execute(select(d.digest, d.reading).where(d.root == root, d.path == path)).first()
    return None if row is None else (row.digest, row.reading)


def put(connection: Connection, document: Document, now: datetime) -> int:
    """Keep a document, in place of what was kept for its path; returns its id.

    Passages are replaced as a whole: readers see the old ones or the new ones, never some of each.
    """
    if not document.audiences:
        raise ValueError("a document that nobody may read cannot be kept")
    d = CorpusDocuments
    values = {
        "digest": document.digest,
        "reading": document.reading,
        "size": document.size,
        "changed_ns": document.changed_ns,
        "title": document.title,
        "owner": document.owner,
        "function": document.function,
        "link": document.link,
        "review_date": document.review_date,
        "dated": document.dated,
        "text": document.text,
        "read_at": now,
    }
    here = (d.root == document.root, d.path == document.path)
    id = connection.execute(select(d.id).where(*here)).scalar_one_or_none()
    if id is None:
        place = {"root": document.root, "path": document.path, "former_paths": [], "added_at": now}
        id = connection.execute(plain_insert(d).values(**place, **values).returning(d.id)).scalar_one()
    else:
        connection.execute(update(d).where(d.id == id).values(**values))
        _clear(connection, [id])
    who = [{"document": id, "audience": a} for a in dict.fromkeys(document.audiences)]
    connection.execute(plain_insert(CorpusAudiences), who)
    _put_passages(connection, id, document)
    return int(id)


def _put_passages(connection: Connection, id: int, document: Document) -> None:
    if not document.passages:
        return
    rows = [
        {
            "document": id,
            "ordinal": number,
            "section": passage.section,
            "begins": passage.begins,
            "ends": passage.ends,
            "sentences": list(passage.sentences),
            "indexed": storable(passage.indexed),
            "asked": storable("\n".join(passage.asked)),
        }
        for number, passage in enumerate(document.passages)
    ]
    connection.execute(plain_insert(CorpusPassages), rows)
    wanted = select(CorpusPassages.id).where(CorpusPassages.document == id).order_by(CorpusPassages.ordinal)
    ids = connection.execute(wanted).scalars().all()
    save_vectors(
        connection,
        document.fingerprint,
        [
            (passage_id, passage.vector, passage.sentence_vectors)
            for passage_id, passage in zip(ids, document.passages, strict=True)
            if passage.vector is not None and passage.sentence_vectors is not None
        ],
    )


def save_vectors(
    connection: Connection, fingerprint: str, vectors: Sequence[tuple[int, bytes, bytes]]
) -> None:
    """Keep vectors of passages and of their sentences; passages that are gone meanwhile are passed over."""
    ids = [passage for passage, _, _ in vectors]
    there: set[int] = set()
    for start in range(0, len(ids), _AT_ONCE):
        some = select(CorpusPassages.id).where(CorpusPassages.id.in_(ids[start : start + _AT_ONCE]))
        there.update(connection.execute(some).scalars())
    rows = [
        {"passage": passage, "fingerprint": fingerprint, "vector": vector, "sentences": sentences}
        for passage, vector, sentences in vectors
        if passage in there
    ]
    if rows:
        connection.execute(insert_or_replace(connection, CorpusVectors), rows)


def touch(connection: Connection, id: int, size: int, changed_ns: int) -> None:
    """The file was opened and is the same: remember its new size and time of change."""
    connection.execute(
        update(CorpusDocuments).where(CorpusDocuments.id == id).values(size=size, changed_ns=changed_ns)
    )


def rename(connection: Connection, id: int, path: str) -> None:
    """The same document under another path; the one before is remembered."""
    d = CorpusDocuments
    row = connection.execute(select(d.path, d.former_paths).where(d.id == id)).one()
    former = [*(p for p in row.former_paths if p != path), row.path]
    connection.execute(update(d).where(d.id == id).values(path=path, former_paths=former))


def remove(connection: Connection, ids: Collection[int]) -> None:
    """Forget documents with all that hangs on them."""
    _clear(connection, ids)
    for some in portions(ids):
        connection.execute(delete(CorpusDocuments).where(CorpusDocuments.id.in_(some)))


def save_root(connection: Connection, name: str, folder: str, now: datetime) -> None:
    """Remember that a folder was brought in."""
    values = {"name": name, "folder": folder, "synced_at": now}
    connection.execute(insert_or_replace(connection, CorpusRoots), values)


def remove_root(connection: Connection, name: str) -> int:
    """Forget a folder and its documents; returns how many these were."""
    ids = connection.execute(select(CorpusDocuments.id).where(CorpusDocuments.root == name)).scalars().all()
    remove(connection, ids)
    connection.execute(delete(CorpusRoots).where(CorpusRoots.name == name))
    return len(ids)


def _clear(connection: Connection, ids: Collection[int]) -> None:
    for some in portions(ids):
        inside = select(CorpusPassages.id).where(CorpusPassages.document.in_(some))
        connection.execute(delete(CorpusVectors).where(CorpusVectors.passage.in_(inside)))
        connection.execute(delete(CorpusPassages).where(CorpusPassages.document.in_(some)))
        connection.execute(delete(CorpusAudiences).where(CorpusAudiences.document.in_(some)))


def portions(ids: Collection[int]) -> Iterable[list[int]]:
    """Few enough ids at a time for one statement."""
    listed = list(ids)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
