"""A gap: one thing that stands between a use case and a gate, and the way to close it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import Frozen, UserId

GapKind = Literal[
    "dimension", "open", "lacks", "expired", "no", "waiting",
    "owner", "owner_left", "owners_same",
    "assessment", "assessment_failed", "assessment_expired", "evaluation",
    "breach", "incident",
    "not_approved", "approval_expired", "change_waits", "condition",
    "approval", "approval_waits",
]  # fmt: skip
"""``open``: an item without an answer; ``lacks``: without the evidence it demands; ``waiting``: somebody was
asked. ``approval``: the gate's own decision, which is asked for when all else is there."""

Does = Literal["", "answer", "nudge", "name", "start", "breach", "incident", "ask"]
"""What the button of a gap does; empty: nothing that one click could do."""


class Gap(Frozen):
    """One thing that is missing."""

    kind: GapKind
    key: str
    """Unique within a readiness: ``production_readiness.fallbacks``, ``risk_owner`` ..."""
    what: str
    """Its short name: of the item, the owner, the assessment ..."""
    asks: str = ""
    """What it asks in one sentence, where that helps."""
    who: tuple[UserId, ...] = ()
    """Who is expected to do something about it."""
    since: datetime | None = None
    due: datetime | None = None
    does: Does = ""
    target: str = ""
    """What the button is about, as its action wants it: ``UC-0042|production_readiness|fallbacks``."""
