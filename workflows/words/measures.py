"""A measurable outcome in one sentence: "after call work, 9 min now, 5 would be great, by end of June"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rapidfuzz import fuzz, process

from workflows.words.calendar_words import FoundDate, NoSuchDate, find_date
from workflows.words.numbers import Figure, figures
from workflows.words.reading import core, one_line

_LONG, _ALIKE = 6, 90
"""From how many letters, and how alike (0 to 100), a word counts as a vague one mistyped."""

_UNITS = {
    "minutes": r"min(?:ute)?s?\.?|mins", "seconds": r"sec(?:ond)?s?\.?", "hours": r"h(?:ou)?rs?\.?|h",
    "days": r"(?:working |business )?days?", "weeks": r"weeks?", "months": r"months?",
    "%": r"%|per ?cent|percent|pct|percentage points?", "points": r"points?|pts|stars?",
    "EUR": r"€|eur|euros?", "USD": r"\$|usd|dollars?", "GBP": r"£|gbp|pounds?", "CHF": r"chf|francs?",
}  # fmt: skip
_UNIT = re.compile(
    r"\s*(?:" + "|".join(f"(?P<u{i}>(?:{p})(?![a-z]))" for i, p in enumerate(_UNITS.values())) + ")", re.I
)
_UNIT_NAMES = tuple(_UNITS)
_NOW = (
    r"\b(?:now|today|currently|current(?:ly)?|at (?:the moment|present)|right now|these days|as of today"
    r"|baseline|so far|nowadays|was|were|used to be|it takes|takes|have)\b"
)
_WANT = (
    r"\b(?:would be (?:great|good|nice|fine|ideal|enough|perfect|ok(?:ay)?)|target|goal|aim(?:ing)?(?: for)?"
    r"|should (?:be|get|drop|fall|rise|go)"
    r"|want|wish|hope(?:fully)?|like|ideal(?:ly)?|down to|up to|to get to|reach(?:es)?|at (?:least|most)"
    r"|below|under|above|over|no more than"
    r"|less than|more than|within|great)\b"
)
_BY_SHARE = re.compile(
    r"\b(?P<verb>cut(?:ting)?|reduc(?:e|es|ing|tion)|lower(?:ing)?|drop(?:s|ping)?|decreas(?:e|ing)|sav(?:e"
    r"|ing)|shorten(?:ing)?"
    r"|halv(?:e|ing)|rais(?:e|ing)|increas(?:e|ing)|improv(?:e|ing)|grow(?:ing)?|boost(?:ing)?|lift(?:ing)?"
    r"|less|fewer|more|faster|down|up"
    r"|doubl(?:e|ing)|half the)\b",
    re.IGNORECASE,
)
_UPWARD = ("rais", "increas", "improv", "grow", "boost", "lift", "more", "up", "doubl")
_BETWEEN = re.compile(
    r"^\s*(?:\w+\s+){0,2}?(?:->|→|=>|to|down to|up to|into)\s*(?:about |around |maybe |roughly |~)?$",
    re.IGNORECASE,
)
_DATE_LEAD = re.compile(
    r"(?:(?:,\s*)?\b(?:by|until|till|before|in|from|as of|no later than|latest|at the latest|within|on"
    r"|not later than|around|for)"
    r"(?:\s+the)?\s*)+$",
    re.IGNORECASE,
)


_READ = 500
"""Characters in which an aim is looked for; whoever needs more is telling a story."""
_TODAY = re.compile(r"\b(?:today|tonight|yesterday|this (?:week|month|quarter|year)|now)\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:instead of|rather than|not)\s+(?:the\s+|today's\s+|about\s+)*$", re.IGNORECASE)
_SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}


@dataclass(frozen=True)
class Measure:
    """What a sentence says of an outcome. ``change`` is a relative aim in percent: -20 for "cut by 20%"."""

    metric: str = ""
    baseline: float | None = None
    target: float | None = None
    unit: str = ""
    by: date | None = None
    change: float | None = None
    trouble: NoSuchDate | None = None
    """A date in it that cannot be, or may be two."""

    @property
    def measurable(self) -> bool:
        """Whether it can be checked later: a number to reach, or a share to move by."""
        return self.target is not None or self.change is not None


@dataclass(frozen=True)
class _Mark:
    figure: Figure
    unit: str
    end: int


def read_measure(text: str, today: date) -> Measure:
    """The parts found in the text; an empty metric where nothing is named. Never fails."""
    line = one_line(text[:_READ])
    line = re.sub(r"(?<=\d)\s*(?:--?>|=>|→|➜)\s*(?=\d)", " to ", line)
    found, rest = _deadline(line, today)
    marks = [_with_unit(rest, f) for f in figures(_split_ranges(rest))]
    unit = next((m.unit for m in marks if m.unit), "")
    change, spent = _relative(rest, marks)
    marks = [m for m in marks if m is not spent]
    marks = _alike(marks)
    baseline, target = _from_to(rest, marks)
    return Measure(
        metric=_metric(rest, marks, spent),
        baseline=baseline,
        target=target,
        unit=unit if (baseline, target) != (None, None) else ("" if change is not None else unit),
        by=found.day if isinstance(found, FoundDate) else None,
        change=change,
        trouble=found if isinstance(found, NoSuchDate) else None,
    )


def _deadline(line: str, today: date) -> tuple[FoundDate | NoSuchDate | None, str]:
    """The date in the line, and the line without it and the "by" before it."""
    found = find_date(_TODAY.sub(lambda m: "·" * len(m[0]), line), today)
    if found is None:
        return None, line
    before = _DATE_LEAD.sub("", line[: found.start])
    return found, f"{before} , {line[found.end :]}" if line[found.end :].strip() else before


def _split_ranges(line: str) -> str:
    """ "9 to 5 minutes" names two figures here, not a range."""
    return re.sub(r"(\d)\s+(to)\s+(?=\D{0,12}\d)", r"\1 \2 ", line)


def _with_unit(line: str, figure: Figure) -> _Mark:
    m = _UNIT.match(line, figure.end)
    if m:
        index = next(i for i in range(len(_UNIT_NAMES)) if m[f"u{i}"])
        return _Mark(figure, _UNIT_NAMES[index], m.end())
    before = re.search(r"(€|\$|£)\s?$", line[: figure.start])
    return _Mark(figure, {"€": "EUR", "$": "USD", "£": "GBP"}[before[1]] if before else "", figure.end)


def _alike(marks: list[_Mark]) -> list[_Mark]:
    """The figures in one unit of time, the first one's, where "2 hours" and "2 days" are compared."""
    first = next((m.unit for m in marks if m.unit in _SECONDS), "")
    return [
        _Mark(replace(m.figure, value=m.figure.value * _SECONDS[m.unit] / _SECONDS[first]), first, m.end)
        if m.unit in _SECONDS and m.unit != first
        else m
        for m in marks
    ]


