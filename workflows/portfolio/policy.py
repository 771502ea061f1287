"""The shape of ``portfolio_review.yaml``: when the portfolio is looked at, by whom, and what is proposed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workflows.ids import Frozen
from workflows.questions import Expression

CourseId = Literal["expand", "keep", "tune", "pause", "retire", "archive", "later"]

FACTS = {
    "stage": "where it is in its life cycle",
    "days_in_stage": "for how many days",
    "measurable": "whether its outcome has a metric and a target",
    "outcome_over": "whether the date of its outcome has passed",
    "users": "how many people were expected to use it",
    "incidents": "how many incidents of the last 90 days",
    "incidents_open": "how many of them still go on",
    "actions_open": "how many actions after incidents are still to be done",
    "waivers": "how many waivers are in force",
    "owners_missing": "how many owners are not named, or have left",
    "score_change": "the largest change of a score under the program as it is now",
    "put_off": "whether the last review left it for another day, or did not reach it",
    "tunes": "how often in a row the last reviews said tune",
    "overruled": "how often in a row another course was taken than proposed",
}
"""What the rules may read besides the answers and ``tier``: numbers, but for ``stage`` and the next three."""
TRUE_OR_FALSE = ("measurable", "outcome_over", "put_off")


class Cadence(Frozen):
    """When it comes by itself."""

    months: tuple[int, ...] = ()
    """Numbers of the months; empty: only when somebody starts it."""
    day: int = Field(default=15, ge=1, le=28)
    at: str = "09:00"
    zone: str = "UTC"


class CourseOf(Frozen):
    """One thing that can be decided, and what follows from it."""

    id: CourseId
    label: str = Field(max_length=60)
    moves_to: str = ""
    """The stage it moves to; offered only where the life cycle has that move. Empty: it stays."""
    reason: bool = False
    """Whether a reason has to be given in any case; against the proposal it always has."""
    task: str = ""
    """What its owner has to do then; tracked until it is done."""
    owner: str = "business_owner"
    """The question whose answer names who sees to it."""
    within_days: int = Field(default=30, ge=1)


class Proposal(Frozen):
    """A course that comes by rule: of the courses the first that is possible from where it stands."""

    when: Expression
    courses: tuple[CourseId, ...]
    because: str


class PortfolioPolicy(Frozen):
    """``portfolio_review.yaml``."""

    cadence: Cadence = Cadence()
    room: str = ""
    """The channel (no ``#``) in which it takes place; empty: only in the direct message."""
    decides: str = ""
    """The role whose people decide."""
    prepares: str = ""
    """The role whose people may start and close it as well."""
    stages: tuple[str, ...] = ()
    """Use cases in these are gone through."""
    first: tuple[Expression, ...] = ()
    """Those that meet the first of these come first, and so on; the rest follows by age in its stage."""
    metric: str = ""
    """The question whose answer is the outcome's metric."""
    baseline: str = ""
    target: str = ""
    unit: str = ""
    by: str = ""
    """The question whose answer is the date of the outcome."""
    users: str = ""
    courses: tuple[CourseOf, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    otherwise: CourseId = "keep"
    """What is proposed where no rule holds."""

    def course(self, id: str) -> CourseOf | None:
        """The course of that id."""
        return next((c for c in self.courses if c.id == id), None)
