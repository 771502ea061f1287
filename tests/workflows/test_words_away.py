"""What people write when they are away, in the words they use, and what only sounds like it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.availability import Hours
from workflows.words.away import hours_in_words, read_away, read_hours, read_period

TODAY = date(2026, 11, 21)  # a Saturday
USUAL = tuple(Hours(day=d, start="09:00", end="17:00") for d in ("mon", "tue", "wed", "thu", "fri"))


@pytest.mark.parametrize(
    ("text", "first", "last", "who"),
    [
        ("I'm away next week, Tom stands in for me", "2026-11-23", "2026-11-29", "Tom"),
        ("away 24 Dec to 2 Jan, @tom stands in", "2026-12-24", "2027-01-02", "@tom"),
        ("I’m on holiday from Monday until Friday", "2026-11-23", "2026-11-27", ""),
        ("out of office tomorrow", "2026-11-22", "2026-11-22", ""),
        ("ooo today", "2026-11-21", "2026-11-21", ""),
        ("I'm off for two weeks", "2026-11-21", "2026-12-04", ""),
        ("I'm away from 3 June for 2 weeks, <@U0TOM> covers", "2027-06-03", "2027-06-16", "<@U0TOM>"),
        (
            "I'm away 24 to 28 December and Priya Shah decides for me",
            "2026-12-24",
            "2026-12-28",
            "Priya Shah",
        ),
        ("I will be away until 5 January. my stand-in is tom", "2026-11-21", "2027-01-05", "tom"),
        ("I'm away in August", "2027-08-01", "2027-08-31", ""),
        ("on vacation this week", "2026-11-21", "2026-11-22", ""),
        ("I'm sick today", "2026-11-21", "2026-11-21", ""),
        ("away tomorrow with Tom standing in", "2026-11-22", "2026-11-22", "Tom"),
        ("I am out 2026-12-24 - 2027-01-02", "2026-12-24", "2027-01-02", ""),
    ],
)
def test_days_away_and_who_stands_in_are_read(text: str, first: str, last: str, who: str) -> None:
    said = read_away(text, TODAY, USUAL)
    assert said is not None
    assert said.what == "away"
    assert said.period == (date.fromisoformat(first), date.fromisoformat(last))
    assert said.who == who


@pytest.mark.parametrize(
    "text",
    [
        "I'm away from my desk a lot, could AI take my calls?",
        "I'm away from my desk a lot and want AI to take my calls",
        "out of stock alerts written by AI",
        "off hours support with a bot",
        "I work in claims and want summaries",
        "who is away next week?",
        "what if I'm away?",
        "we are away next week",
        "we spend ages on holiday rotas",
    ],
)
def test_words_about_something_else_are_left_alone(text: str) -> None:
    assert read_away(text, TODAY, USUAL) is None


def test_being_away_without_days_that_can_be_read_is_still_understood() -> None:
    said = read_away("I'm away", TODAY, USUAL)
    assert said is not None
    assert (said.what, said.period) == ("away", None)


@pytest.mark.parametrize(
    ("text", "what", "who", "roles"),
    [
        ("I'm back", "back", "", ""),
        ("back from vacation", "back", "", ""),
        ("Tom may decide for me in legal matters", "may_decide", "Tom", "legal"),
        ("let <@U0TOM> decide for me", "may_decide", "<@U0TOM>", ""),
        ("Tom may no longer decide for me", "no_longer", "Tom", ""),
        ("@tom can not decide for me any more", "no_longer", "@tom", ""),
    ],
)
def test_coming_back_and_standing_words_are_read(text: str, what: str, who: str, roles: str) -> None:
    said = read_away(text, TODAY, USUAL)
    assert said is not None
    assert (said.what, said.who, said.roles) == (what, who, roles)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("I only work Monday to Wednesday mornings", "mon, tue, wed 09:00-13:00"),
        ("I don't work on Fridays", "mon, tue, wed, thu 09:00-17:00"),
        ("I work mon 9 to 5, thursdays 10-14", "mon 09:00-17:00, thu 10:00-14:00"),
        ("my hours are 9:00-15:00", "mon, tue, wed, thu, fri 09:00-15:00"),
        ("I only work mondays and tuesdays until 13:00", "mon, tue 09:00-13:00"),
        ("mon, tue 09:00-13:00, thu 10:00-16:00", "mon, tue 09:00-13:00, thu 10:00-16:00"),
        ("tuesday 8am to 12pm", "tue 08:00-12:00"),
    ],
)
def test_hours_are_read_and_written_so_that_they_can_be_read_again(text: str, hours: str) -> None:
    read = read_hours(text, USUAL)
    assert hours_in_words(read) == hours
    assert read_hours(hours, USUAL) == read


@given(st.text(max_size=200))
def test_nothing_that_anybody_writes_breaks_the_reading(text: str) -> None:
    read_away(text, TODAY, USUAL, sure=True)
    read_hours(text, USUAL)
    period = read_period(text, TODAY)
    assert period is None or period.first <= period.last or period.last >= TODAY