def _relative(line: str, marks: list[_Mark]) -> tuple[float | None, _Mark | None]:
    """ "cut by 20%", "20% faster", "halve": a share to move by, and the figure that says it."""
    verb = _BY_SHARE.search(line)
    if not verb:
        return None, None
    up = verb["verb"].lower().startswith(_UPWARD)
    if verb["verb"].lower().startswith("halv") or verb["verb"].lower() == "half the":
        return -50.0, None
    if verb["verb"].lower().startswith("doubl"):
        return 100.0, None
    for mark in marks:
        if mark.unit != "%":
            continue
        before = line[: mark.figure.start]
        by = re.search(
            r"\bby\s+(?:about |around |at least |roughly |some |up to |~)*$", before, re.IGNORECASE
        )
        comparative = re.match(
            r"\s*(?:less|fewer|more|faster|lower|higher|shorter|quicker|reduction)", line[mark.end :], re.I
        )
        direct = re.match(r"\s*(?:of )?(?:about |around |at least )*$", line[verb.end() : mark.figure.start])
        if by or comparative or (direct and not re.search(r"\bto\s+$", before)):
            return (1 if up else -1) * mark.figure.value, mark
    return None, None


def _from_to(line: str, marks: list[_Mark]) -> tuple[float | None, float | None]:
    """Which figure is today's and which is wanted, by the words around them; else by their order."""
    if not marks:
        return None, None
    if len(marks) == 1:
        only = marks[0]
        if only.figure.range is not None and re.search(r"\bto\b", line[only.figure.start : only.figure.end]):
            return only.figure.range
        side = _side(line, marks, 0)
        return (only.figure.value, None) if side == "now" else (None, only.figure.value)
    first, second = marks[0], marks[1]
    if _BETWEEN.match(line[first.end : second.figure.start]):
        return first.figure.value, second.figure.value
    if _INSTEAD.search(line[: second.figure.start]):
        return second.figure.value, first.figure.value
    sides = [_side(line, marks, i) for i in range(len(marks))]
    now = next((m.figure.value for m, s in zip(marks, sides, strict=True) if s == "now"), None)
    want = next((m.figure.value for m, s in zip(marks, sides, strict=True) if s == "want"), None)
    if now is None and want is None:
        return first.figure.value, second.figure.value
    if now is None:
        now = next((m.figure.value for m, s in zip(marks, sides, strict=True) if s == ""), None)
    elif want is None:
        want = next((m.figure.value for m, s in zip(marks, sides, strict=True) if s == ""), None)
    return now, want


