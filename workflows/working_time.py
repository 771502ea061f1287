"""Working hours: what deadlines count, in each person's own zone and across changes of the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.program import WorkingTime

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MINUTES = 24 * 60

Minutes = tuple[int, int]
"""From and to, in minutes after midnight by the clock on the wall; a "to" that is not after "from" belongs
to the next day."""


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


def minutes(start: str, end: str) -> Minutes:
    """``09:00`` and ``17:00`` as minutes after midnight."""
    return _minutes(start), _minutes(end)


def hours_a_day(working: WorkingTime) -> float:
    """How long a working day lasts by the clock on the wall."""
    start, end = minutes(working.start, working.end)
    return ((end - start) % _DAY_MINUTES or _DAY_MINUTES) / 60


def _never(_day: date) -> bool:
    return False


@dataclass(frozen=True)
class WorkTimes:
    """When somebody works: hours by weekday in a zone, less the days off. Made once for each decision.

    Moments that go in are aware; those that come out are in UTC. Where no weekday has hours, every hour
    counts and there are no days off.
    """

    zone: str
    week: Mapping[int, tuple[Minutes, ...]]
    """Weekday (Monday is 0) -> its spells of work, in order and apart from one another."""
    usual: Minutes
    """The hours of a day on which this person does not work."""
    off: Callable[[date], bool] = _never
    """Whether a day, as the person's own calendar names it, is a holiday or one they are away."""

    def works_at(self, moment: datetime) -> bool:
        """Whether that moment lies within working hours."""
        return not self.week or self.next_start(moment) == moment

    def next_start(self, moment: datetime) -> datetime:
        """The moment itself when it is a working one, else when work next begins."""
        if not self.week:
            return moment.astimezone(UTC)
        start, _ = next(self._spells(moment))
        return max(start, moment.astimezone(UTC))

    def next_morning(self, moment: datetime) -> datetime:
        """When the first working day begins that begins after that moment."""
        if not self.week:
            return (moment + timedelta(days=1)).astimezone(UTC)
        return next(spells[0][0] for spells in self._days(moment) if spells[0][0] > moment)

    def add(self, start: datetime, hours: float) -> datetime:
        """The moment at which that many working hours have gone by since ``start``.

        Hours are hours that really pass: on the day the clock changes, a night that is an hour shorter
        costs nothing, and working hours that span the change count what they last.
        """
        left = timedelta(hours=hours)
        if not self.week:
            return (start + left).astimezone(UTC)
        spells = self._spells(start)
        while True:
            begins, ends = next(spells)
            begins = max(begins, start.astimezone(UTC))
            if left <= ends - begins:
                return begins + left
            left -= ends - begins

    def end_of(self, day: date) -> datetime:
        """When work ends on that day; where it is no day of work, when it usually would."""
        spells = self.week.get(day.weekday()) or (self.usual,)
        return _spell(day, spells[-1], zone_of(self.zone))[1]

    def day_of(self, moment: datetime) -> date:
        """The day it is for them."""
        return moment.astimezone(zone_of(self.zone)).date()

    def begins(self, day: date) -> datetime:
        """Midnight with which that day begins for them."""
        return _at(day, 0, zone_of(self.zone))

    def _days(self, since: datetime) -> Iterator[list[tuple[datetime, datetime]]]:
        """Days of work from the one that may still be going on, in order, without end: each one's spells."""
        tz = zone_of(self.zone)
        day = since.astimezone(tz).date() - timedelta(days=1)
        while True:
            if not self.off(day):
                spells = (_spell(day, hours, tz) for hours in self.week.get(day.weekday(), ()))
                lasting = [(start, end) for start, end in spells if end > start]
                if lasting:
                    yield lasting
            day += timedelta(days=1)

    def _spells(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spells of work that end after ``since``, in order, without end."""
        for spells in self._days(since):
            yield from ((start, end) for start, end in spells if end > since)


def company_week(zone: str, working: WorkingTime) -> WorkTimes:
    """The program's own hours in a zone: for what concerns no person in particular."""
    hours = minutes(working.start, working.end)
    return WorkTimes(zone=zone, week={DAYS.index(day): (hours,) for day in working.days}, usual=hours)


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _spell(day: date, hours: Minutes, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """A day's spell in UTC."""
    start, end = hours
    return _at(day, start, tz), _at(day, end if end > start else end + _DAY_MINUTES, tz)


def _at(day: date, after_midnight: int, tz: ZoneInfo) -> datetime:
    day += timedelta(days=after_midnight // _DAY_MINUTES)
    after_midnight %= _DAY_MINUTES
    return datetime.combine(day, time(after_midnight // 60, after_midnight % 60), tzinfo=tz).astimezone(UTC)
