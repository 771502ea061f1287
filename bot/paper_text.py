"""Text made ready for paper: what no font has becomes a box, and text from right to left reads that way."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection

BOX = "\u25a1"
"""Stands for a character that cannot be shown."""

_RIGHT = {"R", "AL"}
_NUMBER = {"EN", "AN"}
_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")


class Coverage:
    """Replaces what a font cannot show and remembers what that was."""

    def __init__(self, known: Collection[int]) -> None:
        self._known = known
        self.missing: dict[str, int] = {}
        """Character -> how often."""

    def shown(self, text: str) -> str:
        """The text with a box for each character that the font does not have; unseen ones are dropped."""
        return "".join(map(self._one, text))

    def _one(self, character: str) -> str:
        if character in "\t\n\r" or unicodedata.category(character) == "Zs":
            return " "
        if unicodedata.category(character) in ("Cc", "Cf", "Cs"):
            return ""
        if ord(character) in self._known:
            return character
        self.missing[character] = self.missing.get(character, 0) + 1
        return BOX


def has_right_to_left(text: str) -> bool:
    """Whether any of it is written from right to left."""
    return any(unicodedata.bidirectional(c) in _RIGHT for c in text)


def visual(line: str) -> str:
    """One line in the order in which its characters stand on paper, from left to right.

    Runs in one direction are kept together and numbers stay as they are: enough to read names and sentences
    by, though not the whole of Unicode's algorithm; Arabic letters stand apart instead of being joined.
    """
    first = next((d for c in line if (d := unicodedata.bidirectional(c)) in _RIGHT | {"L"}), "L")
    runs = _runs(line, first in _RIGHT)
    if first in _RIGHT:
        runs.reverse()
    return "".join(text[::-1].translate(_MIRROR) if right else text for right, text in runs)


def in_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines that are no wider than ``width``, each in the order in which it stands on paper."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and measure(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [visual(found) for found in (*lines, line)]


def _runs(line: str, right: bool) -> list[tuple[bool, str]]:
    """(from right to left?, text) in reading order; neutral signs join their neighbours."""
    found: list[tuple[bool, str]] = []
    for index, character in enumerate(line):
        kind = unicodedata.bidirectional(character)
        if kind in _RIGHT:
            goes = True
        elif kind == "L" or kind in _NUMBER:
            goes = False
        else:
            goes = _between(line, index, found[-1][0] if found else right, right)
        if found and found[-1][0] == goes:
            found[-1] = (goes, found[-1][1] + character)
        else:
            found.append((goes, character))
    return found


def _between(line: str, index: int, before: bool, right: bool) -> bool:
    """The direction of a space or sign: that of both its neighbours, else of the line."""
    for character in line[index + 1 :]:
        kind = unicodedata.bidirectional(character)
        if kind in _RIGHT | {"L"} | _NUMBER:
            after = kind in _RIGHT
            return before if before == after else right
    return right
