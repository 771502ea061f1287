"""A data contract: what a data set promises by version, who relies on it, and where it was broken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from workflows.contract_diff import Change, Layer
from workflows.ids import ContractId, Frozen, Subject, UseCaseId, UserId
from workflows.matter import Matter, Note

__all__ = ["Breach", "Contract", "ContractVersion", "Gauge", "Layer", "Receipt", "Severity"]

Severity = Literal["low", "medium", "high"]
Source = Literal["slack", "cli", "webhook"]


class ContractVersion(Frozen):
    """One version as it was submitted: the whole document, and how it differs from the one before."""

    version: str
    """Semantic: ``2.1.0``."""
    document: dict[str, Any]
    text: str = ""
    """The file as it was submitted, to the letter."""
    by: UserId | None
    at: datetime
    counts_from: datetime | None = None
    """When it comes into force; ``None``: when it was submitted."""
    changes: tuple[Change, ...] = ()

    @property
    def breaking(self) -> tuple[Change, ...]:
        """What of it breaks those who rely on the version before."""
        return tuple(c for c in self.changes if c.level == "breaking")

    def counts(self, now: datetime) -> bool:
        """Whether it is in force, or was before a later one."""
        return self.counts_from is None or self.counts_from <= now


class Receipt(Frozen):
    """What somebody who relies on it says to a version that breaks something."""

    version: str
    use_case: UseCaseId
    by: UserId
    at: datetime
    objects: bool = False
    reason: str = ""


class Report(Frozen):
    """Somebody, or a system, says that the promise is broken; the first opens the breach."""

    by: UserId | None
    """``None``: a system."""
    source: Source
    at: datetime
    what: str


class Breach(Frozen):
    """A promise that is not kept."""

    id: str
    layer: Layer
    about: str = ""
    """The promise or the field: ``latency``, ``claims.settled_on``; empty for all of that layer."""
    what: str
    severity: Severity = "medium"
    by: UserId | None
    """``None``: a system reported it."""
    source: Source = "slack"
    at: datetime
    began_at: datetime | None = None
    """Since when, as far as is known."""
    measured: bool = False
    """Found by comparing a measured value with the promise; then one that is good again closes it."""
    joined: tuple[Report, ...] = ()
    """Later reports of the same, while it was open."""
    closed_at: datetime | None = None
    closed_by: UserId | None = None
    reason: str = ""
    """Why it is closed."""

    @property
    def open(self) -> bool:
        """Whether it still stands."""
        return self.closed_at is None

    def time_open(self, now: datetime) -> timedelta:
        """How long it stood, or stands until now."""
        return (self.closed_at or now) - self.at


class Gauge(Frozen):
    """The last measured value of one promise, and how many in a row broke or kept it."""

    key: str
    value: float
    """In the measure of the promise: minutes, per cent."""
    at: datetime
    bad: int = 0
    good: int = 0


class Contract(Matter):
    """A contract with all its versions."""

    id: ContractId
    status: Literal["active", "retired"] = "active"
    name: str
    """The document's own id, unique among contracts."""
    title: str
    versions: tuple[ContractVersion, ...]
    consumers: tuple[UseCaseId, ...] = ()
    """The use cases that rely on it."""
    breaches: tuple[Breach, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    gauges: tuple[Gauge, ...] = ()
    timeline: tuple[Note, ...] = ()

    @property
    def subject(self) -> Subject:
        """``contract/DC-0042``."""
        return Subject(type="contract", id=self.id)

    @property
    def current(self) -> ContractVersion:
        """The newest version, though it may not be in force yet."""
        return self.versions[-1]

    def in_force(self, now: datetime) -> ContractVersion:
        """The newest version that counts already."""
        return next((v for v in reversed(self.versions) if v.counts(now)), self.versions[0])

    def announced(self, now: datetime) -> ContractVersion | None:
        """A version that is announced and does not count yet."""
        return None if self.current.counts(now) else self.current

    @property
    def open_breaches(self) -> tuple[Breach, ...]:
        """The breaches that still stand, oldest first."""
        return tuple(b for b in self.breaches if b.open)

    def breach(self, id: str) -> Breach | None:
        """The breach of that id."""
        return next((b for b in self.breaches if b.id == id), None)

    def receipts_of(self, version: str) -> dict[UseCaseId, Receipt]:
        """The last word of each use case to a version."""
        return {r.use_case: r for r in self.receipts if r.version == version}

    def silent(self, version: str) -> tuple[UseCaseId, ...]:
        """The use cases that rely on it and have not said anything to a version."""
        said = self.receipts_of(version)
        return tuple(c for c in self.consumers if c not in said)
