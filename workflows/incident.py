"""An incident: what went wrong with a use case, who looks after it, and what is learned from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from workflows.ids import Frozen, IncidentId, ReleaseId, Subject, UserId, WalkId
from workflows.matter import Action, Matter, Note

Status = Literal["open", "mitigated", "recovered", "reviewed", "closed", "dismissed"]
BAD: tuple[Status, ...] = ("open", "mitigated")
"""It is still going on."""
OVER: tuple[Status, ...] = ("closed", "dismissed")
"""Nothing is left to do."""


class Quoted(Frozen):
    """The message it was reported from."""

    text: str
    author: UserId | None = None
    link: str = ""
    channel: str = ""
    ts: str = ""


class Incident(Matter):
    """One incident, from report to review."""

    id: IncidentId
    status: Status = "open"
    type: str
    """A kind of the program."""
    severity: str
    """A severity of the program."""
    what: str
    """What was seen, in the reporter's words."""
    reporter: UserId | None
    """``None``: a system reported it."""
    joined: tuple[UserId, ...] = ()
    """Others who reported the same."""
    source: Literal["slack", "cli", "webhook"] = "slack"
    quoted: Quoted | None = None
    aloud: bool = False
    """Whether the bot speaks in its thread; otherwise it was only reported from there."""
    began_at: datetime
    """When it began, as far as is known: time to detect counts from here to ``opened_at``."""
    taken_at: datetime | None = None
    recovered_at: datetime | None = None
    """Time to recover counts from ``opened_at`` to here."""
    updates_due: datetime | None = None
    """By when those who wait are to hear something."""
    release: ReleaseId | None = None
    """The version that was live."""
    review: WalkId | None = None
    """The post-incident review."""
    reviewer: UserId | None = None
    """Who wrote it."""
    review_wanted: bool = False
    """It is not closed without a review."""
    told: tuple[UserId, ...] = ()
    """Who got its card."""
    rooms: tuple[str, ...] = ()
    """The channels in which it stands, without ``#``."""
    actions: tuple[Action, ...] = ()
    timeline: tuple[Note, ...] = ()
    """In the order of their times."""

    @property
    def subject(self) -> Subject:
        """``incident/INC-0042``."""
        return Subject(type="incident", id=self.id)

    @property
    def bad(self) -> bool:
        """Whether it is still going on."""
        return self.status in BAD

    @property
    def over(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in OVER

    @property
    def to_detect(self) -> timedelta:
        """From its beginning to the report."""
        return self.opened_at - self.began_at

    @property
    def to_recover(self) -> timedelta | None:
        """From the report to normal work; ``None`` while it is not there."""
        return self.recovered_at - self.opened_at if self.recovered_at else None

    def action(self, id: str) -> Action | None:
        """The action of that id."""
        return next((a for a in self.actions if a.id == id), None)
