"""Adoption of the systems in use: who uses them, and whether it is worth their while."""

from __future__ import annotations

from collections.abc import Sequence

from storage.metrics.figures import ratios, sums
from storage.metrics.registry import Ask, metric
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
