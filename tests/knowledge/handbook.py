"""Folders of documents for the tests, written as a company would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.syncing import Report, Source, sync
from storage import corpus
from storage.corpus import Kept
from storage.store import Store

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

ROLLBACK = """---
title: Rollback and stop-ship
owner: Platform team
audience: all
function: it
review_date: 2027-03-31
---
# Rollback and stop-ship

## How fast

A release is rolled back within one hour. The last good version is kept for ninety days.

## Who may stop it

The risk owner may stop any release at once, without asking anyone. The engineer on call may do the same.
"""
HOLIDAYS = "# Holidays\n\n## Days\n\nEverybody has thirty days of holiday a year.\n"
SECRET = "---\naudience: [oncall, exec]\n---\n# Break glass\n\nThe break-glass account is called zanzibar.\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, said in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(said.encode() if isinstance(said, str) else said)
    return folder


def bring_in(store: Store, folder: Path, embedder: Embedder | None = None, name: str = "book") -> Report:
    return sync(store, Source(name, folder), embedder, lambda: NOW)


def kept(store: Store) -> dict[str, Kept]:
    with store.read() as reading:
        return {d.path: d for d in corpus.documents(reading.connection)}


def word_file(*paragraphs: tuple[str, str]) -> bytes:
    """A Word document of paragraphs, each with the name of its style."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>'
        for style, words in paragraphs
    )
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>" for words in ("Tier", "Days"))
    table = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    styles = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{w}"><w:body>{body}{table}</w:body></w:document>'
        )
        archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{w}">{styles}</w:styles>')
    return made.getvalue()
