"""A plan under way: the program's phases and tasks from a day on, each with an owner."""

from __future__ import annotations

from datetime import date
from typing import Literal

from workflows.ids import Frozen, PlanId, Subject, UserId
from workflows.matter import Action, Matter


class PlanTask(Frozen):
    """One task; ``action`` holds owner, day and what came of it."""

    task: str
    """Its id in the program, or made here."""
    phase: str
    action: Action


class Plan(Matter):
    """``owner`` answers for the whole. One is running at a time."""

    id: PlanId
    status: Literal["running", "closed"] = "running"
    begins: date
    tasks: tuple[PlanTask, ...] = ()
    extended: tuple[str, ...] = ()
    """Phases that were given more time, each as often as it was."""
    sponsor: UserId | None = None

    @property
    def subject(self) -> Subject:
        """``plan/PL-0042``."""
        return Subject(type="plan", id=self.id)

    def task(self, id: str) -> PlanTask | None:
        """The task of that id."""
        return next((t for t in self.tasks if t.task == id), None)
