"""A release: one version of what a use case runs on, why it changed, and how it went out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import ApprovalId, Frozen, ProgramStamp, ReleaseId, Subject, UseCaseId, UserId
from workflows.matter import Matter, Note


class Parts(Frozen):
    """What is versioned, each by the name its makers use; empty: it has none."""

    model: str = ""
    prompt: str = ""
    retrieval: str = ""
    """Configuration of the retrieval."""
    data: str = ""
    """Snapshot of the data."""
    evaluation: str = ""
    """Version of the evaluation set."""


PARTS: tuple[str, ...] = tuple(Parts.model_fields)
"""The parts by name, in the order in which they are shown."""

FIGURES: tuple[str, ...] = ("first", "second", "third")
"""How much a version changes, by the figure of its number that ought to rise: the model or the data; the
prompt or the retrieval; nothing that could change a result."""

ReleaseStatus = Literal[
    "proposed", "approved", "live", "superseded", "stopped", "rolled_back", "rejected", "withdrawn"
]


class Agreed(Frozen):
    """One person's yes to a restart, and as what they gave it."""

    by: UserId
    label: str
    at: datetime


class Restart(Frozen):
    """Starting again after a stop, once everybody who has to has agreed."""

    by: UserId
    at: datetime
    why: str
    """Why it will not happen again tomorrow, in one sentence."""
    agreed: tuple[Agreed, ...] = ()


class Release(Matter):
    """One version. At most one of a use case is ``live``."""

    id: ReleaseId
    use_case: UseCaseId
    version: str
    status: ReleaseStatus = "proposed"
    proposed_by: UserId
    """A person, or a system (see :mod:`workflows.systems`)."""
    parts: Parts
    changed: str
    why: str
    impact: str
    """What users will notice."""
    another_model: bool = False
    """The model is not a newer version of the one before, but another."""
    program: ProgramStamp
    approval: ApprovalId | None = None
    replaces: ReleaseId | None = None
    """The version that was live before."""
    source: Literal["slack", "cli", "webhook"] = "slack"
    link: str = ""
    approved_at: datetime | None = None
    live_at: datetime | None = None
    was: ReleaseStatus | None = None
    """Of a stopped one: what it was before, and what it is again after a restart."""
    restart: Restart | None = None
    """Asked for, and not complete yet."""
    back_to: ReleaseId | None = None
    """Of one that was rolled back: the version that serves instead."""
    ended_by: UserId | None = None
    ended_why: str = ""
    timeline: tuple[Note, ...] = ()

    @property
    def subject(self) -> Subject:
        """``release/RL-0042``."""
        return Subject(type="release", id=self.id)
