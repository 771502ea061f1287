"""A data contract: what a data set promises by version, who relies on it, and where it was broken."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from workflows.ids import ContractId, Frozen, Subject, UseCaseId, UserId
from workflows.matter import Matter, Note

Layer = Literal["structural", "semantic", "behavioural"]


class ContractVersion(Frozen):
    """One version as it was submitted: the whole document, and how it differs from the one before."""

    version: str
    """Semantic: ``2.1.0``."""
    document: dict[str, Any]
    by: UserId | None
    at: datetime
    breaking: tuple[str, ...] = ()
    """What of it breaks those who rely on the version before."""
    changes: tuple[str, ...] = ()
    """What else is different."""


class Breach(Frozen):
    """A promise that was not kept."""

    id: str
    layer: Layer
    what: str
    severity: Literal["low", "medium", "high"] = "medium"
    by: UserId | None
    """``None``: a system reported it."""
    source: Literal["slack", "cli", "webhook"] = "slack"
    at: datetime
    closed_at: datetime | None = None
    closed_by: UserId | None = None
    reason: str = ""
    """Why it is closed."""

    @property
    def open(self) -> bool:
        """Whether it still stands."""
        return self.closed_at is None


class Contract(Matter):
    """A contract with all its versions; the last is in force."""

    id: ContractId
    status: Literal["active", "retired"] = "active"
    name: str
    """The document's own id, unique among contracts."""
    title: str
    versions: tuple[ContractVersion, ...]
    consumers: tuple[UseCaseId, ...] = ()
    """The use cases that rely on it."""
    breaches: tuple[Breach, ...] = ()
    timeline: tuple[Note, ...] = ()

    @property
    def subject(self) -> Subject:
        """``contract/DC-0042``."""
        return Subject(type="contract", id=self.id)

    @property
    def current(self) -> ContractVersion:
        """The version in force."""
        return self.versions[-1]

    @property
    def open_breaches(self) -> tuple[Breach, ...]:
        """The breaches that still stand, oldest first."""
        return tuple(b for b in self.breaches if b.open)
