"""The shape of ``figures.yaml``: how the numbers of use cases in use are asked for and judged."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workflows.digests.subscription import Weekday
from workflows.ids import Frozen, Tier


class OutcomeQuestions(Frozen):
    """The questions of the intake that hold a use case's own number."""

    metric: str
    baseline: str = ""
    target: str = ""
    unit: str = ""
    by: str = ""
    """The day on which it is to be reached."""


class GuardrailQuestions(Frozen):
    """One guardrail: the figure that is its number, and the questions that hold its limit and its action."""

    figure: str
    """Id of a figure: ``guardrail_1``."""
    limit: str
    action: str = ""


class Bounds(Frozen):
    """What a figure can be at all."""

    figure: str
    min: float | None = None
    max: float | None = None


class Plausibility(Frozen):
    """From when on a number is questioned before it counts."""

    times: float = Field(default=4.0, gt=1)
    """So many times more, or less, than the last one."""
    small: float = Field(default=10.0, ge=0)
    """Counts below this may jump as they like."""
    bounds: tuple[Bounds, ...] = ()


class CheckInTerms(Frozen):
    """When people are asked for their numbers, and about which use cases."""

    day: Weekday = "thu"
    at: str = "14:00"
    """By the clock of whoever is asked; the next working hour where they do not work then."""
    stages: tuple[str, ...]
    asks: tuple[str, ...]
    """Ids of figures, in the order in which they are asked; those a use case does not have are left out."""
    every_weeks: Mapping[Tier, int] = Field(default_factory=dict)
    """For a tier that is not asked every week."""
    nudge_after_hours: int = Field(default=4, ge=1)
    """Working hours; there is one nudge."""
    missed_after_days: int = Field(default=6, ge=1)


class FigurePolicy(Frozen):
    """``figures.yaml``."""

    outcome: OutcomeQuestions | None = None
    north_star: str = ""
    """The question that holds the company's figure which a use case serves."""
    guardrails: tuple[GuardrailQuestions, ...] = ()
    owners: tuple[str, ...] = ()
    """Questions for a person: the first who is there is asked; then the program team."""
    alerts: tuple[str, ...] = ()
    """Questions for a person: who hears of a crossed guardrail besides whoever is asked for the numbers."""
    room: str = ""
    """The question whose answer is the function whose channel hears of it too."""
    check_in: CheckInTerms | None = None
    """``None``: nobody is asked."""
    plausible: Plausibility = Plausibility()
