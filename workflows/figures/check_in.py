"""A check-in: once a week the metric owner of a use case is asked for its numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

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
    """How it was said, where that is worth keeping: ``about``, ``85%``."""

    @property
    def which(self) -> tuple[str, str]:
        """What there is one of in a week."""
        return self.figure, self.function


class Amount(Frozen):
    """A number that may have been meant instead."""

    value: float
    of: float | None = None


class Doubt(Frozen):
    """A number that is hardly possible: it counts once its teller has said that it is right."""

    told: Told
    because: str
    """Which sentence asks: the end of a key of ``messages.yaml``."""
    last: float | None = None
    """What it was questioned against."""
    instead: tuple[Amount, ...] = ()
    possible: bool = True
    """Whether it can be right at all."""


class Alert(Frozen):
    """A guardrail that was crossed in the week, and what came of it."""

    figure: str
    value: float | None
    """``None``: it has no limit in numbers, and somebody said that it is out of bounds."""
    since: date
    """The first week of those in a row in which it was crossed."""
    weeks: int = 1
    at: datetime
    to: tuple[UserId, ...] = ()
    """Who was told."""
    answer: Literal["", "done", "not"] = ""
    reason: str = ""
    by: UserId | None = None
    answered_at: datetime | None = None


class CheckIn(Matter):
    """One use case, one week; its ``owner`` is who was asked. Never two for the same week."""

    id: CheckInId
    use_case: UseCaseId
    status: Literal["asked", "doubted", "told", "unchanged", "missed", "off"] = "asked"
    """``off``: somebody said that it was switched off."""
    week: date
    """The Monday of the week that is asked about."""
    figures: tuple[Told, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    alerts: tuple[Alert, ...] = ()
    within: dict[str, bool] = Field(default_factory=dict)
    """Of guardrails without a limit in numbers: whether somebody said that they are within bounds."""
    late: bool = False
    reminded: bool = False
    passed_by: tuple[UserId, ...] = ()
    """Who was asked before, and named somebody else."""

    @property
    def subject(self) -> Subject:
        """``check_in/CI-0042``."""
        return Subject(type="check_in", id=self.id)

    @property
    def waits(self) -> bool:
        """Whether something is still to be said."""
        return self.status in ("asked", "doubted")
