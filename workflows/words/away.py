"""When somebody says that they are away, who stands in, what hours they work, or who may decide for them.

Only a message that says this and nothing else counts, so that an idea that happens to mention a holiday
stays an idea.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Literal, NamedTuple

from workflows.availability import Day, Hours
from workflows.words.calendar_words import MONTH_NUMBER, WEEKDAYS, FoundDate, find_date, last_of
from workflows.words.reading import one_line

_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_WHO = r"(?P<who><@[UW][A-Z0-9]+(?:\|[^>]*)?>|@[\w.-]+|[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?|[a-z][\w'’-]+)"
_STANDS = (
    r"(?:stands? in|(?:will|can|is going to) stand in|is standing in|(?:will |is )?cover(?:s|ing)?"
    r"|(?:will )?decides?|takes? over|will take over|is my (?:stand-?in|deputy|cover)|deputi[sz]es)"
)
_STAND_IN = (
    re.compile(rf"[\s,;.–-]*(?:\band\b|\bwhile\b|\bmeanwhile\b)?\s*{_WHO} {_STANDS}"
               r"(?: (?:for|instead of) me)?(?: meanwhile| then| while i(?:'m| am) away)?[\s.!]*$"),
    re.compile(rf"[\s,;.–-]*(?:\band\b|\bwith\b)?\s*(?:my )?(?:stand-?in|deputy|cover(?:ed by)?)"
               rf"(?: is|:)?\s+{_WHO}[\s.!]*$", re.IGNORECASE),
    re.compile(rf"[\s,;.–-]*\b(?:ask|with)\s+{_WHO}(?: (?:instead|meanwhile|as (?:my )?stand-?in"
               r"|standing in(?: for me)?))[\s.!]*$"),
)  # fmt: skip
_AWAY = re.compile(
    r"^(?:(?:hi|hello|hey|ok|fyi|note|please note)[\s,:!-]+)?"
    r"(?:(?:i(?:['’]m| am|['’]ll be| will be| shall be)(?: going)?|(?:set|mark) me(?: as)?|i go)\s+)?"
    r"(?:away|on (?:holidays?|vacation|(?:parental |sick |annual )?leave|pto)|out(?: of (?:the )?office)?"
    r"|ooo|off(?: work)?|not (?:in|available|here|working|there)|unavailable|sick|absent)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^(?:i(?:['’]m| am) )?back(?: (?:again|now|at work|from (?:holidays?|vacation|leave)|early))*[\s.!]*$"
    r"|^i(?:['’]m| am) (?:not|no longer) away(?: any ?more)?[\s.!]*$",
    re.IGNORECASE,
)
_STANDING = re.compile(
    rf"^(?:let {_WHO} (?:always )?decide|{_WHO.replace('who', 'whom')} (?:may|can) (?:always )?decide)"
    r" (?:for|beside) me(?: (?:always|from now on))?"
    r"(?:\s+(?:in|on|about|for) (?P<roles>.{2,80}?)(?: (?:matters|cases|decisions|questions))?)?[\s.!]*$"
)
_NO_LONGER = re.compile(rf"^{_WHO} (?:may|can|should) (?:no longer|not) decide for me(?: any ?more)?[\s.!]*$")
_TO = r"\s*(?:\bto\b|\buntil\b|\btill?\b|\bthrough\b|\bthru\b|\bup to\b|–|—|-)\s*(?:and including\s+)?"
_FILLER = re.compile(
    r"\b(?:from|on|for|the|all|of|in|day|days|whole|and|please|will|be|is|at|until|till|to)\b|[\s,.;:!()–-]+",
    re.I,
)
_FOR = re.compile(
    r"\bfor (?P<n>\d{1,3}|an?|one|two|three|four|five|six|ten) (?P<unit>day|week|month)s?\b", re.I
)
_HOURS = re.compile(
    r"^(?:i (?:only |just )?work|my (?:working )?hours are|(?:i )?(?:do not|don['’]?t|never) work)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"^(?:i )?(?:do not|don['’]?t|never) work\b", re.IGNORECASE)
_CLOCK = r"(?P<{h}>\d{{1,2}})(?:[:.](?P<{m}>\d\d))?\s*(?P<{p}>am|pm)?"
_SPAN = re.compile(
    _CLOCK.format(h="h1", m="m1", p="p1") + _TO + _CLOCK.format(h="h2", m="m2", p="p2"), re.IGNORECASE
)
_UNTIL = re.compile(r"\b(?:until|till?)\s+" + _CLOCK.format(h="h2", m="m2", p="p2"), re.IGNORECASE)
_DAY_WORD = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_DAY = re.compile(rf"\b({_DAY_WORD})\b(?:\s*(?:to|until|till|through|-|–)\s*({_DAY_WORD})\b)?", re.IGNORECASE)


class Period(NamedTuple):
    """Days, both included."""

    first: date
    last: date


class SaidAway(NamedTuple):
    """What a message says of its writer's presence; ``who`` and ``roles`` are words, still to be found."""

    what: Literal["away", "back", "hours", "may_decide", "no_longer"]
    period: Period | None = None
    """``None`` with ``away``: the days were not understood."""
    who: str = ""
    roles: str = ""
    hours: tuple[Hours, ...] = ()