def _side(line: str, marks: list[_Mark], index: int) -> str:
    """ "now" or "want", from the words between a figure's neighbours; "" where they say neither."""
    start = marks[index - 1].end if index else 0
    end = marks[index + 1].figure.start if index + 1 < len(marks) else len(line)
    after = re.split(r"[,;.]|\bbut\b|\band\b", line[marks[index].end : end])[0]
    before = re.split(r"[,;.]|\bbut\b|\band\b", line[start : marks[index].figure.start])[-1]
    for part in (after, before):
        if re.search(_NOW, part, re.IGNORECASE):
            return "now"
        if re.search(_WANT, part, re.IGNORECASE):
            return "want"
    if re.search(r"\bfrom\s+$", before, re.IGNORECASE):
        return "now"
    return "want" if re.search(r"\bto\s+(?:about |around |~)?$", before, re.IGNORECASE) else ""


# Both are taken off again and again by ``_named``: a repetition in the pattern itself could take for ever.
_METRIC_LEAD = re.compile(
    r"^(?:(?:it|that|this)\s+(?:should|must|would|will|could|has to|needs to)\s+|be\s+|(?:we|i|it"
    r"|they|the team|our team|agents?)\s+(?:would like|want|need|hope|aim|should|could|can|have"
    r"|wish)\s+"
    r"|to\s+|(?:get|bring|take|move|cut|reduce|reducing|lower|drop|decrease|shorten|raise|increase"
    r"|improve|boost|lift|grow|halve|double|push|keep|have|see|make)"
    r"\s+|the\s+|our\s+|a\s+|an\s+|my\s+|that\s+|this\s+|well\s*,?\s+|so\s*,?\s+|metric\s*(?:is|:)\s*"
    r"|target\s*(?:is|:)?\s*|goal\s*(?:is|:)?\s*"
    r"|at least\s+|at most\s+|less\s+|more\s+|fewer\s+|ideally\s+|maybe\s+|about\s+|i think\s+|down\s+"
    r"|reduction (?:of|in)\s+)",
    re.IGNORECASE,
)
_METRIC_TAIL = re.compile(
    r"(?:[\s,;:.\-–—(]+|\b(?:from|to|by|at|of|is|are|was|were|be|and|or|down|up|should|would|will|takes?|now"
    r"|today|currently|per|it|goes?|go|drops?"
    r"|falls?|rises?|gets?|about|around|below|under|above|over|least|most|than|less|more|within|in|on"
    r"|averag(?:es|ing)|target|goal|get|reach(?:es)?|we|want|have|"
    r"currently at|for|be|the|with|reduced|cut|increased|improved|lowered)\b)$",
    re.IGNORECASE,
)


