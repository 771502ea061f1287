"""When a person can act: their own working week, the days they are away, and who stands in for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from workflows.ids import Frozen, Subject, UserId
from workflows.matter import Matter

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Away(Frozen):
    """Days on which the person is not there, both included, in their own zone."""

    first: date
    last: date
    stand_in: UserId | None = None
    """Who decides for them meanwhile."""
    said_at: datetime


class StandingDelegation(Frozen):
    """Somebody who may always decide beside the person, until it is taken back."""

    to: UserId
    roles: tuple[str, ...] = ()
    """Only in these roles; empty: in all."""
    since: datetime
    until: datetime | None = None


class Hours(Frozen):
    """The hours of one weekday, by the clock on the wall: ``09:00`` to ``13:00``."""

    day: Day
    start: str
    end: str


class Availability(Matter):
    """One per person; its id is theirs. Without hours of their own, those of the program count."""

    id: UserId
    status: Literal["kept"] = "kept"
    away: tuple[Away, ...] = ()
    standing: tuple[StandingDelegation, ...] = ()
    hours: tuple[Hours, ...] = ()
    """Empty: the program's; days that are missing are not worked."""
    calendar: str = ""
    """Id of the program's holiday calendar; empty: the one that the program finds for them."""

    @property
    def subject(self) -> Subject:
        """``availability/U012AB3CD``."""
        return Subject(type="availability", id=self.id)