def read_away(text: str, today: date, usual: Sequence[Hours], sure: bool = False) -> SaidAway | None:
    """What the words say of days away, of hours, or of who may decide; ``None`` where they say none of it.

    ``usual`` are the program's hours; ``sure`` that it is about days away anyway, as after a command.
    """
    line = one_line(text[:400]).strip()
    if not line or line.endswith("?"):
        return None
    if _BACK.match(line):
        return SaidAway("back")
    ended = _NO_LONGER.match(line)
    if ended:
        return SaidAway("no_longer", who=ended["who"])
    standing = _STANDING.match(line)
    if standing:
        return SaidAway("may_decide", who=standing["who"] or standing["whom"], roles=standing["roles"] or "")
    if _HOURS.match(line):
        hours = read_hours(line, usual)
        return SaidAway("hours", hours=hours) if hours else None
    begun = _AWAY.match(line)
    if not begun and not sure:
        return None
    rest, who = _without_stand_in(line[begun.end() :] if begun else line)
    period = read_period(rest, today)
    if period is None and begun and not sure and _FILLER.sub("", rest):
        return None  # it goes on about something else
    return SaidAway("away", period, who)


def read_period(text: str, today: date) -> Period | None:
    """Days in words: "24 Dec to 2 Jan", "next week", "tomorrow", "from Monday for two weeks", "in August"."""
    said = re.sub(r"\s+", " ", text).strip(" ,.;:!").lower()
    lasting = _FOR.search(said)
    if lasting:
        before = (said[: lasting.start()] + said[lasting.end() :]).strip()
        first = _one_day(before, today) if _FILLER.sub("", before) else today
        count = int(lasting["n"]) if lasting["n"].isdigit() else _COUNTS[lasting["n"]]
        days = {"day": 1, "week": 7, "month": 30}[lasting["unit"]] * count
        return Period(first, first + timedelta(days=days - 1)) if first and 0 < days < 1000 else None
    whole = _whole(_bare(said), today)
    if whole:
        return whole
    for cut in islice(re.finditer(_TO, said), 12):
        left, right = said[: cut.start()], said[cut.end() :]
        last = _one_day(right, today)
        if last is None:
            continue
        first = _first_of(left, right, today)
        if first is not None:
            return Period(first, last if last >= first else _same_day_on(last, first))
    day = _one_day(said, today)
    return Period(day, day) if day else None


def read_hours(text: str, usual: Sequence[Hours]) -> tuple[Hours, ...]:
    """Working hours in words: "Monday to Wednesday mornings", "mon 09:00-13:00, thu 10-16"; empty if none.

    A day without hours of its own has the usual ones; "I don't work on Fridays" leaves the other days.
    """
    start, end = (usual[0].start, usual[0].end) if usual else ("09:00", "17:00")
    if _NOT.match(text):
        off = set(_days_in(text))
        return tuple(h for h in usual if h.day not in off) if off else ()
    found: dict[Day, list[tuple[str, str]]] = {}
    pending: list[Day] = []
    for part in re.split(r"\s*(?:,|;|\band\b)\s*", text):
        days = _days_in(part)
        pending += days
        span = _span_in(part, start, end)
        if span:
            for day in pending or [h.day for h in usual]:
                found.setdefault(day, []).append(span)
            pending = []
    for day in pending:
        found.setdefault(day, []).append((start, end))
    return tuple(
        Hours(day=day, start=one, end=other) for day in _DAYS for one, other in sorted(found.get(day, ()))
    )


