"""Markdown: the file itself is the text; headings by ``#`` or underlined, code blocks kept whole."""

from __future__ import annotations

import re

from knowledge.front_matter import split
from knowledge.loading import Heading, Loaded, decoded, loads

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NOT_PROSE = re.compile(r"\s*(?:[-*+>|#]|\d+[.)]\s|$)|\s{4}")
_LINK = re.compile(r"!?\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_MARKS = re.compile(r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}")


@loads(".md", ".markdown")
def markdown(data: bytes) -> Loaded:
    """Read a Markdown file."""
    text = decoded(data)
    about, body = split(text)
    headings: list[Heading] = []
    solid: list[tuple[int, int]] = []
    fence, fence_begins = "", 0
    before, before_begins = "", 0
    position = body
    for line in text[body:].splitlines(keepends=True):
        begins, position = position, position + len(line)
        bare = line.rstrip("\r\n")
        opened = _FENCE.match(bare)
        if fence:
            if opened and opened.group(1).startswith(fence) and not bare.strip(" `~"):
                solid.append((fence_begins, position))
                fence = ""
            continue
        if opened:
            fence, fence_begins, before = opened.group(1), begins, ""
            continue
        atx = _ATX.match(bare)
        underline = _UNDERLINE.match(bare) if before else None
        if atx:
            headings.append(Heading(len(atx.group(1)), plain(atx.group(2) or ""), begins, position))
        elif underline:
            level = 1 if underline.group(1).startswith("=") else 2
            headings.append(Heading(level, plain(before), before_begins, position))
        prose = not (atx or underline or _NOT_PROSE.match(bare))
        # A paragraph of two lines with dashes below is a rule under prose, not a heading of two lines.
        before, before_begins = (bare, begins) if prose and not before else ("", begins)
    if fence:
        solid.append((fence_begins, position))
    return Loaded(text, tuple(h for h in headings if h.title), body, about=about, solid=tuple(solid))


def plain(markdown_: str) -> str:
    """The words of a stretch of Markdown without the marks around them."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", markdown_)).split())
