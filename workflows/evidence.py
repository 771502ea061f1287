"""Evidence: what a yes on a checklist rests on, whose it is, and how long it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen, UserId

EvidenceKind = Literal["text", "link", "file", "metric"]
CheckState = Literal["yes", "no", "na"]


class Evidence(Frozen):
    """One piece. ``text`` says it in words (for a metric: ``92% of 400 cases``)."""

    kind: EvidenceKind
    text: str = ""
    link: str = ""
    name: str = ""
    """Of a file."""
    owner: UserId
    at: datetime
    expires_at: datetime | None = None

    def current(self, now: datetime) -> bool:
        """Whether it still holds at that moment."""
        return self.expires_at is None or now < self.expires_at


class Claim(Frozen):
    """What somebody has said of an item so far: not yet enough for an answer, and kept until it is."""

    state: CheckState | None = None
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


class Check(Frozen):
    """The value of an answer to a question of type ``check`` (kept as its JSON)."""

    state: CheckState
    reason: str = ""
    """Why it does not apply, or what is lacking."""
    evidence: tuple[Evidence, ...] = ()

    def current(self, now: datetime) -> tuple[Evidence, ...]:
        """The evidence that still holds at that moment."""
        return tuple(e for e in self.evidence if e.current(now))
