"""When the portfolio is looked at by itself: by months, in one zone, each period once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from workflows.effects import Later
from workflows.ids import Subject
from workflows.portfolio.policy import Cadence
from workflows.program import Program
from workflows.working_time import zone_of

KEY = "portfolio/next"


def period_of(moment: datetime, zone: str) -> str:
    """``2026-Q4``, where that zone is."""
    local = moment.astimezone(zone_of(zone))
    return f"{local.year}-Q{(local.month + 2) // 3}"


def next_after(moment: datetime, cadence: Cadence) -> datetime | None:
    """The next time it comes by itself, in UTC; ``None`` where it never does."""
    if not cadence.months:
        return None
    zone = zone_of(cadence.zone)
    local = moment.astimezone(zone)
    hour, minute = (int(part) for part in cadence.at.split(":"))
    for year in (local.year, local.year + 1):
        for month in sorted(set(cadence.months)):
            due = datetime.combine(date(year, month, cadence.day), time(hour, minute), tzinfo=zone)
            if due > moment:
                return due.astimezone(UTC)
    return None


def planned_after(moment: datetime, program: Program) -> tuple[Later, ...]:
    """The next session as a job; planning it again only moves it."""
    due = next_after(moment, program.portfolio.cadence)
    if due is None:
        return ()
    subject = Subject(type="program", id=program.stamp.label)
    return (Later(key=KEY, due=due, name="portfolio_review", subject=subject, data={"due": due.isoformat()}),)
