"""Guardrails: the limit in "Wrong summaries above 5%: switch it off", and whether a number crosses it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from workflows.ids import Frozen
from workflows.words.measures import read_metric_action
from workflows.words.numbers import Figure, figures, number_in_words

_READ = 300
_UNITS = {
    "%": r"%|per ?cent\b|pct\b|percentage points?\b", "seconds": r"s\b|secs?\b|seconds?\b",
    "minutes": r"min\b|mins\b|minutes?\b", "hours": r"h\b|hrs?\b|hours?\b",
    "days": r"(?:working |business )?days?\b",
    "EUR": r"€|eur\b|euros?\b", "USD": r"\$|usd\b|dollars?\b", "GBP": r"£|gbp\b|pounds?\b",
    "points": r"points?\b|stars?\b",
}  # fmt: skip
_UNIT = re.compile(r"\s*(?:" + "|".join(f"(?P<u{i}>{p})" for i, p in enumerate(_UNITS.values())) + ")", re.I)
_TIMES = ("seconds", "minutes", "hours", "days")

_CEILING = re.compile(
    r"\b(?:no more than|not more than|at most|at the most|max(?:imum)?(?: of)?|up to|not (?:above|over)|"
    r"(?:never|not) exceed(?:s|ing)?|within|no longer than|no higher than)(?=\s|$)|(?:<=|≤)",
    re.IGNORECASE,
)
"""What a number shall not pass upwards."""
_FLOOR = re.compile(
    r"\b(?:at least|no less than|not less than|no fewer than|min(?:imum)?(?: of)?|not (?:below|under)|"
    r"no lower than)(?=\s|$)|(?:>=|≥)",
    re.IGNORECASE,
)
_MOVES_UP = re.compile(
    r"\b(?:ris(?:e|es|ing)|rose|go(?:es)?|climbs?|gets?|jumps?|grows?|increases?|exceed(?:s|ing)?"
    r"|passes|reach(?:es)?"
    r"|crosses)\b(?:\s+(?:above|over|past|beyond|to|more than))?",
    re.IGNORECASE,
)
_MOVES_DOWN = re.compile(
    r"\b(?:fall(?:s|ing)?|drop(?:s|ping)?|sinks?|decreases?|go(?:es)?|slips?|dips?|declines?)\b"
    r"\s+(?:below|under|to|beneath|less than)",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\b(?:above|over|more than|higher than|greater than|larger than|longer than|slower than|beyond"
    r"|past|exceed\w*)"
    r"(?=\s|$)|>",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"\b(?:below|under|beneath|less than|lower than|fewer than|faster than|shorter than)(?=\s|$)|<",
    re.IGNORECASE,
)
_BY_UP = re.compile(
    r"\b(?:up|ris(?:e|es|ing)|rose|increas(?:e|es|ed|ing)|grow(?:s|n)?|jump(?:s|ed)?|worsens?|more|higher)\b"
    r"\s*(?:by|of)?\s*(?:more than|over|about|at least)?\s*$|\+\s*$",
    re.IGNORECASE,
)
_BY_DOWN = re.compile(
    r"\b(?:down|fall(?:s|en)?|drop(?:s|ped)?|decreas(?:e|es|ed|ing)|sinks?|los(?:e|es|s)|less|lower"
    r"|shrinks?)\b"
    r"\s*(?:by|of)?\s*(?:more than|over|about|at least)?\s*$|[-−–]\s*$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"^\s*(?:more|higher|up|increase|rise|longer|slower)\b", re.IGNORECASE)
_AFTERWARDS_DOWN = re.compile(r"^\s*(?:less|fewer|lower|down|decrease|drop|fall)\b", re.IGNORECASE)
_DOUBLED = re.compile(r"\b(?:doubl(?:e|es|ed)|twice as (?:many|much|high|long))\b", re.IGNORECASE)
_HALVED = re.compile(r"\b(?:halv(?:e|es|ed)|half as (?:many|much|high|long))\b", re.IGNORECASE)
_MOVES: tuple[tuple[re.Pattern[str], Literal["above", "below"], float], ...] = (
    (_DOUBLED, "above", 100.0),
    (_HALVED, "below", 50.0),
)
_ANY = re.compile(
    r"^\s*(?:any|no|zero|a single|one single|the first|even one|not a single)\s+(?P<metric>(?!more"
    r"|less|fewer|longer)\w.*)$",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"\b(?:accura\w*|satisf\w*|csat|nps|precision|recall|quality|coverage|complet\w*|adoption"
    r"|uptime|availab\w*"
    r"|success\w*|correct\w*|retention|agreement|resol(?:ved|ution) rate|first[- ]contact|trust"
    r"|on time|relevance)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(?:wrong\w*|err\w*|mistak\w*|complain\w*|false|miss\w*|drop\w*|discard\w*|reject\w*"
    r"|escalat\w*|overrid\w*"
    r"|cost\w*|spend\w*|time|times|latency|delay\w*|wait\w*|incident\w*|leak\w*|violation\w*"
    r"|bias\w*|hallucinat\w*"
    r"|rework\w*|churn\w*|refund\w*|unread|stale|fail\w*|disput\w*|appeal\w*|return\w*|backlog\w*"
    r"|turnover|invented"
    r"|unhappy|bad|harm\w*|duration)\b",
    re.IGNORECASE,
)
_ONE_IN = re.compile(r"^\s*(?:in|out of|of every|of|per)\s+(?:every\s+)?$", re.IGNORECASE)
_CALENDAR = re.compile(r"^\s*(?:days?|weeks?|months?)\b(?!\s*(?:old|late))", re.IGNORECASE)
_INSIDE = re.compile(r"\b(?:in|per|within|every|over)\s+(?:a\s+|the\s+(?:last\s+)?)?$", re.IGNORECASE)


class Limit(Frozen):
    """A limit; ``relative``: ``value`` is by how many percent it may move from where it began."""

    metric: str
    """What is counted, in the words of the intake; empty where they name only a number."""
    direction: Literal["above", "below"]
    """On which side of ``value`` it is crossed."""
    value: float
    unit: str = ""
    relative: bool = False


def read_limit(text: str) -> Limit | None:
    """The limit that these words name; ``None`` where they name none."""
    line = re.sub(r"\s+", " ", text[:_READ]).strip()
    named = read_metric_action(line)[0] or line
    found = _limit(named)
    return found if found is not None or named == line else _limit(line)


def crossed(limit: Limit, value: float, start: float | None = None) -> bool | None:
    """Whether a number is on the wrong side of its limit.

    ``start`` is the first number that was known, which a relative limit counts from; where it is needed and
    not there, ``None`` comes back.
    """
    edge = edge_of(limit, start)
    if edge is None:
        return None
    return value > edge if limit.direction == "above" else value < edge


def edge_of(limit: Limit, start: float | None) -> float | None:
    """The number at which it is crossed, in the unit of the figure; ``None``: not known yet."""
    if not limit.relative:
        return limit.value
    if start is None:
        return None
    return start * (1 + (limit.value if limit.direction == "above" else -limit.value) / 100)


def in_words(limit: Limit) -> str:
    """``above 5%``, ``below 4.2``, ``up by more than 10%``."""
    number = f"{number_in_words(limit.value)}{'' if limit.unit in ('%', '') else ' '}{limit.unit}"
    if limit.relative:
        return f"{'up' if limit.direction == 'above' else 'down'} by more than {number}"
    return f"{limit.direction} {number}"


def _limit(line: str) -> Limit | None:
    whole = _ANY.match(line)
    if whole and not figures(whole["metric"]):
        return Limit(metric=_metric(whole["metric"]), direction="above", value=0.0)
    numbers = [f for f in figures(line) if not _is_a_span(line, f)]
    if not numbers:
        return _moved(line)
    share = _share(line, numbers)
    figure, value, unit, end = share or _chosen(line, numbers)
    before, after = line[: figure.start], line[end:]
    metric = _metric(before) or _metric(after)
    relative = _relative(before, after, unit, share is not None)
    if relative:
        return Limit(metric=metric, direction=relative, value=value, unit="%", relative=True)
    return Limit(metric=metric, direction=_side(before, after, unit), value=value, unit=unit)


def _is_a_span(line: str, figure: Figure) -> bool:
    """ "in 30 days" says for how long is counted, not how much."""
    return bool(_CALENDAR.match(line[figure.end :]) and _INSIDE.search(line[: figure.start]))


def _moved(line: str) -> Limit | None:
    for pattern, direction, value in _MOVES:
        found = pattern.search(line)
        if found:
            metric = _metric(line[: found.start()]) or _metric(line[found.end() :])
            return Limit(metric=metric, direction=direction, value=value, unit="%", relative=True)
    return None


def _share(line: str, numbers: list[Figure]) -> tuple[Figure, float, str, int] | None:
    """ "one in twenty" as five percent."""
    for first, second in pairwise(numbers):
        if _ONE_IN.match(line[first.end : second.start]) and 0 <= first.value <= second.value != 0:
            unit = _unit(line, second.end)[0]
            if unit not in _TIMES:
                return first, round(100 * first.value / second.value, 4), "%", second.end
    return None


def _chosen(line: str, numbers: list[Figure]) -> tuple[Figure, float, str, int]:
    """The figure that stands next after a word of comparison; else the first with a unit; else the first."""
    marks = [m.end() for p in (_CEILING, _FLOOR, _ABOVE, _BELOW, _MOVES_UP) for m in p.finditer(line)]
    after = [f for f in numbers for m in marks if 0 <= f.start - m <= 12]
    with_unit = [f for f in numbers if _unit(line, f.end)[0]]
    figure = next(iter(after or with_unit or numbers))
    unit, end = _unit(line, figure.end)
    return figure, figure.value, unit or _currency_before(line, figure), end


def _unit(line: str, end: int) -> tuple[str, int]:
    found = _UNIT.match(line, end)
    if found is None:
        return "", end
    name = next(name for i, name in enumerate(_UNITS) if found[f"u{i}"])
    return name, found.end()


def _currency_before(line: str, figure: Figure) -> str:
    found = re.search(r"(€|\$|£)\s?$", line[: figure.start])
    return {"€": "EUR", "$": "USD", "£": "GBP"}[found[1]] if found else ""


def _relative(before: str, after: str, unit: str, share: bool) -> Literal["above", "below", ""]:
    if unit != "%" or share or _MOVES_DOWN.search(before):
        return ""
    if re.search(r"\b(?:to|above|over|than|below|under|beyond)\s*$", before, re.IGNORECASE) and not re.search(
        r"\bby\s+(?:more than|over)\s*$", before, re.IGNORECASE
    ):
        return ""
    if _BY_UP.search(before) or _AFTERWARDS.match(after):
        return "above"
    return "below" if _BY_DOWN.search(before) or _AFTERWARDS_DOWN.match(after) else ""


def _side(before: str, after: str, unit: str) -> Literal["above", "below"]:
    """On which side it is crossed.

    "Answers under 2 seconds" says what is wanted, "rating under 4" what is not: what the metric is decides,
    unless a verb says that it moves there.
    """
    text = f"{before} {after}"
    good, bad = bool(_GOOD.search(text)), bool(_BAD.search(text)) or unit in _TIMES
    if _CEILING.search(before):
        return "above"
    if _FLOOR.search(before):
        return "below"
    if _MOVES_DOWN.search(before):
        return "below"
    if _MOVES_UP.search(before):
        return "above"
    if _BELOW.search(before):
        return "above" if bad and not good else "below"
    if _ABOVE.search(before):
        return "below" if good and not bad else "above"
    return "below" if good and not bad else "above"


_SMALL = re.compile(
    r"(?:^|\s)(?:the|a|an|of|is|are|be|by|to|at|if|when|and|or|than|more|less|up|down|rises?|falls?"
    r"|drops? (?:below|under|to)"
    r"|drops?|falls|sinks?|goes|go|gets?|should|must|stays?|keep|share|per|week|month|day|every|no"
    r"|not|most|least|above|below|over|under"
    r"|exceeds?|climbs?|increases?|within|in|more than|about)(?=\s|$)",
    re.IGNORECASE,
)


def _metric(words: str) -> str:
    """What is counted: the words without those that only compare; empty where nothing is left."""
    shown = words
    for pattern in (_CEILING, _FLOOR, _MOVES_DOWN, _ABOVE, _BELOW):
        shown = pattern.sub(" ", shown)
    left = re.sub(r"\s+", " ", shown)
    ends = re.compile(rf"(?:{_SMALL.pattern}|[\s,;:.()+<>=~≈€$£-])+$", re.IGNORECASE)
    begins = re.compile(
        r"^(?:\s*(?:the|a|an|if|when|of|and|keep|or|per|any|no|week|day|month|in|every)\s+|[\s,;:.()+-])+",
        re.IGNORECASE,
    )
    left = begins.sub("", ends.sub("", left[:200]))
    left = re.sub(
        r"^(?:of|a|an|the|per|week|weeks|day|month|in|every|more|less)$",
        "",
        left.strip(),
        flags=re.IGNORECASE,
    )
    return left.strip() if re.search(r"[A-Za-z]{2}", left) else ""
