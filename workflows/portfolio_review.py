"""A review of the portfolio: use case by use case, expand, tune, pause or retire, decided in Slack."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen, ProgramStamp, ReviewId, Subject, UseCaseId, UserId
from workflows.matter import Matter, Note

Course = Literal["expand", "keep", "tune", "pause", "retire", "archive", "later"]


class Verdict(Frozen):
    """What was decided about one use case, and why."""

    use_case: UseCaseId
    course: Course
    reason: str = ""
    by: UserId
    at: datetime


class PortfolioReview(Matter):
    """One session: the use cases in the order in which they are gone through."""

    id: ReviewId
    status: Literal["open", "closed", "cancelled"] = "open"
    period: str
    """``2026-Q4``."""
    queue: tuple[UseCaseId, ...]
    at: int = 0
    """Which of the queue is on the table."""
    verdicts: tuple[Verdict, ...] = ()
    members: tuple[UserId, ...] = ()
    """Who may decide in it."""
    program: ProgramStamp
    timeline: tuple[Note, ...] = ()
    next_due: datetime | None = None

    @property
    def subject(self) -> Subject:
        """``portfolio_review/PR-0042``."""
        return Subject(type="portfolio_review", id=self.id)
