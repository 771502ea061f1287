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


class Release(Matter):
    """One version. At most one of a use case is ``live``."""

    id: ReleaseId
    use_case: UseCaseId
    version: str
    status: Literal[
        "proposed", "approved", "live", "superseded", "stopped", "rolled_back", "rejected", "withdrawn"
    ] = "proposed"
    parts: Parts
    changed: str
    why: str
    impact: str
    """What users will notice."""
    program: ProgramStamp
    approval: ApprovalId | None = None
    replaces: ReleaseId | None = None
    """The version that was live before."""
    source: Literal["slack", "cli", "webhook"] = "slack"
    link: str = ""
    live_at: datetime | None = None
    ended_by: UserId | None = None
    ended_why: str = ""
    timeline: tuple[Note, ...] = ()

    @property
    def subject(self) -> Subject:
        """``release/RL-0042``."""
        return Subject(type="release", id=self.id)
