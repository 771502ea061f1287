"""An incident: what went wrong with a use case, who looks after it, and what is learned from it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen, IncidentId, ReleaseId, Subject, UserId, WalkId
from workflows.matter import Action, Matter, Note

IncidentType = Literal[
    "drift", "prompt", "data_pipeline", "policy_filter", "harmful_output", "breach", "cost_spike", "other"
]
Severity = Literal["low", "medium", "high", "critical"]


class Quoted(Frozen):
    """The message it was reported from."""

    text: str
    author: UserId | None = None
    link: str = ""


class Incident(Matter):
    """One incident, from report to review."""

    id: IncidentId
    status: Literal["open", "mitigated", "recovered", "reviewed", "closed", "dismissed"] = "open"
    type: IncidentType
    severity: Severity
    what: str
    """What was seen, in the reporter's words."""
    reporter: UserId | None
    """``None``: a system reported it."""
    source: Literal["slack", "cli", "webhook"] = "slack"
    quoted: Quoted | None = None
    began_at: datetime
    """When it began, as far as is known: time to detect counts from here to ``opened_at``."""
    recovered_at: datetime | None = None
    """Time to recover counts from ``opened_at`` to here."""
    release: ReleaseId | None = None
    """The version that was live."""
    review: WalkId | None = None
    """The post-incident review."""
    actions: tuple[Action, ...] = ()
    timeline: tuple[Note, ...] = ()

    @property
    def subject(self) -> Subject:
        """``incident/INC-0042``."""
        return Subject(type="incident", id=self.id)
