"""Finds passages by words and hands out their vectors, always within the audiences of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, TextClause, bindparam, func, select, text

from storage.corpus import EVERYONE, portions
from storage.corpus_schema import CorpusAudiences, CorpusDocuments, CorpusPassages, CorpusVectors
from storage.schema import storable


@dataclass(frozen=True)
class Found:
    """A passage found by words; the higher the score the better, and only comparable within one search."""

    passage: int
    score: float


@dataclass(frozen=True)
class Shown:
    """A passage with what a citation says of it."""

    id: int
    document: int
    root: str
    path: str
    title: str
    section: str
    begins: int
    ends: int
    sentences: tuple[int, ...]
    indexed: str
    text: str
    """The passage itself, a slice of the document's text."""
    link: str
    owner: str
    function: str
    review_date: str
    read_at: datetime
    dated: str = ""
    asked: tuple[str, ...] = ()
    """Questions it is known to answer; never part of a quote."""
    vectors: bytes | None = None
    """Its own, then one for each of ``asked``."""
    sentence_vectors: bytes | None = None


def vectors_known(connection: Connection, fingerprint: str) -> dict[int, int]:
    """Passage -> document, of every passage that has a vector of that model."""
    wanted = (
        select(CorpusPassages.id, CorpusPassages.document)
        .join(CorpusVectors, CorpusVectors.passage == CorpusPassages.id)
        .where(CorpusVectors.fingerprint == fingerprint)
        .order_by(CorpusPassages.id)
    )
    return {int(row[0]): int(row[1]) for row in connection.execute(wanted)}


def vectors(connection: Connection, fingerprint: str, passages: Collection[int]) -> dict[int, bytes]:
    """The vectors of these passages by that model: each's own, then one for each question it is asked by."""
    found: dict[int, bytes] = {}
    for some in portions(passages):
        wanted = select(CorpusVectors.passage, CorpusVectors.vector).where(
            CorpusVectors.passage.in_(some), CorpusVectors.fingerprint == fingerprint
        )
        found.update((passage, vector) for passage, vector in connection.execute(wanted))
    return found


def readable(connection: Connection, audiences: Collection[str]) -> frozenset[int]:
    """The documents that someone of these audiences may read."""
    wanted = select(CorpusAudiences.document).where(CorpusAudiences.audience.in_(_who(audiences)))
    return frozenset(connection.execute(wanted).scalars())


# --- by words --------------------------------------------------------------------------------------------

_WORD = re.compile(r"\w+")

ASKED = 0.5
"""How much a word counts in a question that a passage is asked by, where one of the passage counts 1."""

# What a reader may not see is left out by its ids: a look at each match's own row, which holds its text,
# costs several times as much as all else. A document without any audience is nobody's here too.
_SQLITE_HIDDEN = """SELECT p.id FROM corpus_documents d CROSS JOIN corpus_passages p ON p.document = d.id
       WHERE d.id NOT IN (SELECT document FROM corpus_audiences WHERE audience IN :audiences)"""
_SQLITE_FIND = text(
    f"""SELECT rowid, -bm25(corpus_words, 1.0, :asked) AS score FROM corpus_words
       WHERE corpus_words MATCH :words AND rowid NOT IN ({_SQLITE_HIDDEN})
       ORDER BY score DESC, rowid LIMIT :at_most"""  # noqa: S608
).bindparams(bindparam("audiences", expanding=True))
# Rank 1 divides by 1 + the logarithm of the length: PostgreSQL has no BM25. The weights are of labels D to A.
_POSTGRES_FIND = text(
    """SELECT p.id, ts_rank(ARRAY[0, 0, :asked, 1]::real[], p.corpus_words, q.words, 1) AS score
       FROM corpus_passages p, (SELECT CAST(:words AS tsquery) AS words) q
       WHERE p.corpus_words @@ q.words AND p.document IN
         (SELECT document FROM corpus_audiences WHERE audience IN :audiences)
       ORDER BY score DESC, p.id LIMIT :at_most"""
).bindparams(bindparam("audiences", expanding=True))
_POSTGRES_COUNT = text(
    """SELECT count(*) FROM corpus_passages p
       WHERE p.corpus_words @@ to_tsquery('english', :word) AND p.document IN
         (SELECT document FROM corpus_audiences WHERE audience IN :audiences)"""
).bindparams(bindparam("audiences", expanding=True))
_COUNTED_AT_ONCE = 50
"""Words; SQLite takes at most 500 parts in one statement."""

_POSTGRES_QUERY = text("SELECT CAST(plainto_tsquery('english', :word) AS text)")


