"""The week's gaps in the playbook: what it did not answer, answered badly, or answered from stale pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from workflows.champions import corpus_owners
from workflows.effects import Later
from workflows.ids import Subject, UserId
from workflows.people import Directory
from workflows.program import GapList, Program
from workflows.working_time import zone_of

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def plan_list(program: Program, directory: Directory, now: datetime) -> tuple[Later, ...]:
    """The next list for each owner of the playbook. Planned when a gap shows, so an empty week has none."""
    return tuple(_later(user, program, directory, now) for user in corpus_owners(program, directory, now))


def _later(user: UserId, program: Program, directory: Directory, now: datetime) -> Later:
    zone = directory.person(user).tz
    day = next_day(now, zone, program.consulting.gaps)
    return Later(
        key=f"gaps/{user}/{day}",
        due=begins(day, zone, program.consulting.gaps),
        name="list_gaps",
        subject=Subject(type="person", id=user),
        data={"date": day.isoformat()},
    )


def next_day(now: datetime, zone: str, when: GapList) -> date:
    """The day on which the next list comes, in that zone."""
    today = now.astimezone(zone_of(zone)).date()
    day = today + timedelta(days=(_DAYS.index(when.day) - today.weekday()) % 7)
    return day if begins(day, zone, when) > now else day + timedelta(days=7)


def begins(day: date, zone: str, when: GapList) -> datetime:
    """When the list of that day comes."""
    return datetime.combine(day, time.fromisoformat(when.at), tzinfo=zone_of(zone))
