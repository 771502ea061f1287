"""The tables of the corpus: where it comes from, its documents, their passages, and the passages' vectors.

The index for words hangs on ``corpus_passages`` and is the database's own: an FTS5 table on SQLite, a
generated column with a GIN index on PostgreSQL. Its names begin with :data:`DERIVED`, and only the migration
that makes it knows how.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Key, Table

_SERIAL = BigInteger().with_variant(Integer, "sqlite")

DERIVED = "corpus_words"
"""Tables, columns and indices whose names begin so are made by the database from others."""


class CorpusState(Table):
    """Rises with every change of the corpus, so that what was read of it is known to be old. One row."""

    __tablename__ = "corpus_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


class CorpusRoots(Table):
    """The folders that were brought in, by the name they go by."""

    __tablename__ = "corpus_roots"

    name: Mapped[str] = mapped_column(Key(), primary_key=True)
    folder: Mapped[str]
    synced_at: Mapped[datetime]


class CorpusDocuments(Table):
    """Documents with their whole text; quotes are slices of it."""

    __tablename__ = "corpus_documents"

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True)
    root: Mapped[str] = mapped_column(Key())
    path: Mapped[str] = mapped_column(Key())
    digest: Mapped[str]
    """SHA-256 of the file."""
    reading: Mapped[str]
    """Fingerprint of how it was read: the reader's version and what ``corpus.yaml`` says of the file."""
    size: Mapped[int] = mapped_column(BigInteger())
    changed_ns: Mapped[int] = mapped_column(BigInteger())
    """Size and time of change of the file when it was read: the same again need not be opened."""
    title: Mapped[str]
    owner: Mapped[str]
    function: Mapped[str]
    link: Mapped[str]
    review_date: Mapped[str]
    """ISO date, or empty."""
    dated: Mapped[str] = mapped_column(server_default="")
    """ISO date of its last change as it says itself, or as Git does; empty where neither is known."""
    text: Mapped[str]
    former_paths: Mapped[list[str]]
    added_at: Mapped[datetime]
    read_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("root", "path", name="corpus_documents_place"),
        {"sqlite_autoincrement": True},  # an id that was seen never means another document later
    )


class CorpusAudiences(Table):
    """Who may read a document: one row for each audience, at least one for every document."""

    __tablename__ = "corpus_audiences"

    document: Mapped[int] = mapped_column(
        _SERIAL, ForeignKey("corpus_documents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    audience: Mapped[str] = mapped_column(Key(), primary_key=True)

    __table_args__ = (Index("corpus_audiences_audience", "audience", "document"),)


class CorpusPassages(Table):
    """Passages: where each stands in its document, and the text it is found by."""

    __tablename__ = "corpus_passages"

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True)
    document: Mapped[int] = mapped_column(_SERIAL, ForeignKey("corpus_documents.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    section: Mapped[str]
    begins: Mapped[int]
    """Characters into the document's text, as is the next."""
    ends: Mapped[int]
    sentences: Mapped[list[int]] = mapped_column(JSON(none_as_null=True))
    """Begin and end of each sentence, in turn, as characters into the document's text."""
    indexed: Mapped[str]
    asked: Mapped[str] = mapped_column(server_default="")
    """Questions it answers in people's own words, one a line."""

    __table_args__ = (
        Index("corpus_passages_document", "document", "ordinal"),
        {"sqlite_autoincrement": True},
    )


class CorpusVectors(Table):
    """Vectors of a passage by the model of that fingerprint.

    ``vector`` holds the passage's own and after it one for each question it is asked by; ``sentences`` one
    for each of its sentences.
    """

    __tablename__ = "corpus_vectors"

    passage: Mapped[int] = mapped_column(
        _SERIAL, ForeignKey("corpus_passages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    fingerprint: Mapped[str]
    vector: Mapped[bytes]
    sentences: Mapped[bytes]
