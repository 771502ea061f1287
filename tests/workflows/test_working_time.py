"""Working hours are counted in each person's zone, over nights, weekends and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.program import WorkingTime
from workflows.working_time import (
    add_working_hours,
    end_of_work,
    hours_a_day,
    is_working,
    next_morning,
    next_working_start,
)

OFFICE = WorkingTime()
BERLIN = ZoneInfo("Europe/Berlin")


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type,misc]


def test_four_hours_from_the_middle_of_the_afternoon_run_into_the_next_morning() -> None:
    assert add_working_hours(berlin(2026, 11, 23, 15), 4, "Europe/Berlin", OFFICE) == berlin(2026, 11, 24, 11)


def test_friday_evening_to_monday_morning_does_not_count() -> None:
    assert add_working_hours(berlin(2026, 11, 20, 18), 2, "Europe/Berlin", OFFICE) == berlin(2026, 11, 23, 11)


def test_the_same_moment_is_due_at_different_times_for_people_in_different_zones() -> None:
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert add_working_hours(start, 1, "Europe/London", OFFICE) == start + timedelta(hours=1)
    assert add_working_hours(start, 1, "America/New_York", OFFICE) == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_the_end_of_the_working_day_is_the_last_moment_that_counts() -> None:
    assert add_working_hours(berlin(2026, 11, 23, 9), 8, "Europe/Berlin", OFFICE) == berlin(2026, 11, 23, 17)
    assert add_working_hours(berlin(2026, 11, 23, 9), 8.5, "Europe/Berlin", OFFICE) == berlin(
        2026, 11, 24, 9, 30
    )


@pytest.mark.parametrize(
    ("start", "end"), [((2027, 3, 26, 16), (2027, 3, 29, 10)), ((2026, 10, 23, 16), (2026, 10, 26, 10))]
)
def test_a_weekend_on_which_the_clock_changes_costs_no_hour(
    start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    assert add_working_hours(berlin(*start), 2, "Europe/Berlin", OFFICE) == berlin(*end)


def test_a_night_shift_ends_on_the_next_day() -> None:
    nights = WorkingTime(days=("mon",), start="22:00", end="06:00")
    assert is_working(berlin(2026, 11, 24, 5), "Europe/Berlin", nights)
    assert not is_working(berlin(2026, 11, 24, 23), "Europe/Berlin", nights)
    assert hours_a_day(nights) == 8


def test_outside_working_hours_work_next_begins_on_the_next_working_morning() -> None:
    saturday = berlin(2026, 11, 21, 12)
    assert not is_working(saturday, "Europe/Berlin", OFFICE)
    assert next_working_start(saturday, "Europe/Berlin", OFFICE) == berlin(2026, 11, 23, 9)
    monday = berlin(2026, 11, 23, 12)
    assert is_working(monday, "Europe/Berlin", OFFICE)
    assert next_morning(monday, "Europe/Berlin", OFFICE) == berlin(2026, 11, 24, 9)


def test_a_program_without_working_days_counts_every_hour() -> None:
    always = WorkingTime(days=())
    start = berlin(2026, 11, 21, 12)
    assert add_working_hours(start, 30, "Europe/Berlin", always) == start + timedelta(hours=30)
    assert is_working(start, "Europe/Berlin", always)


def test_an_unknown_zone_is_taken_for_utc() -> None:
    assert end_of_work(date(2026, 11, 23), "Mars/Olympus", OFFICE) == datetime(2026, 11, 23, 17, tzinfo=UTC)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])


@given(moments, st.floats(0.25, 60), st.floats(0.25, 60), zones)
def test_hours_added_in_two_parts_end_where_they_end_added_at_once(
    start: datetime, first: float, second: float, zone: str
) -> None:
    at_once = add_working_hours(start, first + second, zone, OFFICE)
    in_parts = add_working_hours(add_working_hours(start, first, zone, OFFICE), second, zone, OFFICE)
    assert abs(at_once - in_parts) < timedelta(seconds=1)


@given(moments, st.floats(0.25, 60), zones)
def test_what_is_due_falls_into_working_hours_and_never_before_the_start(
    start: datetime, hours: float, zone: str
) -> None:
    due = add_working_hours(start, hours, zone, OFFICE)
    assert due >= start + timedelta(hours=hours) - timedelta(seconds=1)
    assert is_working(due - timedelta(seconds=1), zone, OFFICE)
