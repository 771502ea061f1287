"""A check-in: once a week the metric owner of a use case is asked for its numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from workflows.ids import CheckInId, Frozen, Subject, UseCaseId, UserId
from workflows.matter import Matter


class Told(Frozen):
    """One number as it was given; ``of`` where it is a part or an average."""

    figure: str
    value: float
    of: float | None = None
    function: str = ""
    by: UserId
    at: datetime
    note: str = ""


class Doubt(Frozen):
    """A number that is hardly possible: it counts once its teller has said that it is right."""

    told: Told
    because: str


class CheckIn(Matter):
    """One use case, one week; its ``owner`` is who was asked. Never two for the same week."""

    id: CheckInId
    use_case: UseCaseId
    status: Literal["asked", "doubted", "told", "unchanged", "missed"] = "asked"
    week: date
    """The Monday of the week that is asked about."""
    figures: tuple[Told, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    late: bool = False
    reminded: bool = False

    @property
    def subject(self) -> Subject:
        """``check_in/CI-0042``."""
        return Subject(type="check_in", id=self.id)
