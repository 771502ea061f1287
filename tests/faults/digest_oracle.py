"""When digests should come, worked out without the bot's own schedule: by stepping through the minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wanted:
    """One digest for one channel."""

    channel: str
    digest: str
    zone: str
    every: str
    day: str
    date: int
    at: str


@dataclass(frozen=True)
class Seen:
    """A moment at which the bot was up and did what was due; in the ``closed`` channels it could not post."""

    begins: datetime
    ends: datetime
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Expected:
    """What should have become of one period."""

    due: datetime
    posted: bool
    late: bool | None = None
    """``None`` where either will do: its lateness changed while it was being sent."""


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows."""
    return moment.astimezone(zone).replace(tzinfo=None)


def stepped(day: date, at: str, zone: str, hours: int = 52) -> datetime:
    """Minute by minute, from ``hours`` before on, until the clock on the wall of that zone has come that far.

    With fewer hours than 52 the offset of the day before is trusted as a first guess.
    """
    tz = ZoneInfo(zone)
    wanted = datetime.combine(day, time.fromisoformat(at))
    moment = wanted.replace(tzinfo=UTC)
    if hours < 52:
        moment -= (moment - timedelta(days=1)).astimezone(tz).utcoffset() or timedelta(0)
    moment -= timedelta(hours=hours)
    assert wall(moment, tz) < wanted, "the guess was too late"
    while wall(moment, tz) < wanted:
        moment += MINUTE
    return moment


def dues(wanted: Wanted, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """The periods that fall due after ``start`` and not after ``end``, in order."""
    found: list[tuple[str, datetime]] = []
    day = (start - timedelta(days=3)).date()
    while day <= (end + timedelta(days=3)).date():
        year, week, _ = day.isocalendar()
        last_of_month = (day + timedelta(days=1)).day == 1
        named = ""
        if wanted.every == "week" and DAYS[day.weekday()] == wanted.day:
            named = f"{year}-W{week:02d}"
        if wanted.every == "month" and (day.day == wanted.date or (last_of_month and day.day < wanted.date)):
            named = f"{day:%Y-%m}"
        if named:
            due = stepped(day, wanted.at, wanted.zone, hours=4)
            if start < due <= end:
                found.append((named, due))
        day += timedelta(days=1)
    return found


def expected(
    orders: Sequence[Wanted], seen: Sequence[Seen], late_after: timedelta
) -> dict[tuple[str, str, str], Expected]:
    """What should have come of every (channel, digest, period) that fell due while the run lasted.

    ``seen[0]`` is when the orders were given; of what fell due between two others the newest is posted.
    """
    found: dict[tuple[str, str, str], Expected] = {}
    for order in orders:
        by_look: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
        look = 1
        for period, due in dues(order, seen[0].ends, seen[-1].begins):
            while seen[look].begins < due:
                look += 1
            by_look[look].append((period, due))
        for number, fell in by_look.items():
            at = seen[number]
            for period, due in fell[:-1]:
                found[order.channel, order.digest, period] = Expected(due, posted=False)
            period, due = fell[-1]
            lates = {moment - due > late_after for moment in (at.begins, at.ends)}
            is_open = order.channel not in at.closed
            late = lates.pop() if len(lates) == 1 else None
            found[order.channel, order.digest, period] = Expected(due, is_open, late)
    return found