def hours_in_words(hours: Sequence[Hours]) -> str:
    """``mon, tue 09:00-13:00, thu 10:00-16:00``: what :func:`read_hours` reads again."""
    spans: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for day in _DAYS:
        own = tuple((h.start, h.end) for h in hours if h.day == day)
        if own:
            spans.setdefault(own, []).append(day)
    return ", ".join(f"{', '.join(days)} {start}-{end}" for own, days in spans.items() for start, end in own)


def _without_stand_in(text: str) -> tuple[str, str]:
    for pattern in _STAND_IN:
        found = pattern.search(text)
        if found:
            return text[: found.start()], found["who"]
    return text, ""


def _one_day(text: str, today: date) -> date | None:
    """The day that the words are, and nothing else."""
    text = text.strip(" ,.;:!")
    if _bare(text) == "today":
        return today
    found = find_date(text, today)
    if not isinstance(found, FoundDate):
        return None
    left = text[: found.start] + " " + text[found.end :]
    return None if _FILLER.sub("", left) else found.day


def _first_of(left: str, right: str, today: date) -> date | None:
    """The first day of a span; today where only its end is said, and "24" in "24 to 28 December"."""
    if not _FILLER.sub("", left):
        return today
    number = re.fullmatch(r"(?:from |the )*(\d{1,2})(?:st|nd|rd|th)?", left.strip(" ,.;:"))
    if number:
        month = re.sub(r"^\W*(?:the )?\d{1,2}(?:st|nd|rd|th)?(?: of)?", "", right)
        return _one_day(f"{number[1]} {month}", today)
    return _one_day(left, today)


def _whole(said: str, today: date) -> Period | None:
    """A whole week or month."""
    monday = today - timedelta(days=today.weekday())
    if said in ("this week", "rest of this week", "rest of week"):
        return Period(today, monday + timedelta(days=6))
    if said in ("next week", "coming week"):
        return Period(monday + timedelta(days=7), monday + timedelta(days=13))
    if said in ("this month", "rest of month"):
        return Period(today, last_of(today.year, today.month))
    if said == "next month":
        first = last_of(today.year, today.month) + timedelta(days=1)
        return Period(first, last_of(first.year, first.month))
    number = MONTH_NUMBER.get(said)
    if number:
        year = today.year + (number < today.month)
        return Period(max(date(year, number, 1), today), last_of(year, number))
    return None


def _bare(said: str) -> str:
    return re.sub(r"^(?:from|on|for|in|all(?: of)?|the)\s+|\s+$", "", re.sub(r"\bthe\b ", "", said)).strip()


def _same_day_on(last: date, first: date) -> date:
    """The same day of a later year, so that a span does not end before it begins."""
    while last < first and last.year < 9998:
        year = last.year + 1
        last = last.replace(year=year, day=min(last.day, last_of(year, last.month).day))
    return last


def _days_in(text: str) -> list[Day]:
    found: list[Day] = []
    for m in _DAY.finditer(text):
        first = _number(m[1])
        last = _number(m[2]) if m[2] else first
        count = (last - first) % 7 + 1
        found += [_DAYS[(first + n) % 7] for n in range(count)]
    if re.search(r"\b(?:every ?day|weekdays|daily)\b", text, re.IGNORECASE):
        found += list(_DAYS[:5])
    return found


def _number(word: str) -> int:
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(word.lower()[:3]))


def _span_in(text: str, start: str, end: str) -> tuple[str, str] | None:
    if re.search(r"\bmornings?\b", text, re.IGNORECASE):
        return start, "13:00"
    if re.search(r"\bafternoons?\b", text, re.IGNORECASE):
        return "13:00", end
    span = _SPAN.search(text)
    if span:
        first = _clock(span["h1"], span["m1"], span["p1"])
        last = _clock(span["h2"], span["m2"], span["p2"])
        if first and last and last <= first and not span["p2"] and int(span["h2"]) < 12:
            last = _clock(str(int(span["h2"]) + 12), span["m2"], None)  # "9 to 5"
        return (first, last) if first and last else None
    until = _UNTIL.search(text)
    if until:
        last = _clock(until["h2"], until["m2"], until["p2"])
        return (start, last) if last else None
    return None


def _clock(hour: str, minute: str | None, half: str | None) -> str | None:
    number = int(hour)
    if half:
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    return f"{number:02}:{minute or '00'}" if number < 24 and int(minute or 0) < 60 else None
