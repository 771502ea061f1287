"""Working hours: what the SLA clock counts, in each person's own zone and across changes of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.program import WorkingTime

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC for a name the system does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def by_the_clock(moment: datetime, zone: str, now: datetime) -> str:
    """``09:12`` in that zone, with the day where it is not today's there."""
    tz = zone_of(zone)
    then, today = moment.astimezone(tz), now.astimezone(tz)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then:%H:%M} on {then.day} {then:%B}{year}"


def is_working(moment: datetime, zone: str, working: WorkingTime) -> bool:
    """Whether that moment (aware) lies within working hours in that zone."""
    return not working.days or next_working_start(moment, zone, working) == moment


def next_working_start(moment: datetime, zone: str, working: WorkingTime) -> datetime:
    """The moment itself when it is a working one, else when work next begins. In UTC."""
    if not working.days:
        return moment.astimezone(UTC)
    for start, end in _spells(moment, zone, working):
        if moment < end:
            return max(start, moment.astimezone(UTC))
    raise AssertionError("a week without an end has a working day in it")


def next_morning(moment: datetime, zone: str, working: WorkingTime) -> datetime:
    """The first beginning of a working day after that moment. In UTC."""
    if not working.days:
        return (moment + timedelta(days=1)).astimezone(UTC)
    return next(start for start, _ in _spells(moment, zone, working) if start > moment)


def add_working_hours(start: datetime, hours: float, zone: str, working: WorkingTime) -> datetime:
    """The moment at which that many working hours have gone by since ``start``. In UTC.

    Hours are hours that really pass: on the day the clock changes, a night that is an hour shorter
    costs nothing, and working hours that span the change count what they last. Without any working day
    in the program, every hour counts.
    """
    left = timedelta(hours=hours)
    if not working.days:
        return (start + left).astimezone(UTC)
    for begins, ends in _spells(start, zone, working):
        begins = max(begins, start.astimezone(UTC))
        if begins >= ends:
            continue
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("a week without an end has a working day in it")


def end_of_work(day: date, zone: str, working: WorkingTime) -> datetime:
    """When work ends on that day, working day or not. In UTC."""
    return _spell(day, zone, working)[1]


def hours_a_day(working: WorkingTime) -> float:
    """How long a working day lasts by the clock on the wall."""
    start, end = _minutes(working.start), _minutes(working.end)
    return ((end - start) % (24 * 60) or 24 * 60) / 60


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _spell(day: date, zone: str, working: WorkingTime) -> tuple[datetime, datetime]:
    """A day's working hours in UTC. An end that is not after the start belongs to the next day."""
    tz = zone_of(zone)
    start, end = _minutes(working.start), _minutes(working.end)
    end_day = day if end > start else day + timedelta(days=1)
    return _at(day, start, tz), _at(end_day, end, tz)


def _at(day: date, minutes: int, tz: ZoneInfo) -> datetime:
    day += timedelta(days=minutes // (24 * 60))
    minutes %= 24 * 60
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=tz).astimezone(UTC)


def _spells(since: datetime, zone: str, working: WorkingTime) -> Iterator[tuple[datetime, datetime]]:
    """Working spells from the one that may still be running at ``since``, in order, without end."""
    day = since.astimezone(zone_of(zone)).date() - timedelta(days=1)
    while True:
        if _DAYS[day.weekday()] in working.days:
            start, end = _spell(day, zone, working)
            if end > since and end > start:
                yield start, end
        day += timedelta(days=1)
