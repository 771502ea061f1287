"""An issue: one digest as it was posted, for one subscription and period, or as one person asked for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from workflows.ids import DigestIssueId, Subject, SubscriptionId
from workflows.matter import Matter


class DigestIssue(Matter):
    """Unique by subscription and period. What it says is kept as computed, so that it can be checked."""

    id: DigestIssueId
    status: Literal["posted", "preview", "refused"] = "posted"
    """``refused``: Slack would not take it."""
    digest: str
    subscription: SubscriptionId | None = None
    period: str
    """``2026-W48``, ``2026-11``; of a preview, the moment it was asked for."""
    due_at: datetime
    late: bool = False
    missing: tuple[str, ...] = ()
    """The parts that could not be worked out, by what people call them."""
    page: dict[str, Any] = Field(default_factory=dict)
    """A :class:`workflows.digests.page.Page`, as JSON."""
    charts: dict[str, str] = Field(default_factory=dict)
    """Slack's file id by the chart's name."""

    @property
    def subject(self) -> Subject:
        """``digest_issue/DG-0042``."""
        return Subject(type="digest_issue", id=self.id)
