"""One date as an answer: what the calendar's words say, typos in months, and dateparser for the rest."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from workflows.questions import Question
from workflows.words.calendar_words import (
    COUNT,
    MONTH_NUMBER,
    MONTHS,
    UNIT,
    WEEKDAYS,
    FoundDate,
    NoSuchDate,
    Outcome,
    Rule,
    find_date,
    in_words,
    last_of,
    numeric,
    relative,
    safely,
    shifted,
    today_in,
)
from workflows.words.reading import Correction, Read, core, quoted


def read_date(question: Question, text: str, now: datetime, tz: str) -> Read | Correction:
    """One date, checked against the question's bounds (``future``, ``past``)."""
    today = today_in(now, tz)
    said = _spelt(core(re.sub(r"<[@!#][^>]*>", " ", text[:2000])))
    past = question.bounds.when == "past"
    example = question.examples[0] if question.examples else in_words(last_of(*_half_a_year_on(today)))
    found = find_date(said, today, past) or _bare(said, today, past) or _by_dateparser(said, now, tz, past)
    if found is None:
        return Correction(f"I was looking for a date and did not find one in {quoted(text)}.", example)
    if isinstance(found, NoSuchDate):
        return Correction(found.says, found.example)
    if question.bounds.when == "future" and found.day < today:
        return Correction(f"I read {in_words(found.day)}, which has passed. When from now on?", example)
    if past and found.day > today:
        return Correction(f"I read {in_words(found.day)}, which is still to come. When was it?", example)
    return Read(found.day.isoformat())


def _spelt(said: str) -> str:
    """The words with misspelt months put right ("jully", "novembre")."""

    def month(m: re.Match[str]) -> str:
        word = m[0].lower()
        if word in MONTH_NUMBER or word in WEEKDAYS:
            return m[0]
        swapped = [n for n in MONTHS if len(word) > 4 and OSA.distance(word, n) == 1]
        if swapped:
            return swapped[0]
        near = process.extractOne(word, MONTHS, scorer=fuzz.ratio, score_cutoff=83)
        return near[0] if near else m[0]

    return re.sub(r"[A-Za-z]{4,10}", month, said)


def _half_a_year_on(today: date) -> tuple[int, int]:
    later = shifted(today.replace(day=1), 6)
    return later.year, later.month


def _bare(said: str, today: date, past: bool) -> Outcome | None:
    """What is a date only as a whole answer: "2027", "30/6", "six weeks"."""
    if re.fullmatch(r"20\d\d", said):
        return FoundDate(date(int(said), 12, 31), 0, len(said))
    m = re.fullmatch(r"(?P<a>\d{1,2})(?P<sep>[./])(?P<b>\d{1,2})(?P<y>)\.?", said)
    rules: list[tuple[re.Match[str] | None, Rule]] = [
        (m, numeric),
        (re.fullmatch(rf"(?:about\s+)?{COUNT}\s+{UNIT}", said, re.IGNORECASE), relative),
    ]
    for match, rule in rules:
        found = safely(rule, match, today, past) if match else None
        if isinstance(found, str):
            says, _, example = found.partition("|")
            return NoSuchDate(says, example, 0, len(said))
        if found is not None:
            return FoundDate(found, 0, len(said))
    return None


_HOPELESS = re.compile(
    r"^\W*[\d.,]*\W*$|\b(?:min(?:ute)?s?|hours?|hrs?|seconds?|%|percent|soon|asap|now|immediately|later)\b",
    re.I,
)


def _by_dateparser(said: str, now: datetime, tz: str, past: bool) -> Outcome | None:
    if len(said) > 60 or _HOPELESS.search(said) or not re.search(r"[a-z\d]", said, re.IGNORECASE):
        return None
    import dateparser  # loads its language data: only when the rules above know no better

    prefer: Literal["past", "future"] = "past" if past else "future"
    try:
        found = dateparser.parse(
            said,
            languages=["en"],
            settings={
                "RELATIVE_BASE": now.replace(tzinfo=None),
                "PREFER_DATES_FROM": prefer,
                "PREFER_DAY_OF_MONTH": "last",
                "DATE_ORDER": "DMY",
                "REQUIRE_PARTS": ["month"],
            },
        )
    except Exception:
        return None
    return FoundDate(found.date(), 0, len(said)) if found else None
