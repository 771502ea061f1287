"""A recorded event: one number, or one thing that a person did, that is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import Field

from workflows.ids import Frozen, UseCaseId, UserId


class Event(Frozen):
    """What measures are computed from, besides the states and the log.

    ``kind`` is the id of a figure (``workflows.figures.catalogue``) or of a deed (``learned``, ``feedback``).
    An event whose ``key`` is stored already takes its place: so a corrected figure counts once.
    """

    key: str
    """Unique: ``figure/UC-0042/cost//2026-11-16``."""
    kind: str
    at: datetime
    """When it was so."""
    week: date
    """The Monday of the week it counts in."""
    use_case: UseCaseId | None = None
    function: str = ""
    """Id of a function of the company; empty: not known, or all of them."""
    person: UserId | None = None
    """Only for what a person did in the bot: figures of a system never name anybody."""
    value: float = 1.0
    of: float | None = None
    """What ``value`` is a part of, or how many answers it is the average of."""
    source: str = ""
    """``check_in``, ``csv``, ``webhook``, ``slack`` ..."""
    by: UserId | None = None
    """Who told it."""
    received_at: datetime
    late: bool = False
    """Whether it came after its week was reported."""
    detail: dict[str, Any] = Field(default_factory=dict)


def week_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())
