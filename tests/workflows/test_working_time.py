"""Working hours are counted in each person's zone, over nights, weekends and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.program import WorkingTime
from workflows.working_time import WorkTimes, company_week, hours_a_day

OFFICE = WorkingTime()
BERLIN = ZoneInfo("Europe/Berlin")


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type,misc]


def week(zone: str = "Europe/Berlin", working: WorkingTime = OFFICE) -> WorkTimes:
    return company_week(zone, working)


def test_four_hours_from_the_middle_of_the_afternoon_run_into_the_next_morning() -> None:
    assert week().add(berlin(2026, 11, 23, 15), 4) == berlin(2026, 11, 24, 11)


def test_friday_evening_to_monday_morning_does_not_count() -> None:
    assert week().add(berlin(2026, 11, 20, 18), 2) == berlin(2026, 11, 23, 11)


def test_the_same_moment_is_due_at_different_times_for_people_in_different_zones() -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert week("Europe/London").add(start, 1) == start + timedelta(hours=1)
    assert week("America/New_York").add(start, 1) == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_the_end_of_the_working_day_is_the_last_moment_that_counts() -> None:
    assert week().add(berlin(2026, 11, 23, 9), 8) == berlin(2026, 11, 23, 17)
    assert week().add(berlin(2026, 11, 23, 9), 8.5) == berlin(2026, 11, 24, 9, 30)


@pytest.mark.parametrize(
    ("start", "end"), [((2027, 3, 26, 16), (2027, 3, 29, 10)), ((2026, 10, 23, 16), (2026, 10, 26, 10))]
)
def test_a_weekend_on_which_the_clock_changes_costs_no_hour(
    start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    assert week().add(berlin(*start), 2) == berlin(*end)


def test_a_night_shift_ends_on_the_next_day() -> None:
    nights = WorkingTime(days=("mon",), start="22:00", end="06:00")
    assert week(working=nights).works_at(berlin(2026, 11, 24, 5))
    assert not week(working=nights).works_at(berlin(2026, 11, 24, 23))
    assert hours_a_day(nights) == 8


def test_outside_working_hours_work_next_begins_on_the_next_working_morning() -> None:
    saturday = berlin(2026, 11, 21, 12)
    assert not week().works_at(saturday)
    assert week().next_start(saturday) == berlin(2026, 11, 23, 9)
    monday = berlin(2026, 11, 23, 12)
    assert week().works_at(monday)
    assert week().next_morning(monday) == berlin(2026, 11, 24, 9)


def test_a_break_at_noon_does_not_count_and_the_morning_is_the_first_spell_of_the_day() -> None:
    monday = {0: ((9 * 60, 12 * 60), (13 * 60, 15 * 60))}
    split = WorkTimes(zone="Europe/Berlin", week=monday, usual=(9 * 60, 17 * 60))
    assert split.add(berlin(2026, 11, 23, 11), 2) == berlin(2026, 11, 23, 14)
    assert split.next_morning(berlin(2026, 11, 23, 10)) == berlin(2026, 11, 30, 9)
    assert split.end_of(date(2026, 11, 23)) == berlin(2026, 11, 23, 15)
    assert split.end_of(date(2026, 11, 24)) == berlin(2026, 11, 24, 17)


def test_a_program_without_working_days_counts_every_hour() -> None:
    always = week(working=WorkingTime(days=()))
    start = berlin(2026, 11, 21, 12)
    assert always.add(start, 30) == start + timedelta(hours=30)
    assert always.works_at(start)


def test_an_unknown_zone_is_taken_for_utc() -> None:
    assert week("Mars/Olympus").end_of(date(2026, 11, 23)) == datetime(2026, 11, 23, 17, tzinfo=UTC)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])


@given(moments, st.floats(0.25, 60), st.floats(0.25, 60), zones)
def test_hours_added_in_two_parts_end_where_they_end_added_at_once(
    start: datetime, first: float, second: float, zone: str
) -> None:
    at_once = week(zone).add(start, first + second)
    in_parts = week(zone).add(week(zone).add(start, first), second)
    assert abs(at_once - in_parts) < timedelta(seconds=1)


@given(moments, st.floats(0.25, 60), zones)
def test_what_is_due_falls_into_working_hours_and_never_before_the_start(
    start: datetime, hours: float, zone: str
) -> None:
    due = week(zone).add(start, hours)
    assert due >= start + timedelta(hours=hours) - timedelta(seconds=1)
    assert week(zone).works_at(due - timedelta(seconds=1))
