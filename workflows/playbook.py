"""What a Markdown document of the playbook holds, section by section, so that the program can refer to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_LINK = re.compile(r"!?\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_MARKS = re.compile(r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}")
_BLANK = re.compile(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+")


# Many questions refer to one document: each text is gone through once.
@lru_cache(maxsize=256)
def sections(text: str) -> Mapping[str, str]:
    """The text under each heading, as far as the next one; what stands before the first is under ``""``.

    Front matter is passed over, and what looks like a heading within a block of code is none.
    """
    found: dict[str, list[str]] = {"": []}
    here = found[""]
    fence = ""
    for line in _body(text.removeprefix("\ufeff").splitlines()):
        opened = _FENCE.match(line)
        heading = None if fence or opened else _HEADING.match(line)
        if heading:
            here = found.setdefault(_plain(heading[1]), [])
        elif not fence and _UNDERLINE.match(line) and _alone(here):
            here = found.setdefault(_plain(here.pop()), [])
        else:
            here.append(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def paragraph(text: str, begins: str = "") -> str:
    """The first paragraph of a section, or the one that begins with these words; empty if there is none.

    It is as it stands in the text, line ends included.
    """
    wanted = " ".join(begins.split())
    said = (p for p in _BLANK.split(text.strip()))
    return next((p for p in said if " ".join(p.split()).startswith(wanted)), "")


def _body(lines: list[str]) -> list[str]:
    if not lines or lines[0].rstrip() != "---":
        return lines
    ends = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    return lines if ends is None else lines[ends + 1 :]


def _alone(lines: list[str]) -> bool:
    """Whether the last line is a paragraph of its own, so that dashes below make a heading of it."""
    return bool(lines and lines[-1].strip()) and not (len(lines) > 1 and lines[-2].strip())


def _plain(heading: str) -> str:
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", heading)).split())
