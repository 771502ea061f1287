"""Numbers of a week in plain words: "minutes are down to 6.2, 3% wrong, 34 of 40 used it"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.figures.catalogue import Shape
from workflows.words.figure_words import (
    ABOUT,
    AND,
    ANSWERED,
    ANSWERS,
    ASK,
    CALENDAR,
    CALENDAR_BEFORE,
    EMPTY,
    HALF,
    MONEY_BEFORE,
    MOVED,
    NONE,
    OF,
    OF_SAID,
    OFF,
    ONLY_ARROW,
    PAST,
    PERCENT,
    SAME,
    SPLIT,
    TIMES,
    UNITS,
    UNKNOWN,
    WAS_AFTER,
)
from workflows.words.known_titles import stem
from workflows.words.numbers import Figure
from workflows.words.numbers import figures as numbers_in

_READ = 1500
_WORD = re.compile(r"[^\W\d_]+")
_EXPONENT = re.compile(r"[-+]?\d{1,30}(?:[.,]\d{1,30})?[eE][-+]?\d{1,3}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """A figure that may be told, with the words by which it is known."""

    figure: str
    shape: Shape
    words: tuple[str, ...]
    unit: str = ""
    last: float | None = None
    last_of: float | None = None


@dataclass(frozen=True)
class Given:
    """One number that was read. ``sure`` is false where it was guessed which figure it is."""

    figure: str
    value: float
    of: float | None = None
    sure: bool = True
    note: str = ""
    needs_whole: bool = False
    """A share was given per cent, and of how many is not known."""


@dataclass(frozen=True)
class Reading:
    """What the words say."""

    given: tuple[Given, ...] = ()
    same: bool = False
    """Whatever they do not name is as it was."""
    unknown: bool = False
    """They do not know."""
    ask: str = ""
    """Whom to ask instead, in their words."""
    off: bool = False
    """It is switched off, or nobody uses it any more."""
    unread: tuple[str, ...] = ()
    """Parts with a number that fits no figure."""

    @property
    def says_something(self) -> bool:
        """Whether there is anything to go by."""
        return bool(self.given or self.same or self.unknown or self.ask or self.off)


@dataclass(frozen=True)
class _Part:
    """A number with the words that belong to it."""

    number: Figure
    of: Figure | None
    text: str
    after: str
    percent: bool
    money: bool
    answers: bool = False


def read_figures(text: str, asked: Sequence[Asked]) -> Reading:
    """What the words say of these figures. Never fails; what cannot be placed is in ``unread``."""
    text = text[:_READ].replace("’", "'").replace("\u00a0", " ")
    asking = ASK.search(text)
    who = (asking["who"] or asking["knows"] or "") if asking else ""
    # A mention is not a name for a figure, and its id no number.
    plain = re.sub(r"<@\w+>", " ", text)
    given: list[Given] = []
    unread: list[str] = []
    for clause in _clauses(plain):
        for found in _read(clause, asked):
            if found is None:
                unread.append(clause.strip())
            elif all(g.figure != found.figure for g in given):
                given.append(found)
            else:
                given = [_better(g, found) if g.figure == found.figure else g for g in given]
    return Reading(
        given=tuple(given),
        same=bool(SAME.search(plain)),
        unknown=bool(UNKNOWN.search(plain)) and not given,
        ask=who if not given else "",
        off=bool(OFF.search(plain)) and not given,
        unread=tuple(dict.fromkeys(unread)),
    )


def read_figure(text: str, asked: Asked) -> Given | None:
    """The number in one field of a form or a cell, for that figure; ``None`` where there is none."""
    text = _without_exponent(text)
    parts = [p for clause in _clauses(text[:_READ]) for p in _parts(clause)]
    part = next(iter(parts), None)
    if part is None:
        none = re.fullmatch(r"\s*(?:none|no|zero|nothing|nobody)\s*[.!]?\s*", text, re.IGNORECASE)
        return (
            Given(asked.figure, 0.0, of=asked.last_of if asked.shape == "share" else None) if none else None
        )
    if asked.shape == "share" and part.of is None and not part.percent and len(parts) == 2:
        part = replace(part, of=parts[1].number)
    return replace(_as(asked, part, text), sure=True)


def _without_exponent(text: str) -> str:
    """``1.2E+06``, as spreadsheets write large numbers, with all its digits."""
    said = _EXPONENT.fullmatch(text[:_READ].strip())
    return f"{Decimal(said[0].replace(',', '.')):f}" if said else text


def _better(one: Given, other: Given) -> Given:
    return other if other.sure and not one.sure else one


def _clauses(text: str) -> list[str]:
    pieces = [p for p in SPLIT.split(text) if p and p.strip()]
    found: list[str] = []
    for piece in pieces:
        halves = AND.split(piece)
        if all(numbers_in(h) or NONE.search(h) for h in halves):
            found += halves
        else:
            found.append(piece)
    return found


def _parts(clause: str) -> list[_Part]:
    """The numbers of a clause that say how it is now, each with the words around it."""
    numbers = [n for n in numbers_in(_apart(clause)) if not _is_calendar(clause, n)]
    joined: list[tuple[Figure, Figure | None, bool]] = []
    for number in numbers:
        gap = clause[joined[-1][0].end : number.start] if joined else ""
        if joined and joined[-1][1] is None and OF.match(gap):
            joined[-1] = (joined[-1][0], number, False)
        elif joined and joined[-1][1] is None and ANSWERS.match(gap) and ANSWERED.match(clause[number.end :]):
            joined[-1] = (joined[-1][0], number, True)
        else:
            joined.append((number, None, False))
    now = [j for j in joined if not _is_past(clause, j[0])] or joined[-1:]
    first_leads = bool(now) and not _WORD.search(clause[: now[0][0].start])
    parts = []
    for i, (number, of, answers) in enumerate(now):
        end = (of or number).end
        start = 0 if i == 0 else (now[i - 1][1] or now[i - 1][0]).end
        stop = now[i + 1][0].start if i + 1 < len(now) else len(clause)
        if len(now) == 1:
            own = f"{clause[: number.start]} {clause[end:]}"
        else:
            own = clause[end:stop] if first_leads else clause[start : number.start]
        after = clause[number.end :]
        parts.append(
            _Part(
                number,
                of,
                own,
                after,
                bool(PERCENT.match(after)),
                bool(UNITS["money"].match(after) or MONEY_BEFORE.search(clause[: number.start])),
                answers,
            )
        )
    return parts


def _apart(clause: str) -> str:
    """ "from 6 to 5" and "34/40" are two numbers each, and no range or date."""
    clause = re.sub(r"(\d)(\s*(?:->|→|=>)\s*)(?=\d)", lambda m: m[1] + "·" * len(m[2]), clause)
    clause = OF_SAID.sub(lambda m: "·" * len(m[0]), clause)
    return re.sub(r"(?<=\d)/(?=\d)", " ", clause)


def _is_calendar(clause: str, number: Figure) -> bool:
    return bool(CALENDAR.match(clause[number.end :]) or CALENDAR_BEFORE.search(clause[: number.start]))


def _is_past(clause: str, number: Figure) -> bool:
    before = clause[: number.start]
    if ONLY_ARROW.search(before):
        return False
    return bool(PAST.search(before) or WAS_AFTER.match(clause[number.end :]))


def _read(clause: str, asked: Sequence[Asked]) -> list[Given | None]:
    parts = _parts(clause)
    if not parts or (len(parts) == 1 and HALF.match(clause, parts[0].number.start)):
        return _without_a_number(clause, asked)
    found: list[Given | None] = []
    taken: set[str] = set()
    for part in parts:
        left = [a for a in asked if a.figure not in taken]
        named = _named(part.text, left) or (_named(clause, left) if len(parts) == 1 else None)
        one = _as(named, part, clause) if named else _guessed(part, left, clause)
        if one is not None:
            taken.add(one.figure)
        found.append(one)
    return found


def _without_a_number(clause: str, asked: Sequence[Asked]) -> list[Given | None]:
    """ "no complaints", "half of them used it"."""
    none = NONE.search(clause)
    if none:
        named = _named(none["what"], asked)
        if named:
            return [Given(named.figure, 0.0, of=named.last_of if named.shape == "share" else None)]
    half = HALF.search(clause)
    named = _named(clause, asked) if half else None
    if half and named and named.shape == "share" and named.last_of:
        share = 0.5 if half["half"] else 1.0
        return [Given(named.figure, round(share * named.last_of), of=named.last_of, sure=False, note=half[0])]
    return []


def _named(text: str, asked: Sequence[Asked]) -> Asked | None:
    """The figure whose words stand in the text; words that several share count less."""
    said = {stem(w) for w in _WORD.findall(text.casefold())} - EMPTY
    if not said:
        return None
    stems = {a.figure: _stems(a) for a in asked}
    shared = Counter(s for own in stems.values() for s in own)
    scored = sorted(
        ((sum(1 / shared[s] for s in said & stems[a.figure]), -i) for i, a in enumerate(asked)), reverse=True
    )
    if not scored or scored[0][0] <= 0:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return None
    return asked[-scored[0][1]]


def _stems(asked: Asked) -> set[str]:
    return {stem(w) for words in (*asked.words, asked.unit) for w in _WORD.findall(words.casefold())} - EMPTY


def _guessed(part: _Part, asked: Sequence[Asked], clause: str) -> Given | None:
    """Which figure a number without a name can only be, by its unit and shape."""
    for unit, pattern in UNITS.items():
        if pattern.match(part.after) or (unit == "money" and part.money):
            fits = [a for a in asked if _fits(a, unit)]
            if len(fits) == 1:
                return _as(fits[0], part, clause)
    if part.percent:
        fits = [a for a in asked if a.unit == "%"]
        if not fits:
            return None
        nearest = min(fits, key=lambda a: abs((a.last or 0.0) - part.number.value))
        return replace(_as(nearest, part, clause), sure=len(fits) == 1)
    if part.of is not None:
        fits = [a for a in asked if a.shape == "share"]
        same = [a for a in fits if a.last_of == part.of.value]
        best = same if len(same) == 1 else fits[:1]
        return replace(_as(best[0], part, clause), sure=len(same) == 1) if best else None
    if len(_WORD.findall(ABOUT.sub(" ", clause))) > 6:
        return None
    own = next((a for a in asked if a.figure == "outcome"), asked[0] if len(asked) == 1 else None)
    if own is None:
        return None
    near = own.last is not None and own.last > 0 and 0.5 <= part.number.value / own.last <= 2
    return replace(_as(own, part, clause), sure=near)


def _fits(asked: Asked, unit: str) -> bool:
    if unit == "money":
        return asked.shape == "money" or bool(UNITS["money"].match(asked.unit))
    if unit == "stars":
        return asked.figure == "satisfaction"
    kind = _unit_of(asked.unit)
    return kind in TIMES and unit in TIMES


def _unit_of(unit: str) -> str:
    return next((name for name, pattern in UNITS.items() if pattern.match(unit)), "")


def _as(asked: Asked, part: _Part, clause: str) -> Given:
    """The number as one of this figure: in its unit, a share as so many of so many."""
    value, of, sure, note = part.number.value, part.of.value if part.of else None, True, ""
    if ABOUT.search(clause) or part.number.range:
        note = "about"
    if part.percent:
        moved = MOVED.search(part.text) if asked.unit != "%" and asked.shape != "share" else None
        if moved and asked.last is not None:
            change = value if moved["up"] else -value
            value, sure = round(asked.last * (1 + change / 100), 6), False
            note = f"{'+' if change > 0 else ''}{change:g}%"
        elif asked.shape == "share":
            if not asked.last_of:
                return Given(asked.figure, value, of=None, sure=False, note=f"{value:g}%", needs_whole=True)
            note, value, of = f"{value:g}%", float(round(value * asked.last_of / 100)), asked.last_of
    elif of is not None and asked.unit == "%" and asked.shape == "number" and of > 0:
        note, value, of = f"{value:g} of {of:g}", round(100 * value / of, 4), None
    elif asked.shape == "average" and of in (5.0, 10.0) and not part.answers:
        value, of = (value if of == 5 else value / 2), None
    elif asked.shape == "number" and not part.answers:
        of = None
        own, said = _unit_of(asked.unit), next((u for u in TIMES if UNITS[u].match(part.after)), "")
        if own in TIMES and said and said != own:
            note = f"{value:g} {said}"
            value = round(value * TIMES[said] / TIMES[own], 4)
    elif asked.shape == "share" and of is None and asked.last_of:
        of = asked.last_of
    return Given(asked.figure, value, of=of, sure=sure, note=note)
