"""The shape of ``digests.yaml``: which digests there are, what is in them, who gets them and when."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workflows.digests.subscription import Schedule
from workflows.ids import Frozen


class Delivered(Frozen):
    """One standing order; exactly one of ``room``, ``functions`` and ``role`` is set."""

    room: str = ""
    """A channel, without ``#``."""
    functions: bool = False
    """The channel of each function, with what concerns that function."""
    role: str = ""
    """Each person of a role, in the direct message and by the clock of their own zone."""
    schedule: Schedule


class DigestSpec(Frozen):
    """One digest."""

    id: str
    title: str = Field(max_length=80)
    version: Literal["executive", "manager", "champion", "channel", "personal"] = "channel"
    """For whom it is written: how much, in which order, and in whose terms."""
    metrics: tuple[str, ...] = ()
    """Ids of metrics; the first three stand at the top with their arrows."""
    charts: tuple[Literal["trend", "funnel", "ageing"], ...] = ()
    """Ids of charts, drawn in this order; empty: none."""
    sections: tuple[str, ...] = ()
    """Ids of sections, in the order in which they are read."""
    tables: tuple[Literal["figures", "functions", "outcomes", "value_tree", "stages", "topics"], ...] = ()
    """Ids of tables; the first is in the post, the others are behind its button."""
    schedules: tuple[Delivered, ...] = ()
    """Empty: only when somebody asks for it, or subscribes to it."""
    readers: tuple[str, ...] = ()
    """Roles whose people may have it sent to themselves; empty: everybody."""


class Patience(Frozen):
    """After how long a use case counts as stuck in a stage."""

    stage: str
    days: int = Field(ge=1)


class DigestPolicy(Frozen):
    """``digests.yaml``."""

    zone: str = "UTC"
    """The company's own, where nobody says another."""
    weeks: int = Field(default=8, ge=2, le=53)
    """How far back trends look."""
    late_after_minutes: int = Field(default=30, ge=1)
    """From then on a digest says that it is late."""
    smallest_group: int = Field(default=5, ge=2)
    """Figures that count people are not shown for fewer."""
    shown: int = Field(default=5, ge=1, le=10)
    """So many lines of a section are in the post; the others are behind its button."""
    ahead_days: int = Field(default=7, ge=1)
    """How far ahead "what runs out" looks."""
    in_use: tuple[str, ...] = ()
    """Stages in which a use case is in everyday use: what crosses a limit there comes first."""
    watched: tuple[str, ...] = ()
    """Stages in which owners, outcomes and numbers are asked after."""
    stuck: tuple[Patience, ...] = ()
    """Stages in which nothing should stay for long; none: nothing is called stuck."""
    digests: tuple[DigestSpec, ...] = ()

    def digest(self, id: str) -> DigestSpec | None:
        """The digest of that id."""
        return next((d for d in self.digests if d.id == id), None)
