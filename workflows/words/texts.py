"""Text, links and files: answers that are taken as they are, once they are what is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.answers import Value
from workflows.questions import Question
from workflows.words.reading import Correction, Read, quoted, tidy, without_emoji

SHORT = 300
LONG = 3000
"""Most characters of a short and a long text, unless the question bounds it."""

_LINK = re.compile(r"https?://[^\s<>|\"']+[^\s<>|\"'.,;:!?)\]]", re.IGNORECASE)
_BARE_LINK = re.compile(r"(?<![@\w])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>|]*)?(?<![.,;:!?)])", re.IGNORECASE)


def longest(question: Question) -> int:
    """How many characters an answer to a text question may have."""
    return question.bounds.max_length or (LONG if question.type == "long_text" else SHORT)


def read_text(question: Question, text: str) -> Read | Correction:
    """The words themselves, trimmed. Emoji alone say too little; a novel is asked for in short."""
    said = tidy(text)
    if not re.search(r"\w", without_emoji(said)):
        return Correction("That alone does not tell me enough. A few words, please.", _example(question))
    limit = longest(question)
    if len(said) > limit:
        return Correction(
            f"That is {len(said):,} characters, and {limit:,} fit here. Your message stays where it is, so "
            f"nothing"
            " is lost: please give me the gist in a few sentences, or attach the long version as a file "
            "where I ask"
            " for documents.",
            _example(question),
        )
    return Read(said)


def read_link(question: Question, text: str) -> Read | Correction:
    """The first web address in the text; a bare ``wiki.example/page`` gets its ``https://``."""
    found = _LINK.search(text)
    if found:
        return Read(found[0])
    bare = _BARE_LINK.search(text)
    if bare:
        return Read(f"https://{bare[0]}")
    example = _example(question) or "https://wiki.example.com/our-page"
    return Correction(f"I was looking for a link and did not find one in {quoted(text)}.", example)


def read_file(question: Question, text: str, files: Sequence[Value]) -> Read | Correction:
    """The attached files (``{"id", "name", "link"}`` each), or links in the text as files by reference."""
    kept = [{"id": str(f["id"]), "name": str(f["name"]), "link": str(f.get("link", ""))} for f in files]
    kept += [{"id": "", "name": m[0], "link": m[0]} for m in _LINK.finditer(text)]
    if kept:
        return Read(kept)
    return Correction(
        "I see no file and no link in that. Attach the file to your message, or paste a link to it.",
        "https://drive.example.com/our-document",
    )


def _example(question: Question) -> str:
    return question.examples[0] if question.examples else ""
