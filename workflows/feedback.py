"""Feedback: what somebody noticed about a use case or a tool, without blame."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import FeedbackId, Subject, UserId
from workflows.matter import Matter


class Feedback(Matter):
    """``said_by`` is empty where its writer wished not to be named; then it is kept nowhere else either."""

    id: FeedbackId
    status: Literal["open", "answered", "done"] = "open"
    """``done``: noted without an answer."""
    text: str
    wish: str = ""
    """What would help, in the writer's words."""
    said_by: UserId | None = None
    themes: tuple[str, ...] = ()
    """Ids of the program's themes."""
    tool: str = ""
    """A tool that has no use case of its own."""
    function: str = ""
    """Id of the function that the use case belongs to; never the writer's own."""
    told: tuple[UserId, ...] = ()
    """Whom it reached."""
    due: datetime | None = None
    """By when somebody should have answered."""
    answer: str = ""
    answered_by: UserId | None = None

    @property
    def subject(self) -> Subject:
        """``feedback/FB-0042``."""
        return Subject(type="feedback", id=self.id)