def find(
    connection: Connection, words: Sequence[str], audiences: Collection[str], at_most: int
) -> tuple[Found, ...]:
    """Passages with any of these words (or other forms of them), best first, among what these may read."""
    asked = _plain(words)
    if not asked:
        return ()
    if connection.dialect.name == "sqlite":
        statement, query = _SQLITE_FIND, " OR ".join(f'"{word}"' for word in asked)
    else:
        parts = [connection.execute(_POSTGRES_QUERY, {"word": word}).scalar_one() for word in asked]
        query = " | ".join(f"({part})" for part in parts if part)
        statement = _POSTGRES_FIND
    if not query:
        return ()
    bound = {"words": query, "asked": ASKED, "audiences": _who(audiences), "at_most": at_most}
    rows = connection.execute(statement, bound)
    return tuple(Found(int(id), float(score)) for id, score in rows)


def holding(connection: Connection, words: Sequence[str], audiences: Collection[str]) -> dict[str, int]:
    """How many of the passages that these may read hold each word, in any form, in their own text."""
    parts = {word: _plain([word]) for word in words}
    asked = {word: found for word, found in parts.items() if found}
    if not asked:
        return {}
    who = _who(audiences)
    if connection.dialect.name == "sqlite":
        counted: dict[str, int] = {}
        listed = list(asked)
        for start in range(0, len(listed), _COUNTED_AT_ONCE):
            some = listed[start : start + _COUNTED_AT_ONCE]
            own = {f"word{n}": f'indexed : "{" ".join(asked[word])}"' for n, word in enumerate(some)}
            rows = connection.execute(_sqlite_count(len(some)), {**own, "audiences": who})
            counted.update((some[n], int(count)) for n, count in rows)
        return counted
    return {
        word: int(
            connection.execute(
                _POSTGRES_COUNT, {"word": " & ".join(f"'{part}':A" for part in found), "audiences": who}
            ).scalar_one()
        )
        for word, found in asked.items()
    }


@lru_cache(maxsize=_COUNTED_AT_ONCE)
def _sqlite_count(words: int) -> TextClause:
    """The number and the count of each of so many words; what is hidden is gathered once for all of them."""
    one = "SELECT {0}, count(*) FROM corpus_words WHERE corpus_words MATCH :word{0} AND rowid NOT IN hidden"
    all_ = " UNION ALL ".join(one.format(n) for n in range(words))
    statement = text(f"WITH hidden AS MATERIALIZED ({_SQLITE_HIDDEN}) {all_}")
    return statement.bindparams(bindparam("audiences", expanding=True))


def measure(connection: Connection, documents: Collection[int]) -> tuple[int, float]:
    """How many passages these documents have, and how many characters each on average (1 for none)."""
    count, length = 0, 0
    for some in portions(documents):
        p = CorpusPassages
        row = connection.execute(
            select(func.count(), func.sum(p.ends - p.begins)).where(p.document.in_(some))
        ).one()
        count += row[0]
        length += int(row[1] or 0)
    return count, (length / count if count else 1.0)


def _plain(words: Sequence[str]) -> list[str]:
    """Only letters and digits reach the query, so that nothing in a question is an operator there."""
    return list(dict.fromkeys(part for word in words for part in _WORD.findall(storable(word))))


def _who(audiences: Collection[str]) -> list[str]:
    return sorted({*audiences, EVERYONE})


# --- to show ---------------------------------------------------------------------------------------------


def show(
    connection: Connection, passages: Collection[int], audiences: Collection[str], fingerprint: str = ""
) -> dict[int, Shown]:
    """These passages with their documents, of those that these audiences may read.

    With a ``fingerprint`` the vectors by that model come along.
    """
    found: dict[int, Shown] = {}
    for some in portions(passages):
        for row in connection.execute(_shown(some, audiences, fingerprint)):
            text = row.indexed[len(row.indexed) - (row.ends - row.begins) :]
            told = {"sentences": tuple(row.sentences), "asked": tuple(row.asked.splitlines()), "text": text}
            found[row.id] = Shown(**{**row._asdict(), **told})
    return found


def _shown(ids: Sequence[int], audiences: Collection[str], fingerprint: str) -> Select[Any]:
    p, d, v = CorpusPassages, CorpusDocuments, CorpusVectors
    allowed = select(CorpusAudiences.document).where(CorpusAudiences.audience.in_(_who(audiences)))
    columns: list[Any] = [
        *(p.id, p.document, d.root, d.path, d.title, p.section, p.begins, p.ends, p.sentences, p.indexed),
        *(d.link, d.owner, d.function, d.review_date, d.dated, d.read_at, p.asked),
        *(v.vector.label("vectors"), v.sentences.label("sentence_vectors")),
    ]
    return (
        select(*columns)
        .join(d, d.id == p.document)
        .join(v, (v.passage == p.id) & (v.fingerprint == fingerprint), isouter=True)
        .where(p.id.in_(ids), p.document.in_(allowed))
    )
