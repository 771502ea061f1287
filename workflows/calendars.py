"""Who is there when: each person's own working times, from the program's calendars and what they said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from workflows.availability import Availability, Away, Hours
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import HolidayCalendar, WorkingTime
from workflows.working_time import DAYS, Minutes, WorkTimes, minutes, zone_of

Availabilities = Mapping[UserId, Availability]
"""What people have said of when they are there; whoever is not in it has said nothing."""


def work_times(user: UserId, directory: Directory, working: WorkingTime) -> WorkTimes:
    """When this person works: the hours they gave themselves, else those of their group, else the program's.

    Holidays of their calendar and days on which they are away are days off.
    """
    own = directory.availability(user)
    calendar = calendar_of(user, directory, working)
    usual = minutes(working.start, working.end)
    hours = own.hours if own and own.hours else _of_group(user, directory, working)
    week = _week(hours) if hours else {DAYS.index(day): (usual,) for day in working.days}
    away = own.away if own else ()
    return WorkTimes(
        zone=directory.person(user).tz,
        week=week,
        usual=usual,
        off=lambda day: any(a.first <= day <= a.last for a in away) or holiday(calendar, day) != "",
    )


def expected_times(user: UserId, directory: Directory, working: WorkingTime) -> WorkTimes:
    """The same as if they were not away: what counts where nobody else could act in the meantime."""
    own = directory.availability(user)
    if own is None or not own.away:
        return work_times(user, directory, working)
    present = {**directory.availabilities, user: own.model_copy(update={"away": ()})}
    return work_times(user, directory.model_copy(update={"availabilities": present}), working)


def calendar_of(user: UserId, directory: Directory, working: WorkingTime) -> HolidayCalendar | None:
    """Their holiday calendar: the one they chose, else that of their group, else that of their time zone."""
    own = directory.availability(user)
    calendars = working.calendars
    if own and own.calendar:
        return next((c for c in calendars if c.id == own.calendar), None)
    for calendar in calendars:
        if any(user in directory.groups.get(group, ()) for group in calendar.groups):
            return calendar
    zone = directory.person(user).tz
    return next((c for c in calendars if zone in c.zones), None)


def holiday(calendar: HolidayCalendar | None, day: date) -> str:
    """What holiday that day is in the calendar; empty where it is none."""
    if calendar is None or day in calendar.worked:
        return ""
    if day in calendar.extra:
        return "a day off in the company"
    if not calendar.country:
        return ""
    return public_holidays(calendar.country, calendar.subdivision, day.year).get(day, "")


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """The public holidays of a year by day, with their names in English where the library has them.

    ``country`` is an ISO 3166 code, ``subdivision`` the part of it (``NY``, ``ENG``) or empty. Raises
    ``NotImplementedError`` for a country or subdivision that the library does not know.
    """
    import holidays

    found = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, expand=False, language="en_US"
    )
    return dict(found)


def away_at(user: UserId, directory: Directory, now: datetime) -> Away | None:
    """The days off that this person is in the middle of; of several the one that ends last."""
    own = directory.availability(user)
    if own is None or not own.away:
        return None
    today = now.astimezone(zone_of(directory.person(user).tz)).date()
    running = [a for a in own.away if a.first <= today <= a.last]
    return max(running, key=lambda a: a.last, default=None)


def _of_group(user: UserId, directory: Directory, working: WorkingTime) -> tuple[Hours, ...]:
    for pattern in working.part_time:
        if user in directory.groups.get(pattern.group, ()):
            return pattern.hours
    return ()


def _week(hours: tuple[Hours, ...]) -> dict[int, tuple[Minutes, ...]]:
    week: dict[int, tuple[Minutes, ...]] = {}
    for one in sorted(hours, key=lambda h: h.start):
        day = DAYS.index(one.day)
        week[day] = (*week.get(day, ()), minutes(one.start, one.end))
    return week
