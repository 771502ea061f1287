"""What part of the portfolio some words mean: *quick wins in claims*, *high-risk ones in pilot*, *mine*."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workflows.ids import TIERS, Frozen
from workflows.program import Program
from workflows.seeing import UNFINISHED
from workflows.words.lanes import ways_of_lane

_MINE = re.compile(r"\b(?:my|mine|our|ours)\b")
_NO_NAMES = re.compile(
    r"\b(?:show|me|list|all|the|in|of|with|for|and|are|is|which|what|use ?cases?|ones|open|from|a|an"
    r"|portfolio|lane|lanes|stage|tier|risk|function|kind|at|to|please|our|my|mine|ours|that|have)\b|[?.,!:]"
)


class PortfolioWords(Frozen):
    """The filters that were named, each by its id; ``rest`` is what may be part of a name."""

    lane: str = ""
    stage: str = ""
    tier: str = ""
    bucket: str = ""
    function: str = ""
    mine: bool = False
    rest: str = ""


def portfolio_words(text: str, program: Program) -> PortfolioWords:
    """The filters in these words. Whatever names none of them is left as part of a name."""
    lower = f" {' '.join(text[:300].casefold().replace('’', chr(39)).split())} "
    found: dict[str, str] = {}
    for name, known in _vocabulary(program).items():
        id, lower = _taken(lower, known)
        found[name] = id
    mine = _MINE.search(lower) is not None
    rest = " ".join(_NO_NAMES.sub(" ", lower).split())
    return PortfolioWords(mine=mine, rest=rest, **found)


def _taken(lower: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """The id whose longest way of saying it is there, and the text without it."""
    ways = sorted(((way, id) for id, all_ways in known.items() for way in all_ways), key=lambda w: -len(w[0]))
    for way, id in ways:
        pattern = rf"(?<!\w){re.escape(way)}(?!\w)"
        if way and way in lower and re.search(pattern, lower):
            return id, re.sub(pattern, " ", lower, count=1)
    return "", lower


def _vocabulary(program: Program) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    inventory = program.inventory
    stages = {s.id: s.label.casefold() for s in program.life_cycle.stages if s.id not in UNFINISHED}
    return {
        "lane": {lane.id: ways_of_lane(lane) for lane in inventory.lanes},
        "tier": {t: (f"{t} risk", f"{t}-risk", f"{t} tier", t) for t in TIERS},
        "stage": {
            id: (label, label.removeprefix("in "), id.replace("_", " ")) for id, label in stages.items()
        },
        "bucket": _options(program, inventory.bucket),
        "function": _options(program, inventory.function),
    }


def _options(program: Program, question: str) -> Mapping[str, tuple[str, ...]]:
    asked = next((q for q in program.intake.questions() if q.id == question), None) if question else None
    if asked is None:
        return {}
    return {c.id: (c.label.casefold(), c.id.replace("_", " ")) for c in asked.choices}
