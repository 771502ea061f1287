"""When digests are due, in every zone, against an oracle that steps through the time minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from workflows.digests.schedule import (
    after,
    between,
    due_at,
    is_late,
    is_week,
    moved,
    newest_due,
    next_after,
    period_of,
)
from workflows.digests.subscription import Schedule

ZONES = sorted(available_timezones())
MINUTE = timedelta(minutes=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOMENTS = st.integers(0, 4 * 365 * 1440).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + m * MINUTE)
LONDON = Schedule(zone="Europe/London")


@cache
def changes(zone: str) -> tuple[datetime, ...]:
    """The days, in UTC, of three years on which the clock of a zone is changed."""
    tz = ZoneInfo(zone)
    day, found = datetime(2026, 1, 1, tzinfo=UTC), []
    while day.year < 2029:
        if day.astimezone(tz).utcoffset() != (day + timedelta(days=1)).astimezone(tz).utcoffset():
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows."""
    return moment.astimezone(zone).replace(tzinfo=None)


def stepped(day: date, at: str, zone: str) -> datetime:
    """The oracle: minute by minute, from two days before, until the clock on the wall has come that far."""
    tz = ZoneInfo(zone)
    wanted = datetime.combine(day, time.fromisoformat(at))
    moment = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(days=2)
    while wall(moment, tz) < wanted:
        moment += MINUTE
    return moment


def due_by_steps(schedule: Schedule, start: datetime, days: int) -> list[tuple[str, datetime]]:
    """The oracle of a whole stretch: a period's name is written down when its moment has come."""
    tz = ZoneInfo(schedule.zone)
    found: dict[str, datetime] = {}
    moment = start
    shown = wall(moment, tz)
    day = shown.date() - timedelta(days=40)
    waiting: list[tuple[datetime, str]] = []
    while day <= shown.date() + timedelta(days=days + 40):
        year, week, _ = day.isocalendar()
        last_of_month = (day + timedelta(days=1)).day == 1
        if schedule.every == "week" and DAYS[day.weekday()] == schedule.day:
            waiting.append((datetime.combine(day, time.fromisoformat(schedule.at)), f"{year}-W{week:02d}"))
        if schedule.every == "month" and (
            day.day == schedule.date or (last_of_month and day.day < schedule.date)
        ):
            waiting.append((datetime.combine(day, time.fromisoformat(schedule.at)), f"{day:%Y-%m}"))
        day += timedelta(days=1)
    waiting = [w for w in waiting if w[0] > shown]
    while moment < start + timedelta(days=days):
        moment += MINUTE
        shown = wall(moment, tz)
        while waiting and waiting[0][0] <= shown:
            found[waiting.pop(0)[1]] = moment
    return sorted(found.items(), key=lambda f: f[1])


def test_in_every_zone_the_day_of_a_change_has_its_digest_once_at_the_first_moment_that_counts() -> None:
    checked = 0
    for number, zone in enumerate(ZONES):
        for change in changes(zone)[number % 3 : number % 3 + 1]:
            for offset in (0, 1):
                day = (change + timedelta(days=offset)).date()
                at = f"{(number * 7) % 4:02d}:{number * 11 % 60:02d}"
                schedule = Schedule(day=DAYS[day.weekday()], at=at, zone=zone)
                year, week, _ = day.isocalendar()
                assert due_at(schedule, f"{year}-W{week:02d}") == stepped(day, at, zone), (zone, day, at)
                checked += 1
    assert checked > 300


SCHEDULES = st.builds(
    Schedule,
    every=st.sampled_from(("week", "week", "month")),
    day=st.sampled_from(DAYS),
    date=st.integers(1, 31),
    at=st.times().map(lambda t: f"{t.hour:02d}:{t.minute:02d}")
    | st.sampled_from(("01:30", "02:30", "00:00")),
    zone=st.sampled_from(ZONES) | st.sampled_from([z for z in ZONES if changes(z)]),
)


@settings(max_examples=examples(60), deadline=None)
@given(SCHEDULES, st.data())
def test_walking_from_one_to_the_next_meets_what_stepping_through_the_minutes_meets(
    schedule: Schedule, data: st.DataObject
) -> None:
    near = changes(schedule.zone) or (datetime(2027, 1, 3, tzinfo=UTC),)
    start = data.draw(st.sampled_from(near)) - timedelta(days=data.draw(st.integers(1, 12)))
    days = 36 if schedule.every == "month" else 16
    met, moment = [], start
    while (turn := next_after(schedule, moment)).due <= start + timedelta(days=days):
        met.append(tuple(turn))
        moment = turn.due
    assert met == due_by_steps(schedule, start, days)


@settings(max_examples=examples(400), deadline=None)
@given(SCHEDULES, MOMENTS)
def test_the_newest_that_is_due_is_followed_by_the_next(schedule: Schedule, now: datetime) -> None:
    newest, coming = newest_due(schedule, now), next_after(schedule, now)
    assert newest.due <= now < coming.due
    assert moved(newest.period, 1) == coming.period
    assert next_after(schedule, now, coming.period).period == moved(coming.period, 1)


@settings(max_examples=examples(300), deadline=None)
@given(SCHEDULES, MOMENTS, st.integers(-70, 70))
def test_periods_follow_one_another_by_their_names(schedule: Schedule, now: datetime, by: int) -> None:
    period = period_of(schedule, now)
    other = moved(period, by)
    assert moved(other, -by) == period
    assert is_week(other) == (schedule.every == "week")
    assert after(other, period) == (by > 0)
    if 0 < by <= 60:
        assert len(between(period, other)) == by


def test_an_hour_that_does_not_exist_is_due_when_the_clock_jumps() -> None:
    sunday = Schedule(day="sun", at="01:30", zone="Europe/London")
    assert due_at(sunday, "2027-W12") == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    sunday = Schedule(day="sun", at="01:30", zone="Europe/London")
    assert due_at(sunday, "2026-W43") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_left_out_is_due_when_the_next_begins() -> None:
    friday = Schedule(day="fri", at="09:00", zone="Pacific/Apia")
    assert due_at(friday, "2011-W52") == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_short_month_has_its_digest_on_its_last_day() -> None:
    monthly = Schedule(every="month", date=31, at="08:00", zone="UTC")
    assert due_at(monthly, "2027-02") == datetime(2027, 2, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "late"), [(0, False), (30, False), (31, True), (60 * 24 * 21, True), (-5, False)]
)
def test_what_comes_long_after_its_time_is_late(minutes: int, late: bool) -> None:
    due = due_at(LONDON, "2026-W48")
    assert is_late(due, due + timedelta(minutes=minutes), 30) is late
