"""Adoption of the systems in use: who uses them, and whether it is worth their while."""

from __future__ import annotations

from collections.abc import Sequence

from storage.metrics.figures import ratios, sums
from storage.metrics.registry import Ask, metric
from storage.metrics.standings import telling
from workflows.measures.measured import Cell, Metric


@metric(
    Metric(
        id="active_users",
        label="Active users",
        family="adoption",
        kind="adoption",
        unit="people",
        window="week",
        definition=(
            "People who completed at least one task with an AI system in the week. Somebody who uses two "
            "systems counts in each."
        ),
        action="The champion and the manager talk to five people who stopped.",
        better="up",
        people=True,
    )
)
def active_users(ask: Ask) -> Sequence[Cell]:
    """The sum of the figure ``active_users``; ``of``: those who are meant to use it."""
    return sums(ask, "active_users")


@metric(
    Metric(
        id="active_share",
        label="Active share of intended users",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="week",
        definition="Active users of the week as a share of those who are meant to use the system.",
        action="The champion and the manager talk to five people who stopped.",
        better="up",
        people=True,
    )
)
def active_share(ask: Ask) -> Sequence[Cell]:
    """Active users of those who are meant to be, where both were told."""
    return ratios(ask, "active_users", 100.0)


@metric(
    Metric(
        id="repeat_use",
        label="Repeat use",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="week",
        definition="Active users of the week before who came back in this week.",
        action="Watch three people at work for half an hour, and take away the step that costs them most.",
        better="up",
        people=True,
    )
)
def repeat_use(ask: Ask) -> Sequence[Cell]:
    """Returning users of those who were active in the week before."""
    return ratios(ask, "returning_users", 100.0)


@metric(
    Metric(
        id="completion",
        label="Tasks completed",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="week",
        definition=(
            "Tasks that were carried through to the end, as a share of those that were started in the week."
        ),
        action="Find the step at which people leave, and fix that one first.",
        better="up",
    ),
)
def completion(ask: Ask) -> Sequence[Cell]:
    """Completed of started tasks, where both were told."""
    return ratios(ask, "tasks_completed", 100.0)


@metric(
    Metric(
        id="time_to_first_value",
        label="Days to first value",
        family="adoption",
        kind="adoption",
        unit="days",
        window="week",
        definition=(
            "Working days from access to the first result that was really used, over the new users of "
            "the week."
        ),
        action="Ask three new users what they waited for; mostly it is access.",
        better="down",
        people=True,
    ),
)
def time_to_first_value(ask: Ask) -> Sequence[Cell]:
    """The average over new users of what was told."""
    return ratios(ask, "first_value_days")


@metric(
    Metric(
        id="override_rate",
        label="Results overridden",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="week",
        definition=(
            "Results that people changed substantially or threw away, as a share of those they were "
            "shown in the week."
        ),
        action="Read twenty overridden results; if quality is the cause, repeat the evaluation.",
        better="neither",
    ),
)
def override_rate(ask: Ask) -> Sequence[Cell]:
    """Overridden of shown results, where both were told."""
    return ratios(ask, "results_overridden", 100.0)


@metric(
    Metric(
        id="satisfaction",
        label="Satisfaction",
        family="adoption",
        kind="adoption",
        unit="score",
        window="week",
        definition="The average answer on a scale of five in the week.",
        action="Read what people wrote, and answer the sentence that comes up most.",
        better="up",
        people=True,
    ),
)
def satisfaction(ask: Ask) -> Sequence[Cell]:
    """The average over answers; a report without their number counts as one answer."""
    return ratios(ask, "satisfaction")


@metric(
    Metric(
        id="systems_used",
        label="Systems that report use",
        family="adoption",
        kind="adoption",
        unit="percent",
        window="week",
        definition="Use cases in use that told their active users for the week, as a share of all in use.",
        action=(
            "Ask the metric owners of the silent ones; a system that nobody counts may be one that "
            "nobody uses."
        ),
        better="up",
    ),
)
def systems_used(ask: Ask) -> Sequence[Cell]:
    """Use cases with the figure, of those in use at the end of the week."""
    return telling(ask, "active_users")
