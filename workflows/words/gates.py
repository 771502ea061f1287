"""Words about gates and moves: whether something is ready, what is missing, and where it shall go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from workflows.ids import Frozen
from workflows.words.live import content_words, marked_in, spoken_in


class GateWording(Frozen):
    """What is asked or ordered, and the words that may name a use case."""

    kind: Literal["ready", "promote", "move", "back"]
    """``promote``: to the next gate, whichever it is; ``back``: to where it came from."""
    gate: str = ""
    to: str = ""
    """The stage that it shall go to."""
    rest: tuple[str, ...] = ()
    marked: str = ""
    points: bool = False
    """Says "we", "it", or "what is missing?" and not a word more: whatever was spoken of, or one's own."""
    sure: bool = True
    """Only words about the present state are like this; otherwise a gate or a use case must be named."""


_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|so|and|now|please|pls|preflight|can you|could you|would you|will you|let's"
    r"|let us|i want to|i would like to|i'd like to|we want to|we would like to|we'd like to)[,:]?\s+)+"
)
_READY = re.compile(
    r"^(?:are|is|am|was)\b.{0,160}\bready\b|^(?:how|when)(?: are| is|ever)?\b.{0,30}\bready\b.{0,160}"
    r"|^readiness\b|^show (?:me )?(?:the )?readiness\b"
)
_MISSING = re.compile(
    r"^(?:what(?:'s|s)?(?: is| are| do we| does it| else| exactly)?|is (?:there )?anything|anything"
    r"|which items?)\b"
    r".{0,40}\b(?:missing|lacking|still open|left to do|still (?:to do|needed|need|needs|lack|lacks))\b"
)
_PROMOTE = re.compile(r"^promote\b")
_POINTS = re.compile(r"\b(?:we|it|this|that|ours?|my|mine|i|us)\b")
_SAYING_NOTHING = """
ready what's whats missing lacking open left do needed need needs lack lacks else exactly still yet
readiness show how items item promote move moved moving put set bring take because since go back again
"""
_SAID = frozenset(_SAYING_NOTHING.split())
_REASON = re.compile(r"\s*(?:,\s*)?\b(?:because|since|as)\b\s+(.*)$|\s*:\s+(.*)$", re.DOTALL)


def read_gate_words(
    text: str,
    gates: Mapping[str, tuple[str, ...]],
    stages: Mapping[str, tuple[str, ...]],
    back: tuple[str, ...] = (),
) -> GateWording | None:
    """What the words ask of a gate or a stage, or ``None``.

    ``gates`` are the words that each is known by, ``stages`` those with which people ask to move something
    there ("pause"), ``back`` those for taking it up again.
    """
    said = " ".join(text[:400].split()).replace("’", "'")
    lower = _POLITE.sub("", said.casefold()).strip()
    asks = lower.rstrip(" ?!.")
    if _READY.search(asks) or _MISSING.search(asks):
        gate, spoken = _named(asks, gates)
        asked = _wording("ready", said, asks, spoken, gate=gate)
        bare = bool(_MISSING.search(asks)) and not asked.rest
        return asked.model_copy(update={"points": asked.points or bare})
    if _PROMOTE.search(asks):
        return _wording("promote", said, asks, ())
    if lower.endswith("?"):
        return None
    order = _REASON.sub("", asks)
    for id, words in stages.items():
        begun = _begins(order, words)
        if begun:
            return _wording("move", said, order, (begun,), to=id)
    begun = _begins(order, back)
    return _wording("back", said, order, (begun,)) if begun else None


def reason_in(text: str) -> str:
    """What follows "because", as it was written; empty where nothing does."""
    found = _REASON.search(" ".join(text.split()))
    return next((part.strip() for part in found.groups() if part), "") if found else ""


def _wording(
    kind: Literal["ready", "promote", "move", "back"],
    said: str,
    lower: str,
    spoken: tuple[str, ...],
    gate: str = "",
    to: str = "",
) -> GateWording:
    gone = _SAID | {w for phrase in spoken for w in phrase.split()}
    rest = tuple(w for w in content_words(lower) if w not in gone)
    points = bool(_POINTS.search(lower))
    return GateWording(
        kind=kind, gate=gate, to=to, rest=rest, marked=marked_in(said), points=points, sure=bool(gate)
    )


def _named(lower: str, gates: Mapping[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """The gate whose longest word is said, and the words of it that are."""
    found = {id: spoken_in(lower, words) for id, words in gates.items()}
    best = max(found, key=lambda id: len(found[id][0]) if found[id] else 0, default="")
    return (best, found[best]) if best and found[best] else ("", ())


def _begins(order: str, words: tuple[str, ...]) -> str:
    """The longest of the phrases that the order begins with."""
    fits = [w for w in words if re.match(rf"{re.escape(w.casefold())}\b", order)]
    return max(fits, key=len, default="")
