"""A review of the portfolio: use case by use case, expand, tune, pause or retire, decided in Slack."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen, ProgramStamp, ReviewId, Subject, UseCaseId, UserId
from workflows.matter import Action, Matter, Note
from workflows.portfolio.policy import CourseId as Course

__all__ = ["Course", "PortfolioReview", "Task", "Verdict"]


class Verdict(Frozen):
    """What was decided about one use case, and why."""

    use_case: UseCaseId
    course: Course
    proposed: Course
    """What the rules proposed at that moment."""
    reason: str = ""
    by: UserId
    at: datetime
    moved: bool = False
    """Whether it is in its new stage at once; otherwise somebody sees to it."""


class Task(Action):
    """What somebody sees to after a verdict."""

    use_case: UseCaseId
    to: str = ""
    """The stage that it is to be moved to."""


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
    tasks: tuple[Task, ...] = ()
    timeline: tuple[Note, ...] = ()
    next_due: datetime | None = None

    @property
    def subject(self) -> Subject:
        """``portfolio_review/PR-0042``."""
        return Subject(type="portfolio_review", id=self.id)

    @property
    def on_the_table(self) -> UseCaseId | None:
        """The use case that is to be decided now."""
        return self.queue[self.at] if self.status == "open" and self.at < len(self.queue) else None

    def verdict(self, use_case: str) -> Verdict | None:
        """What was decided about it, last."""
        return next((v for v in reversed(self.verdicts) if v.use_case == use_case), None)

    def task(self, id: str) -> Task | None:
        """The task of that id."""
        return next((t for t in self.tasks if t.id == id), None)
