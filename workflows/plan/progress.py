"""How a plan stands: each phase, what is late in it, and in short what came of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflows.plan.plan import Plan, PlanTask
from workflows.plan.policy import Phase, PlanPolicy


@dataclass(frozen=True)
class PhaseProgress:
    """One phase. ``late`` are its tasks whose day is over, the oldest first."""

    phase: Phase
    done: int
    of: int
    late: tuple[PlanTask, ...]
    times_extended: int

    @property
    def finished(self) -> bool:
        """Whether nothing of it is open."""
        return self.done == self.of


def tasks_of(plan: Plan, phase: str) -> tuple[PlanTask, ...]:
    """The tasks of a phase, those that are due first in front; dropped ones are left out."""
    kept = (t for t in plan.tasks if t.phase == phase and not t.action.dropped_at)
    return tuple(sorted(kept, key=lambda t: (t.action.due is None, t.action.due, t.task)))


def late(plan: Plan, now: datetime) -> tuple[PlanTask, ...]:
    """Every open task whose day is over, the oldest first."""
    over = [t for t in plan.tasks if t.action.open and t.action.due and t.action.due <= now]
    return tuple(sorted(over, key=lambda t: (t.action.due, t.task)))


def progress(plan: Plan, policy: PlanPolicy, now: datetime) -> tuple[PhaseProgress, ...]:
    """Each phase of the program, in its order."""
    behind = late(plan, now)
    return tuple(
        PhaseProgress(
            phase=phase,
            done=sum(t.action.done_at is not None for t in tasks_of(plan, phase.id)),
            of=len(tasks_of(plan, phase.id)),
            late=tuple(t for t in behind if t.phase == phase.id),
            times_extended=plan.extended.count(phase.id),
        )
        for phase in policy.phases
    )


def day_of_plan(plan: Plan, now: datetime) -> int:
    """Which day of the plan it is; the first is 1, before it 0 or less."""
    return (now.date() - plan.begins).days + 1
