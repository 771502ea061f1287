"""A matter: what is opened, has an owner and a state, and is closed again, such as a release."""

from __future__ import annotations

from datetime import datetime

from workflows.decision import Aggregate
from workflows.ids import Frozen, Place, UseCaseId, UserId


class Action(Frozen):
    """Something that somebody has promised to do by a day, tracked until it is done or dropped."""

    id: str
    text: str
    owner: UserId
    due: datetime | None = None
    by: UserId
    """Who asked for it."""
    at: datetime
    done_at: datetime | None = None
    done_by: UserId | None = None
    dropped_at: datetime | None = None
    note: str = ""
    """What came of it, or why it was dropped."""
    not_needed: str = ""
    """Why its owner thinks that it is not needed; it is dropped once somebody else agrees."""
    moved: int = 0
    """How often its day was put off."""

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.dropped_at is None


class Note(Frozen):
    """One line of a timeline: what happened, who did it, and when."""

    at: datetime
    by: UserId | None = None
    """``None``: the clock, or a system that is not a person."""
    what: str
    """A word of the kind of thing it is: ``opened``, ``owner``, ``said`` ..."""
    text: str = ""


class Matter(Aggregate):
    """What all of them have: enough to find them by, whatever else they hold."""

    use_case: UseCaseId | None = None
    """What it is about; ``None`` where it is about none, or about several."""
    status: str
    owner: UserId | None = None
    home: Place | None = None
    """The thread in which it is talked about."""
    opened_at: datetime
    closed_at: datetime | None = None
