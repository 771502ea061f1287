"""Feedback: what somebody noticed about a use case or a tool, without blame."""

from __future__ import annotations

from typing import Literal

from workflows.ids import FeedbackId, Subject, UserId
from workflows.matter import Matter


class Feedback(Matter):
    """``said_by`` is empty where its writer wished not to be named; then it is kept nowhere else either."""

    id: FeedbackId
    status: Literal["open", "answered", "done"] = "open"
    text: str
    said_by: UserId | None = None
    themes: tuple[str, ...] = ()
    """Ids of the program's themes."""
    tool: str = ""
    """A tool that has no use case of its own."""
    answer: str = ""

    @property
    def subject(self) -> Subject:
        """``feedback/FB-0042``."""
        return Subject(type="feedback", id=self.id)
