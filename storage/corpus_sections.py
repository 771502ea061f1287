"""Whole sections of documents, for whoever may read them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from storage.corpus import EVERYONE
from storage.corpus_schema import CorpusAudiences, CorpusDocuments, CorpusPassages


def section_text(
    connection: Connection, root: str, path: str, section: str, audiences: Collection[str]
) -> str:
    """The text of a section; empty where it is gone, or not for someone of these audiences."""
    p, d, a = CorpusPassages, CorpusDocuments, CorpusAudiences
    allowed = select(a.document).where(a.audience.in_(sorted({*audiences, EVERYONE})))
    rows = connection.execute(
        select(p.begins, p.ends, d.text)
        .join(d, d.id == p.document)
        .where(d.root == root, d.path == path, p.section == section, d.id.in_(allowed))
        .order_by(p.begins)
    ).all()
    return rows[0].text[rows[0].begins : rows[-1].ends] if rows else ""
