"""Cuts a document into passages: paragraphs up to about a thousand characters, never across a heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.loading import Heading, Loaded
from knowledge.sentences import sentences, trimmed
from storage.corpus import Passage

VERSION = 2
"""Raised when documents would be cut or described otherwise, so that they are all read again."""

LONGEST = 1_000
"""Characters of a passage, about; a sentence or a line of a table is never cut for it."""

_BLANK = re.compile(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+")
_LINE_END = re.compile(r"\r?\n")
_BETWEEN = " › "

Span = tuple[int, int]


def passages(loaded: Loaded, title: str) -> tuple[Passage, ...]:
    """The passages of a document, in order, without vectors.

    Title and section are put before each for searching; they are no part of the passage, which is the slice
    of the text from ``begins`` to ``ends``.
    """
    found: list[Passage] = []
    for section, begins, ends in _sections(loaded, title):
        above = f"{title}\n{section}\n" if section else f"{title}\n"
        for start, end in _joined(_pieces(loaded, begins, ends)):
            marks = tuple(mark for span in sentences(loaded.text, start, end) for mark in span)
            if marks:
                found.append(Passage(section, start, end, marks, above + loaded.text[start:end]))
    return tuple(found)


def title_of(loaded: Loaded) -> str:
    """The first heading where nothing stands before it; empty otherwise."""
    if loaded.pages or not loaded.headings:
        return ""
    first = loaded.headings[0]
    return first.title if not loaded.text[loaded.body : first.begins].strip() else ""


def _sections(loaded: Loaded, title: str) -> Iterator[tuple[str, int, int]]:
    """Each stretch between two headings, with the headings it stands under (but the document's title)."""
    begins = loaded.body
    above: list[Heading] = []
    for heading in (*loaded.headings, None):
        ends = heading.begins if heading else len(loaded.text)
        if loaded.text[begins:ends].strip():
            named = [h.title for h in above]
            if named and named[0].casefold() == title.casefold():
                del named[0]
            yield _BETWEEN.join(named), begins, ends
        if heading:
            above = [h for h in above if h.level < heading.level] + [heading]
            begins = heading.ends


def _pieces(loaded: Loaded, begins: int, ends: int) -> Iterator[Span]:
    """Paragraphs; the long ones by line or, where the lines are prose, by sentence."""
    for start, end in _paragraphs(loaded, begins, ends):
        if end - start <= LONGEST:
            yield start, end
            continue
        lines = list(_split(loaded.text, _LINE_END, start, end))
        if len(lines) > 1 and max(b - a for a, b in lines) <= LONGEST and _stand_alone(loaded.text, lines):
            yield from lines
        else:
            for a, b in lines if len(lines) > 1 and _stand_alone(loaded.text, lines) else [(start, end)]:
                yield from [(a, b)] if b - a <= LONGEST else sentences(loaded.text, a, b)


def _paragraphs(loaded: Loaded, begins: int, ends: int) -> Iterator[Span]:
    inside = [(a, b) for a, b in loaded.solid if begins <= a < ends]
    position = begins
    for a, b in [*inside, (ends, ends)]:
        yield from _split(loaded.text, _BLANK, position, a)
        span = trimmed(loaded.text, a, min(b, ends))
        if span[0] < span[1]:
            yield span
        position = b


def _split(text: str, at: re.Pattern[str], begins: int, ends: int) -> Iterator[Span]:
    start = begins
    for gap in at.finditer(text, begins, ends):
        span = trimmed(text, start, gap.start())
        if span[0] < span[1]:
            yield span
        start = gap.end()
    span = trimmed(text, start, ends)
    if span[0] < span[1]:
        yield span


def _stand_alone(text: str, lines: Sequence[Span]) -> bool:
    """Whether lines are rows, entries or paragraphs of their own rather than prose broken at a width."""
    ended = sum(1 for _, b in lines if text[b - 1] in '.!?:;|)…”"' or b - lines[0][0] == 0)
    marked = sum(1 for a, _ in lines if text[a] in "-*+•|>" or text[a].isdigit())
    return max(ended, marked) >= len(lines) / 2


def _joined(pieces: Iterator[Span]) -> Iterator[Span]:
    """Neighbours together, as long as they stay short enough."""
    held: Span | None = None
    for begins, ends in pieces:
        if held and ends - held[0] <= LONGEST:
            held = (held[0], ends)
            continue
        if held:
            yield held
        held = (begins, ends)
    if held:
        yield held