def _metric(line: str, marks: list[_Mark], spent: _Mark | None) -> str:
    """What is counted: the words before the first figure, or after it where nothing stands before."""
    first = min([*marks, *([spent] if spent else [])], key=lambda m: m.figure.start, default=None)
    before = line[: first.figure.start] if first else line
    named = _named(re.sub(r"[€$£]\s*$", "", before))
    if named or first is None:
        return named
    rest = line[first.end :]
    pieces = [
        _named(re.sub(_WANT + "|" + _NOW, " ", p, flags=re.I)) for p in re.split(r"[,;.]|\d[\d.,]*", rest)
    ]
    return max(pieces, key=len, default="")


def _named(words: str) -> str:
    words = core(words).strip(" ,;:.-–—")
    previous = None
    while previous != words:
        previous = words
        words = _METRIC_TAIL.sub("", _METRIC_LEAD.sub("", words)).strip(" ,;:.-–—")
    if re.fullmatch(r"sav(?:e|ing|ings)", words, re.IGNORECASE):
        return "savings"
    if _UNIT.fullmatch(f" {words}") or re.fullmatch(r"instead|rather|\W*", words, re.IGNORECASE):
        return ""
    return words if re.search(r"[A-Za-z]{2}", words) else ""


_IF = re.compile(
    r"^(?:if|when|whenever|once|as soon as|should)\s+(?P<metric>.+?)(?:,\s*(?:then\s+)?(?:we\s+)?"
    r"|\s+then\s+(?:we\s+)?)(?P<action>.+)$",
    re.I,
)
_ACTION_IF = re.compile(
    r"^(?:we\s+|then\s+)?(?P<action>.+?)\s+(?:if|when|whenever|once|as soon as)\s+(?P<metric>.+)$", re.I
)
_ARROW = re.compile(
    r"^(?P<metric>.+?)\s*(?:->|→|=>|;\s*(?:then\s+)?|:\s+|,?\s+then\s+(?:we\s+)?|\s[-–—]\s|[.]\s+(?:then"
    r"|if .{3,40}?,)\s*(?:we\s+)?)(?P<action>.+)$",
    re.I,
)


def read_metric_action(text: str) -> tuple[str, str]:
    """A metric and what is done when it moves ("if CSAT drops below 4.2, pause it"); the action may be ""."""
    line = one_line(text[:_READ]).rstrip(".")
    for pattern in (_IF, _ARROW, _ACTION_IF):
        m = pattern.match(line)
        if m:
            return m["metric"].strip(" ,;:"), m["action"].strip(" ,;:")
    return line, ""


_COUNTABLE = re.compile(
    r"\b(?:\w*time|minutes?|hours?|days?|rates?|scores?|share|numbers?|counts?|costs?|errors?|volumes?"
    r"|revenue|backlog"
    r"|complaints?|escalations?|per|nps|csat|percent\w*|turnover|savings|mistakes|rework|resolution"
    r"|throughput|duration)\b"
)


def is_vague(text: str, vague: tuple[str, ...]) -> bool:
    """Whether an outcome says nothing measurable: a vague word, no figure, nothing to count."""
    line = one_line(text[:_READ]).lower()
    if figures(line) or re.search(r"\b(?:halv|doubl)", line):
        return False
    rest = line
    for word in vague:
        rest = re.sub(rf"(?<!\w){re.escape(word.lower())}(?!\w)", " ", rest)
    # A slip of the keyboard makes "helpfull" no more measurable.
    single = [w.lower() for w in vague if len(w) >= _LONG and " " not in w]
    for word in re.findall(rf"[a-z]{{{_LONG},}}", rest):
        if process.extractOne(word, single, scorer=fuzz.ratio, score_cutoff=_ALIKE):
            rest = rest.replace(word, " ")
    return rest != line and not _COUNTABLE.search(rest)
