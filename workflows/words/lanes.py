"""How people say the lanes of the portfolio."""

from __future__ import annotations

from workflows.portfolio.inventory import Lane


def ways_of_lane(lane: Lane) -> tuple[str, ...]:
    """How a lane is said: *quick win*, *quick wins* and the program's other words."""
    label = lane.label.casefold()
    return tuple(
        dict.fromkeys((lane.many.casefold(), f"{label}s", label, *(w.casefold() for w in lane.words)))
    )
