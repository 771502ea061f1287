"""What a metric function returns, and what digests are made of."""

from __future__ import annotations

from datetime import date
from typing import Literal

from workflows.ids import Frozen

Family = Literal["adoption", "value", "risk"]
Kind = Literal["adoption", "impact", "risk"]
Unit = Literal["people", "percent", "count", "days", "hours", "score", "money", "number"]


class Metric(Frozen):
    """What a metric is, in words: registered beside its query."""

    id: str
    label: str
    family: Family
    """The digest it belongs to."""
    kind: Kind
    """Whether it says that something is used, that the work got better, or that something may go wrong."""
    unit: Unit
    window: str
    """Over which time one value counts: ``week``, ``90 days``, ``now``."""
    definition: str
    action: str
    """What is done when it moves the wrong way; a program may say it otherwise."""
    better: Literal["up", "down", "neither"]
    people: bool = False
    """Whether it counts people, so that small groups are not shown."""


class Cell(Frozen):
    """One value. ``key`` is what it is broken down by: a function, a use case, a stage; empty: everything."""

    week: date
    """The Monday of its week; of a value of now, the week of now."""
    key: str = ""
    value: float | None
    """``None``: nothing to compute it from, or withheld."""
    of: float | None = None
    """What a share is a share of, or how many values an average has."""
    withheld: bool = False
    """The group is smaller than the program shows."""


class Series(Frozen):
    """A metric over some weeks, the oldest first."""

    metric: Metric
    target: float | None = None
    cells: tuple[Cell, ...] = ()
