"""Finds a date in a text: "end of June", "Q3", "in six weeks", "mid November", "30/6/2027".

A month, quarter, season or year alone means its last day, because these are deadlines. Without a year the
next one is meant (the last one, where the question wants a past date).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.words.numbers import figures

_MONTHS_SAID = "january february march april may june july august september october november december"
MONTHS = _MONTHS_SAID.split()
MONTH_NUMBER = {n: i for i, n in enumerate(MONTHS, 1)}
MONTH_NUMBER |= {n[:3]: i for i, n in enumerate(MONTHS, 1)}
MONTH_NUMBER |= {"sept": 9, "febuary": 2, "agust": 8, "septmber": 9, "decemeber": 12, "novemeber": 11}
MONTH_NUMBER |= {"janurary": 1, "feburary": 2, "octobre": 10}
_M = "(?P<month>" + "|".join(sorted(MONTH_NUMBER, key=len, reverse=True)) + r")(?![a-z])\.?"
_Y = r"(?:,?\s+(?:of\s+)?(?P<year>20\d\d)(?!\d)|\s*['’](?P<short>\d\d)(?!\d))?"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WHICH = r"(?P<which>next|this|the coming|coming|last|the|this coming|current|following)\s+"
_EDGE = (
    r"(?P<edge>(?:the\s+)?(?:very\s+)?(?:end|start|beginning|middle|close)\s+of\s+|mid(?:dle)?[\s-]+"
    r"|early\s+(?:in\s+)?|late\s+(?:in\s+)?|(?:by\s+)?eo(?=[my]\b))"
)
UNIT = r"(?P<unit>day|week|month|quarter|year|fortnight)s?(?:[’']s?)?"
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SEASON_ENDS = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}


@dataclass(frozen=True)
class FoundDate:
    """A date in a text: what was meant and where it stands."""

    day: date
    start: int
    end: int


@dataclass(frozen=True)
class NoSuchDate:
    """Words that name a date that is not one, or that may be two; ``example`` says how to put it right."""

    says: str
    example: str
    start: int
    end: int


Outcome = FoundDate | NoSuchDate
Rule = Callable[[re.Match[str], date, bool], date | str | None]


def today_in(now: datetime, tz: str) -> date:
    """The date of the moment where the person is; UTC for an unknown zone."""
    try:
        return now.astimezone(ZoneInfo(tz)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.date()


def in_words(day: date) -> str:
    """``30 June 2027``."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def last_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def shifted(day: date, months: int) -> date:
    """The same day some months on, or that month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _year(m: re.Match[str]) -> int | None:
    groups = m.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    return 2000 + int(groups["short"]) if groups.get("short") else None


def _month_year(m: re.Match[str], today: date, past: bool) -> tuple[int, int]:
    """The month meant, and the year: said, or the next (past: the last) one."""
    month = MONTH_NUMBER[m["month"].lower()]
    said = _year(m)
    if said:
        return month, said
    which = (m.groupdict().get("which") or "").lower()
    if past or which == "last":
        return month, today.year if month < today.month else today.year - 1
    return month, today.year if last_of(today.year, month) >= today else today.year + 1


def _exists(year: int, month: int, day: int) -> date | str:
    if not 1 <= month <= 12:
        return f"I read month {month}, and a year has twelve.|{in_words(last_of(year, 6))}"
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = MONTHS[month - 1].capitalize()
        return (
            f"I read {day} {name}, which does not exist: {name} {year} has {days} days.|{days} {name} {year}"
        )
    return date(year, month, day)


def _iso(m: re.Match[str], today: date, past: bool) -> date | str | None:
    return _exists(int(m["y"]), int(m["mo"]), int(m["d"]))


def numeric(m: re.Match[str], today: date, past: bool) -> date | str | None:
    """ "30/6/2027" and "1.6.27": the date, or a sentence where day and month cannot be told apart."""
    a, b = int(m["a"]), int(m["b"])
    year = int(m["y"]) if m["y"] else 0
    if m["y"] and len(m["y"]) == 2:
        year += 2000
    if a > 12 or m["sep"] == ".":
        day, month = a, b
    elif b > 12:
        day, month = b, a
    elif a == b:
        day = month = a
    else:
        shown = year or today.year
        first, second = date(shown, b, a), date(shown, a, b)
        return f"{m[0]} may be {in_words(first)} or {in_words(second)}. Which one?|{in_words(first)}"
    return _day_of_month(day, month, year or None, today, past)


def _day_of_month(day: int, month: int, year: int | None, today: date, past: bool) -> date | str:
    if year:
        return _exists(year, month, day)
    if (month, day) == (2, 29):
        leap = next(y for y in range(today.year, today.year + 9) if calendar.isleap(y))
        return date(leap, 2, 29)
    over = 1 <= month <= 12 and last_of(today.year, month) < today and not past
    found = _exists(today.year + over, month, day)
    if isinstance(found, str):
        return found
    if past:
        return found if found <= today else found.replace(year=found.year - 1)
    return found if found >= today else found.replace(year=found.year + 1)


def _day_month(m: re.Match[str], today: date, past: bool) -> date | str | None:
    return _day_of_month(int(m["d"]), MONTH_NUMBER[m["month"].lower()], _year(m), today, past)


def _edged(first: date, last: date, edge: str) -> date:
    edge = edge.lower()
    if "start" in edge or "beginning" in edge:
        return first
    if "early" in edge:
        return first + (last - first) // 3
    if "mid" in edge:
        return first + (last - first) // 2
    if "late" in edge:
        return last - (last - first) // 6
    return last


def _month(m: re.Match[str], today: date, past: bool) -> date | str | None:
    month, year = _month_year(m, today, past)
    return _edged(date(year, month, 1), last_of(year, month), m["edge"] or "")


def _quarter(m: re.Match[str], today: date, past: bool) -> date | str | None:
    number = int(m["q"]) if m["q"] else _ORDINAL[m["word"].lower()]
    year = _year(m)
    last = last_of(year or today.year, number * 3)
    if not year and last < today and not past:
        last = last_of(today.year + 1, number * 3)
    elif not year and past and last > today:
        last = last_of(today.year - 1, number * 3)
    return _edged(date(last.year, last.month - 2, 1), last, m["edge"] or "")


def _half(m: re.Match[str], today: date, past: bool) -> date | str | None:
    number = int(m["h"]) if m["h"] else _ORDINAL[m["word"].lower()]
    year = _year(m) or today.year
    last = last_of(year, number * 6)
    if not _year(m) and last < today:
        last = last_of(year + 1, number * 6)
    return _edged(date(last.year, last.month - 5, 1), last, m["edge"] or "")


def _season(m: re.Match[str], today: date, past: bool) -> date | str | None:
    month = _SEASON_ENDS[m["season"].lower()]
    said = _year(m)
    year = said or today.year
    if month == 2 and said:
        year += 1  # the winter of a year ends in the next
    last = last_of(year, month)
    if not said and last < today and not past:
        last = last_of(year + 1, month)
    return _edged(shifted(last.replace(day=1), -2), last, m["edge"] or "")


def _period(m: re.Match[str], today: date, past: bool) -> date | str | None:
    """ "next month", "end of the year", "this quarter": its last day, or the edge said."""
    which = (m["which"] or "").strip().lower()
    step = 1 if which in ("next", "following") else -1 if which == "last" else 0
    unit = m["unit"].lower()
    edge = m["edge"] or ""
    if unit == "day":
        return today + timedelta(days=step) if which in ("next", "following") else None
    if unit in ("week", "fortnight"):
        if not which and not edge:
            return None
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return _edged(monday, monday + timedelta(days=4), edge)
    if not which and not edge:
        return None
    if unit == "month":
        first = shifted(today.replace(day=1), step)
        return _edged(first, last_of(first.year, first.month), edge)
    if unit == "quarter":
        first = shifted(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * step)
        end = shifted(first, 2)
        return _edged(first, last_of(end.year, end.month), edge)
    return _edged(date(today.year + step, 1, 1), date(today.year + step, 12, 31), edge)


def _away(today: date, count: float, unit: str, back: bool = False) -> date | None:
    if not 0 <= count <= 600:
        return None
    sign = -1 if back else 1
    days = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
    if days:
        return today + timedelta(days=sign * round(count * days))
    months = {"month": 1, "quarter": 3, "year": 12}[unit] * count
    whole = int(months)
    return shifted(today, sign * whole) + timedelta(days=sign * round((months - whole) * 30))


def relative(m: re.Match[str], today: date, past: bool) -> date | str | None:
    """ "in six weeks", "3 months from now", "2 weeks ago"."""
    said = m["count"].strip()
    found = figures(said)
    if found:
        count = found[0].value
    elif re.fullmatch(r"an?", said, re.IGNORECASE):
        count = 1.0
    elif re.fullmatch(r"a few|several", said, re.IGNORECASE):
        count = 3.0
    else:
        return None
    return _away(today, count, m["unit"].lower(), back=bool(m.groupdict().get("ago")))


def _weekday(m: re.Match[str], today: date, past: bool) -> date | str | None:
    target = next(i for i, d in enumerate(WEEKDAYS) if d.startswith(m["weekday"].lower()[:3]))
    which = (m["which"] or "").strip().lower()
    if which == "last":
        return today - timedelta(days=(today.weekday() - target - 1) % 7 + 1)
    ahead = (target - today.weekday()) % 7
    if which == "next":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1)
        return monday + timedelta(days=target)
    return today + timedelta(days=ahead or 7)


def _named(m: re.Match[str], today: date, past: bool) -> date | str | None:
    word = m[0].lower()
    if "day after tomorrow" in word:
        return today + timedelta(days=2)
    if "tomorrow" in word:
        return today + timedelta(days=1)
    if "yesterday" in word:
        return today - timedelta(days=1)
    if "christmas" in word or "xmas" in word:
        return _day_of_month(25, 12, None, today, past)
    if "new year" in word:
        return date(today.year + 1, 1, 1)
    if word in ("eoy", "year end", "year-end", "yearend"):
        return date(today.year, 12, 31)
    if word in ("eom", "month end", "month-end"):
        return last_of(today.year, today.month)
    return today


def _only_year(m: re.Match[str], today: date, past: bool) -> date | str | None:
    year = int(m["year"])
    return _edged(date(year, 1, 1), date(year, 12, 31), m["edge"] or "")


COUNT = (
    r"(?P<count>(?:a\s+couple(?:\s+of)?|half\s+an?|a\s+few|several|\d[\d.,]*|an?|[a-z]+(?:-[a-z]+)?)"
    r"(?:\s+(?:and\s+a\s+half|dozen))?)"
)
_BEFORE = (
    r"(?:in|by|until|till|before|within|from|since|after|during|for|of|on|starting|around|next|this|last)\s+"
)
_RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(p, re.IGNORECASE), f)
    for p, f in (
        (r"(?<!\d)(?P<y>20\d\d)-(?P<mo>\d{1,2})-(?P<d>\d{1,2})(?!\d)", _iso),
        (r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>20\d\d"
         r"|\d\d)(?![\d./])", numeric),
        (rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.?\s*(?:of\s+)?{_M}{_Y}", _day_month),
        (rf"\b{_M}\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%])(?!\s?(?:min|%|users"
         rf"|people)){_Y}", _day_month),
        (rf"(?:{_EDGE})?(?:the\s+)?\bq(?P<q>[1-4])(?P<word>)\b(?:\s*/\s*(?=20))?(?:\s+of)?{_Y}", _quarter),
        (rf"(?:{_EDGE})?(?:the\s+)?\b(?P<q>)(?P<word>first|second|third|fourth|1st|2nd|3rd"
         rf"|4th)\s+quarter\b{_Y}", _quarter),
        (rf"(?:{_EDGE})?(?:the\s+)?\bh(?P<h>[12])(?P<word>)\b{_Y}", _half),
        (rf"(?:{_EDGE})?(?:the\s+)?\b(?P<h>)(?P<word>first|second|1st"
         rf"|2nd)\s+half(?:\s+of(?:\s+the)?(?:\s+year)?)?\b{_Y}", _half),
        (rf"{_EDGE}(?:{_WHICH})?{_M}{_Y}", _month),
        (rf"(?P<edge>)(?:(?<![a-z]){_WHICH})?(?<![a-z]){_M}{_Y}", _month),
        (rf"(?:{_EDGE})?(?:{_WHICH})?(?<![a-z])(?P<season>spring|summer|autumn|fall|winter)\b{_Y}", _season),
        (rf"(?:in|within)\s+(?:about\s+|around\s+|the next\s+"
         rf"|roughly\s+)?{COUNT}\s+{UNIT}\b(?:\s+time)?", relative),
        (rf"(?<![\w.]){COUNT}\s+{UNIT}\s+(?:from (?:now|today)|time|out)\b", relative),
        (rf"(?<![\w.]){COUNT}\s+{UNIT}\s+(?P<ago>ago)\b", relative),
        (rf"(?:{_EDGE})?(?:{_WHICH})?(?<![a-z]){UNIT}(?![a-z])", _period),
        (r"\b(?:day after tomorrow|tomorrow|today|tonight|yesterday|christmas|xmas|new year(?:'?s(?: day)?)?"
         r"|eoy|eom|year[\s-]?end|month[\s-]end)\b", _named),
        (r"(?:(?P<which>next|this|last|coming)\s+)?(?<![a-z])(?P<weekday>monday|tuesday|wednesday|thursday"
         r"|friday"
         r"|saturday|sunday|mon|tue|tues|wed|thu|thur|thurs|fri)\b(?![-\w])", _weekday),
        (rf"(?:{_EDGE}|(?P<prep>\b{_BEFORE}))(?P<year>20\d\d)\b(?!\s*(?:users|calls|people"
         rf"|cases))", _only_year),
    )
)  # fmt: skip
_ABBREVIATED = re.compile(r"^(?:may|march|mar|fall|spring|sun|sat|dec|jan|sep)$", re.IGNORECASE)


def find_date(text: str, today: date, past: bool = False) -> Outcome | None:
    """The first date that the text names, or ``None``. A bare number or a duration is none."""
    best: Outcome | None = None
    for pattern, rule in _RULES:
        for m in pattern.finditer(text):
            if best is not None and m.start() >= best.start:
                break
            if _doubtful(text, m):
                continue
            found = safely(rule, m, today, past)
            if isinstance(found, str):
                says, _, example = found.partition("|")
                best = NoSuchDate(says, example, m.start(), m.end())
                break
            if found is not None:
                best = FoundDate(found, m.start(), m.end())
                break
    return best


def safely(rule: Rule, m: re.Match[str], today: date, past: bool) -> date | str | None:
    """What a rule makes of its match; ``None`` where that leaves the calendar."""
    try:
        return rule(m, today, past)
    except (ValueError, OverflowError):
        return None


def _doubtful(text: str, m: re.Match[str]) -> bool:
    """Words that are months and seasons but also plain verbs: "it may help", "costs fall"."""
    groups = m.groupdict()
    word = groups.get("month") or groups.get("season") or ""
    if (
        not _ABBREVIATED.match(word)
        or groups.get("d")
        or _year(m)
        or groups.get("edge")
        or groups.get("which")
    ):
        return False
    if re.fullmatch(r"\W*", text[: m.start()] + text[m.end() :]):
        return False
    return not re.search(_BEFORE + "$", text[: m.start()], re.IGNORECASE)
