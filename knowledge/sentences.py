"""Where sentences begin and end: prose by its full stops, lists and tables line by line."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…][\"'”’)\]*_]*(?=\s)")
_LINE = re.compile(r"[^\r\n]+")
_LISTED = re.compile(r"\s*(?:[-*+•–][ \t]+|\d{1,3}[.)][ \t]+|>[ \t]?|\|)")
_RULE = re.compile(r"[\s|:=*_-]+$")
_NOT_THE_END = re.compile(
    r"(?:^|[\s(\"'“])(?:e\.g|i\.e|cf|etc|vs|approx|no|nos|fig|figs|sec|art|vol|pp?|ca|resp|incl|dr|mr|mrs|ms|"
    r"prof|st|sr|jr|inc|ltd|co|u\.s|u\.k|[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST = 700


def sentences(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    """The sentences of a stretch of ``text`` as (begin, end), in order, without white space around them.

    What has no full stop for 700 characters is cut between words.
    """
    found: list[tuple[int, int]] = []
    for block_begins, block_ends in _blocks(text, begins, ends):
        for start, end in _of_prose(text, block_begins, block_ends):
            found.extend(_cut(text, start, end))
    return found


def trimmed(text: str, begins: int, ends: int) -> tuple[int, int]:
    """The same stretch without white space at its ends."""
    while begins < ends and text[begins].isspace():
        begins += 1
    while begins < ends and text[ends - 1].isspace():
        ends -= 1
    return begins, ends


def _blocks(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    """Runs of lines that are read as one: paragraphs, and each entry of a list, each row of a table."""
    blocks: list[tuple[int, int]] = []
    previous_end = -1
    for line in _LINE.finditer(text, begins, ends):
        if not line.group().strip() or _RULE.match(line.group()):
            previous_end = -1
            continue
        listed = _LISTED.match(line.group())
        goes_on = previous_end >= 0 and not listed and text.count("\n", previous_end, line.start()) < 2
        if goes_on:
            blocks[-1] = (blocks[-1][0], line.end())
        else:
            mark = listed.end() if listed and listed.end() < len(line.group()) else 0
            blocks.append((line.start() + mark, line.end()))
        previous_end = line.end()
    return [b for b in (trimmed(text, *block) for block in blocks) if b[0] < b[1]]


def _of_prose(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = begins
    for stop in _END.finditer(text, begins, ends):
        after = stop.end()
        while after < ends and text[after].isspace():
            after += 1
        if after >= ends:
            break
        first = text[after : after + 4].lstrip("\"'“‘([*_`")[:1]
        if first.islower() or not first:
            continue
        if stop.group().startswith(".") and _NOT_THE_END.search(
            text[max(start, stop.start() - 12) : stop.start() + 1]
        ):
            continue
        found.append((start, stop.end()))
        start = after
    found.append((start, ends))
    return found


def _cut(text: str, begins: int, ends: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while ends - begins > _LONGEST:
        space = text.rfind(" ", begins + _LONGEST // 2, begins + _LONGEST)
        at = space if space > 0 else begins + _LONGEST
        found.append(trimmed(text, begins, at))
        begins = trimmed(text, at, ends)[0]
    if begins < ends:
        found.append((begins, ends))
    return found
