"""PDF: the text of its pages, each page a section, so that a citation says where to look."""

from __future__ import annotations

import io
import logging
import re

from knowledge.loading import CHARACTERS_AT_MOST, Loaded, Transcript, Unreadable, loads

_PAGES_AT_MOST = 2_000
_MADE_BY = re.compile(
    r"^Microsoft (?:Word|PowerPoint|Excel) - |\.(?:docx?|pptx?|xlsx?|pdf|indd)$", re.IGNORECASE
)
"""What programs add to the name of the file that they took for the title."""


@loads(".pdf", version=2)
def pdf(data: bytes) -> Loaded:
    """Read a PDF with text in it."""
    # Imported here: most folders have no PDF in them.
    from pypdf import PdfReader

    if not data.lstrip()[:1024].startswith(b"%PDF"):
        raise Unreadable("is damaged: it is not a PDF, whatever its name says")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
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
        title = (reader.metadata.title if reader.metadata else None) or ""
    except Unreadable:
        raise
    except Exception as error:
        # The library raises whatever a broken file makes it stumble over.
        raise Unreadable(f"is damaged: it cannot be read as a PDF ({type(error).__name__})") from error
    return transcript.loaded(_MADE_BY.sub("", title).strip(), pages=True)
