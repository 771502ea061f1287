"""What a loader makes of a file's bytes, and which loader reads which type: found by their decorator."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

CHARACTERS_AT_MOST = 5_000_000
"""A document with more text than this is a library, not a document."""


class Unreadable(Exception):
    """A file that cannot be taken into the corpus; the message completes *"it ..."* and says what to do."""


@dataclass(frozen=True)
class Heading:
    """A heading: its level from 1, its words, and where its line begins and ends in the text."""

    level: int
    title: str
    begins: int
    ends: int


@dataclass(frozen=True)
class Loaded:
    """A document's text, into which every offset of it counts, and what the file says of itself.

    For Markdown and plain text that is the file itself, character by character; for other types the text
    taken out of it. ``about`` holds the front matter; ``solid`` are stretches that are not split at blank
    lines, such as code.
    """

    text: str
    headings: tuple[Heading, ...] = ()
    body: int = 0
    """Where the document begins, after its front matter."""
    title: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    solid: tuple[tuple[int, int], ...] = ()
    pages: bool = False
    """The headings are numbers of pages, so none of them is the title."""


Loader = Callable[[bytes], Loaded]
_FOUND: dict[str, tuple[Loader, int]] = {}


def loads(*endings: str, version: int = 1) -> Callable[[Loader], Loader]:
    """Marks the function that reads files with these endings; a new ``version`` reads them all again."""

    def mark(loader: Loader) -> Loader:
        for ending in endings:
            if ending in _FOUND:
                raise ValueError(f"two loaders for {ending}")
            _FOUND[ending] = (loader, version)
        return loader

    return mark


@cache
def loaders() -> Mapping[str, tuple[Loader, int]]:
    """File ending, with its dot -> its loader and that loader's version."""
    import knowledge.loaders

    for module in pkgutil.iter_modules(knowledge.loaders.__path__):
        importlib.import_module(f"knowledge.loaders.{module.name}")
    return dict(_FOUND)


def load(ending: str, data: bytes) -> Loaded:
    """Read a file's bytes with the loader of its ending. Raises :class:`Unreadable`."""
    if not data:
        raise Unreadable("is empty")
    try:
        loaded = loaders()[ending][0](data)
    except Unreadable:
        raise
    except (
        ValueError,
        LookupError,
        TypeError,
        ArithmeticError,
        RecursionError,
        MemoryError,
        OSError,
    ) as error:
        raise Unreadable(f"is damaged, or not a real {ending} file ({type(error).__name__})") from error
    if len(loaded.text) > CHARACTERS_AT_MOST:
        raise Unreadable(f"has more than {CHARACTERS_AT_MOST:,} characters of text; split it")
    if not loaded.text[loaded.body :].strip():
        raise Unreadable("has no text in it (pictures of pages have to be read by OCR first)")
    return loaded


def decoded(data: bytes) -> str:
    """The characters of a text file: by its mark, else UTF-8, else Windows-1252; line ends stay as they are.

    Raises :class:`Unreadable` for what is not text.
    """
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable("is damaged: it is not text in the encoding that it begins with") from error
    if b"\x00" in data[:100_000]:
        raise Unreadable("is not text, whatever its name says")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    odd = sum(1 for c in text[:20_000] if c == "\ufffd" or (c < " " and c not in "\t\n\r\f"))
    if odd > len(text[:20_000]) / 100:
        raise Unreadable("is not text, whatever its name says")
    return text


class Transcript:
    """Writes down the text of a document that is not text itself, block by block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []

    def heading(self, level: int, words: str) -> None:
        """A heading."""
        words = " ".join(words.split())
        if words:
            begins = self._add(words)
            self._headings.append(Heading(level, words, begins, begins + len(words)))

    def paragraph(self, words: str) -> None:
        """A paragraph; line breaks in it stay, other white space becomes single spaces."""
        lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in words.split("\n"))
        words = "\n".join(line for line in lines if line)
        if words:
            self._add(words)

    def _add(self, words: str) -> int:
        begins = self._length
        self._parts.append(words + "\n\n")
        self._length += len(words) + 2
        if self._length > CHARACTERS_AT_MOST:
            raise Unreadable(f"has more than {CHARACTERS_AT_MOST:,} characters of text; split it")
        return begins

    def loaded(
        self, title: str = "", about: Mapping[str, Any] | None = None, *, pages: bool = False
    ) -> Loaded:
        """All that was written."""
        text = "".join(self._parts)
        return Loaded(text, tuple(self._headings), title=title, about=about or {}, pages=pages)
