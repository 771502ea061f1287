"""Which part of a message is about which use case: "claims: 6.2 minutes; UC-0007 same; wrap-up 3% wrong"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workflows.words.known_titles import Known, fitting, said_whole

_ID = re.compile(r"\bUC-?0*(\d{1,6})\b", re.IGNORECASE)
_PIECE = re.compile(r"\s*(?:\n|;|•|\.(?=\s+[A-Z<]))\s*")
_FIRST_NUMBER = re.compile(r"\d")
_AT_LEAST = 0.3


def by_use_case(text: str, titles: Sequence[Known]) -> dict[str, str]:
    """The words about each use case by its id; under the empty id, words that name none.

    Where only one use case is known, everything is about it. A piece that names none goes on with the last.
    """
    if len(titles) == 1:
        return {titles[0].id: text}
    found: dict[str, str] = {}
    current = ""
    for piece in _PIECE.split(text):
        if not piece.strip():
            continue
        named, rest = _named(piece, titles)
        current = named or current
        found[current] = f"{found[current]}\n{rest}" if current in found else rest
    return found


def _named(piece: str, titles: Sequence[Known]) -> tuple[str, str]:
    """The use case that a piece names, and the piece without its name."""
    for m in _ID.finditer(piece):
        id = f"UC-{int(m[1]):04d}"
        if any(t.id == id for t in titles):
            return id, f"{piece[: m.start()]} {piece[m.end() :]}".strip(" :,-–—")
    whole = said_whole(piece, titles)
    if len(whole) == 1:
        spot = re.search(re.escape(whole[0].title), piece, re.IGNORECASE)
        rest = f"{piece[: spot.start()]} {piece[spot.end() :]}" if spot else piece
        return whole[0].id, rest.strip(" :,-–—")
    head, colon, rest = piece.partition(":")
    if not colon or _FIRST_NUMBER.search(head):
        first = _FIRST_NUMBER.search(piece)
        head, rest = (piece[: first.start()], piece) if first else (piece, piece)
    words = re.findall(r"[^\W\d_]+", head)
    fits = fitting(words, titles)
    if fits and fits[0].whole >= _AT_LEAST and (len(fits) == 1 or fits[0].whole > fits[1].whole):
        return fits[0].known.id, rest.strip()
    return "", piece
