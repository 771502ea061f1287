"""When a digest is due: one moment for each week or month, by the clock on the wall of its zone.

A period is named after the week (``2026-W48``) or the month (``2026-11``) in which its day lies, by the
calendar of that zone. It is due at the first moment at which the clock there shows the time of its schedule
or a later one: so where the clock is set forward over that time it is due when the clock jumps, and where it
is set back and shows that time twice, the first time counts.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from workflows.digests.subscription import Schedule
from workflows.working_time import DAYS, zone_of

LISTED_AT_MOST = 60
"""How many periods that were left out are named one by one."""
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_SECOND = timedelta(seconds=1)


class Turn(NamedTuple):
    """One period and the moment at which it is due, in UTC."""

    period: str
    due: datetime


def is_clock(text: str) -> bool:
    """Whether it is a time of day as schedules write it, ``09:00``."""
    return bool(_CLOCK.fullmatch(text))


def period_of(schedule: Schedule, moment: datetime) -> str:
    """The period in which that moment lies, by the calendar of the zone."""
    local = moment.astimezone(zone_of(schedule.zone)).date()
    return _month(local) if schedule.every == "month" else _week(local)


def due_at(schedule: Schedule, period: str) -> datetime:
    """The moment at which that period is due, in UTC."""
    hour, minute = (int(part) for part in schedule.at.split(":"))
    wanted = datetime.combine(_day(schedule, period), time(hour, minute))
    return first_moment(wanted, zone_of(schedule.zone))


def first_moment(wanted: datetime, zone: tzinfo) -> datetime:
    """The first moment, in UTC, at which the clock of that zone shows ``wanted`` (without zone) or more."""
    first = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= second:
        return first
    # The clock jumps over it: by the offset from before the jump it is too late, by the other too early.
    before, after = second, first
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).replace(tzinfo=None) >= wanted:
            after = middle
        else:
            before = middle
    return after


def moved(period: str, by: int) -> str:
    """The period so many after that one, or before it."""
    if is_week(period):
        return _week(_monday(period) + timedelta(weeks=by))
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]) - 1 + by, 12)
    return f"{year:04d}-{month + 1:02d}"


def is_week(period: str) -> bool:
    """Whether it is a week; else it is a month."""
    return "W" in period


def after(period: str, other: str) -> bool:
    """Whether it comes later than the other. A week and a month are not compared: then it is so."""
    return not other or is_week(period) != is_week(other) or period > other


def newest_due(schedule: Schedule, now: datetime) -> Turn:
    """The newest period that is due at this moment, or was before it."""
    period = moved(period_of(schedule, now), 1)
    while (due := due_at(schedule, period)) > now:
        period = moved(period, -1)
    return Turn(period, due)


def next_after(schedule: Schedule, moment: datetime, last: str = "") -> Turn:
    """The next period that falls due after that moment; ``last`` is one that was posted already."""
    period = moved(newest_due(schedule, moment).period, 1)
    if not after(period, last):
        period = moved(last, 1)
    return Turn(period, due_at(schedule, period))


def between(first: str, until: str) -> tuple[str, ...]:
    """The periods from ``first`` to the one before ``until``; at most :data:`LISTED_AT_MOST`, the newest."""
    if not first or is_week(first) != is_week(until):
        return ()
    found: list[str] = []
    period = moved(until, -1)
    while period >= first and len(found) < LISTED_AT_MOST:
        found.append(period)
        period = moved(period, -1)
    return tuple(reversed(found))


def is_late(due: datetime, now: datetime, after_minutes: int) -> bool:
    """Whether what was due then and comes now says that it is late."""
    return now - due > timedelta(minutes=after_minutes)


def _day(schedule: Schedule, period: str) -> date:
    if is_week(period):
        return _monday(period) + timedelta(days=DAYS.index(schedule.day))
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, min(schedule.date, monthrange(year, month)[1]))


def _monday(period: str) -> date:
    return date.fromisocalendar(int(period[:4]), int(period[6:]), 1)


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def _month(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"
