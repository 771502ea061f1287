"""PDF: the text of its pages, each page a section, so that a citation says where to look."""

from __future__ import annotations

import importlib
import io
import logging

from knowledge.loading import CHARACTERS_AT_MOST, Loaded, Transcript, Unreadable, loads

_PAGES_AT_MOST = 2_000


@loads(".pdf")
def pdf(data: bytes) -> Loaded:
    """Read a PDF with text in it."""
    try:
        # By name, so that the rest of the corpus is read where the package is not installed.
        pypdf = importlib.import_module("pypdf")
    except ImportError:
        raise Unreadable(
            "is a PDF, and pypdf, which reads these, is not installed; run `make setup`"
        ) from None
    if not data.lstrip()[:1024].startswith(b"%PDF"):
        raise Unreadable("is damaged: it is not a PDF, whatever its name says")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is encrypted; save it without a password")
        if len(reader.pages) > _PAGES_AT_MOST:
            raise Unreadable(f"has more than {_PAGES_AT_MOST:,} pages; split it")
        transcript = Transcript()
        length = 0
        for number, page in enumerate(reader.pages, 1):
            words = page.extract_text()
            length += len(words)
            if length > CHARACTERS_AT_MOST:
                raise Unreadable(f"has more than {CHARACTERS_AT_MOST:,} characters of text; split it")
            if words.strip():
                transcript.heading(1, f"Page {number}")
                for block in words.split("\n\n"):
                    transcript.paragraph(block)
        title = (reader.metadata or {}).get("/Title") or ""
    except Unreadable:
        raise
    except Exception as error:
        # The library raises whatever a broken file makes it stumble over.
        raise Unreadable(f"is damaged: it cannot be read as a PDF ({type(error).__name__})") from error
    return transcript.loaded(str(title).strip())
