"""Pages made of answers that people gave: Markdown like every other page, kept in the corpus itself.

They belong to no folder until somebody writes them out and takes them into one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from knowledge import about, asked, passages_of
from knowledge.loading import load, loaders
from knowledge.syncing import embed_passages
from knowledge.weights import ModelUnavailable
from storage import corpus
from storage.corpus import Document

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from storage.store import Store

ROOT = "answers"
"""The name by which they go in the corpus. Folders go by their path, so none is called like that."""

_TYPE = ".md"


@dataclass(frozen=True)
class Page:
    """What is to be a page. ``asked`` is the question it answers, ``source`` what it was made of."""

    title: str
    section: str
    text: str
    audience: str
    owner: str
    function: str
    review_date: str
    asked: str
    source: str


def markdown(page: Page) -> str:
    """The page as a file of a folder would have it."""
    section = " ".join(page.section.split()).lstrip("# ")
    said = {
        "title": page.title,
        "owner": page.owner,
        "audience": page.audience,
        "function": page.function,
        "review_date": page.review_date,
        "source": page.source,
        "asked": {section: list(asked.cleaned([page.asked]))},
    }
    head = yaml.safe_dump(
        {name: value for name, value in said.items() if value},
        sort_keys=False,
        allow_unicode=True,
        width=1000,
    )
    return f"---\n{head}---\n# {' '.join(page.title.split())}\n\n## {section}\n\n{page.text.strip()}\n"


def document(path: str, text: str) -> Document:
    """The page as the corpus keeps it, read as any Markdown file is; without vectors."""
    data = text.encode()
    loaded = load(_TYPE, data)
    known = about.about({}, loaded.about)
    title = known.title or passages_of.title_of(loaded) or path
    questions = [question for listed in known.asked.values() for question in listed]
    passages = asked.answering(passages_of.passages(loaded, title), questions)
    return Document(
        root=ROOT,
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        reading=about.fingerprint({}, passages_of.VERSION, loaders()[_TYPE][1]),
        size=len(data),
        changed_ns=0,
        title=title,
        text=loaded.text,
        owner=known.owner,
        function=known.function,
        link=known.link,
        review_date=known.review_date,
        audiences=known.audiences,
        passages=passages,
    )


def put(store: Store, path: str, page: Page, embedder: Embedder | None, now: datetime) -> None:
    """Keep a page, with vectors where there is a model; the same page again changes nothing."""
    made = document(path, markdown(page))
    if embedder is not None:
        try:
            passages, _ = embed_passages(embedder, made.passages)
            made = replace(made, passages=passages, fingerprint=embedder.fingerprint)
        except ModelUnavailable:
            pass  # it is found by words until a sync makes up for it
    with store.write() as tx:
        corpus.begin_change(tx.connection)
        corpus.put(tx.connection, made, now)
        corpus.save_root(tx.connection, ROOT, "", now)


def write_out(store: Store, folder: Path, tell: Callable[[str], None]) -> int:
    """Write every page into a folder, so that it can be taken into a Git repository; returns how many.

    A file that holds something else is left alone, and ``tell`` is told of it.
    """
    with store.read() as reading:
        pages = [
            (d.path, corpus.document_text(reading.connection, d.id) or "")
            for d in corpus.documents(reading.connection, ROOT)
        ]
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for path, text in pages:
        place = folder / Path(path).name
        if place.exists() and place.read_text(encoding="utf-8", errors="replace") != text:
            tell(f"{place.name} is there already and holds something else; it was left as it is.")
            continue
        place.write_text(text, encoding="utf-8")
        written += 1
    return written
