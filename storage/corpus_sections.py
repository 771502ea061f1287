"""Whole sections of documents, for whoever may read them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select

from storage.corpus import EVERYONE
from storage.corpus_schema import CorpusAudiences, CorpusDocuments, CorpusPassages

PLAYBOOK = "playbook"
"""The name under which a program's own playbook is brought in."""

_BETWEEN = " › "


@dataclass(frozen=True)
class Section:
    """A section of a document, with what is known of the document."""

    root: str
    path: str
    title: str
    section: str
    """The headings it stands under, from the outermost."""
    passage: int
    """Its first passage."""
    begins: int
    """Where its text begins, in characters of the document."""
    text: str
    owner: str
    function: str
    link: str
    review_date: str
    """ISO date, or empty."""
    read_at: datetime
    audiences: tuple[str, ...]


def section_named(
    connection: Connection, path: str, heading: str, audiences: Collection[str]
) -> Section | None:
    """The section under this heading of the document of this path, if someone of these audiences may read it.

    Where several folders have such a document, the program's own playbook comes first.
    """
    p, d, a = CorpusPassages, CorpusDocuments, CorpusAudiences
    rows = connection.execute(
        select(p.id, p.section, p.begins, p.ends, p.document)
        .join(d, d.id == p.document)
        .where(d.path == path, d.id.in_(_allowed(audiences)))
        .order_by(d.root != PLAYBOOK, d.root, p.begins)
    ).all()
    wanted = heading.casefold()
    first = next((r for r in rows if wanted in _names(r.section)), None)
    if first is None:
        return None
    ends = max(r.ends for r in rows if (r.document, r.section) == (first.document, first.section))
    about = connection.execute(
        select(d.root, d.title, d.text, d.owner, d.function, d.link, d.review_date, d.read_at).where(
            d.id == first.document
        )
    ).one()
    who = select(a.audience).where(a.document == first.document).order_by(a.audience)
    return Section(
        root=about.root,
        path=path,
        title=about.title,
        section=first.section,
        passage=first.id,
        begins=first.begins,
        text=about.text[first.begins : ends],
        owner=about.owner,
        function=about.function,
        link=about.link,
        review_date=about.review_date,
        read_at=about.read_at,
        audiences=tuple(connection.execute(who).scalars()),
    )


def _names(section: str) -> tuple[str, str]:
    """A section by its own heading, and by all that it stands under."""
    whole = section.casefold()
    return whole.split(_BETWEEN)[-1], whole


def section_text(
    connection: Connection, root: str, path: str, section: str, audiences: Collection[str]
) -> str:
    """The text of a section; empty where it is gone, or not for someone of these audiences."""
    p, d = CorpusPassages, CorpusDocuments
    rows = connection.execute(
        select(p.begins, p.ends, d.text)
        .join(d, d.id == p.document)
        .where(d.root == root, d.path == path, p.section == section, d.id.in_(_allowed(audiences)))
        .order_by(p.begins)
    ).all()
    return rows[0].text[rows[0].begins : rows[-1].ends] if rows else ""


def _allowed(audiences: Collection[str]) -> Select[int]:
    a = CorpusAudiences
    return select(a.document).where(a.audience.in_(sorted({*audiences, EVERYONE})))
