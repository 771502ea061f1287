"""A waiver: one control that need not be met for a time, at somebody's explicit risk."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.ids import ApprovalId, Frozen, ProgramStamp, QuestionId, Subject, UseCaseId, UserId, WaiverId
from workflows.matter import Matter, Note


class Acceptance(Frozen):
    """Somebody's own words that they carry the risk."""

    by: UserId
    at: datetime
    words: str


class Waiver(Matter):
    """One control of one use case, waived until a day."""

    id: WaiverId
    use_case: UseCaseId
    status: Literal["asked", "in_force", "refused", "withdrawn", "expired", "ended"] = "asked"
    checklist: str
    """The questionnaire that demands the control."""
    control: QuestionId
    role: str
    """The role that owns the control, and alone may waive it."""
    justification: str
    compensating: str
    """The control that stands in for it meanwhile."""
    risk: str
    """What may happen, as it was put to whoever accepted it."""
    carrier: UserId | None = None
    """Who is asked to carry the risk, and alone may accept it."""
    acceptance: Acceptance | None = None
    expires_at: datetime
    program: ProgramStamp
    approval: ApprovalId | None = None
    timeline: tuple[Note, ...] = ()

    @property
    def subject(self) -> Subject:
        """``waiver/WV-0042``."""
        return Subject(type="waiver", id=self.id)

    def holds(self, now: datetime) -> bool:
        """Whether it stands for the control at this moment."""
        return self.status == "in_force" and now < self.expires_at
