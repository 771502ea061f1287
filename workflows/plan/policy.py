"""The shape of ``plan.yaml``: the phases of the 90-day plan and their tasks."""

from __future__ import annotations

from pydantic import Field

from workflows.ids import Frozen


class PlannedTask(Frozen):
    """One task: what is there when it is done, whose it is, and by which day of the plan."""

    id: str
    text: str
    role: str
    """The role whose first person is its owner."""
    day: int = Field(ge=1)
    """Counted from the first day of the plan, which is 1."""


class Phase(Frozen):
    """One phase, until a day of the plan."""

    id: str
    label: str
    ends: int = Field(ge=1)
    """The last day of the phase, counted from the first day of the plan."""
    result: str = ""
    """What the phase ends with."""
    tasks: tuple[PlannedTask, ...] = ()


class Extension(Frozen):
    """How a phase may be given more time."""

    times: int = Field(default=1, ge=0)
    """How often each phase."""
    working_days: int = Field(default=10, ge=1)


class PlanPolicy(Frozen):
    """``plan.yaml``."""

    label: str = ""
    """What the plan is called; empty: there is none."""
    sponsor: str = ""
    """The role whose first person sponsors it and hears how it ended."""
    room: str = ""
    """The channel (no ``#``) in which it stands; empty: that of the program team."""
    extend: Extension = Extension()
    phases: tuple[Phase, ...] = ()

    def phase(self, id: str) -> Phase | None:
        """The phase of that id."""
        return next((p for p in self.phases if p.id == id), None)
