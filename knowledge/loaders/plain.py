"""Plain text: the file itself; headings are the short lines above paragraphs, underlined or in capitals."""

from __future__ import annotations

import re

from knowledge.front_matter import split
from knowledge.loading import Heading, Loaded, decoded, loads

_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*$")
_LONGEST_HEADING = 90
_SHORTEST_PARAGRAPH = 100


@loads(".txt", ".text", version=2)
def plain_text(data: bytes) -> Loaded:
    """Read a text file."""
    text = decoded(data)
    about, body = split(text)
    return Loaded(text, tuple(headings(text, body)), body, about=about)


def headings(text: str, body: int = 0) -> list[Heading]:
    """The lines of a plain text that stand above others as their heading."""
    lines: list[tuple[int, str]] = []
    position = body
    for line in text[body:].splitlines(keepends=True):
        if line.strip():
            lines.append((position, line))
        position += len(line)
    found: list[Heading] = []
    above = False
    for number, (begins, line) in enumerate(lines):
        words = line.strip()
        after = [said.strip() for _, said in lines[number + 1 : number + 3]]
        if not after:
            break
        underline = _UNDERLINE.match(after[0])
        if underline and len(words) <= _LONGEST_HEADING:
            ends = lines[number + 1][0] + len(lines[number + 1][1])
            found.append(Heading(1 if underline.group(1)[0] == "=" else 2, words, begins, ends))
            above = True
        elif _stands_above(words, after) or (number == 0 and _is_title(words, after[0])):
            found.append(Heading(2 if above else 1, words, begins, begins + len(line)))
            above = True
        else:
            above = False
    return found


def _stands_above(words: str, after: list[str]) -> bool:
    if not _like_a_heading(words):
        return False
    if len(after[0]) >= _SHORTEST_PARAGRAPH:
        return True
    # Two headings in a row: one of a part, one of its first section.
    return len(after) > 1 and _like_a_heading(after[0]) and len(after[1]) >= _SHORTEST_PARAGRAPH


def _is_title(words: str, after: str) -> bool:
    """A first line that is no sentence, above a line that is one and longer."""
    return _like_a_heading(words) and " " in words and after[-1] in ".!?" and len(after) > len(words)


def _like_a_heading(words: str) -> bool:
    return (
        len(words) <= _LONGEST_HEADING
        and words[-1] not in ".!;,:"
        and words[0] not in "-*•–>|#\"'“("
        and (words[0].isupper() or words[0].isdigit())
        and any(c.isalpha() for c in words)
    )
