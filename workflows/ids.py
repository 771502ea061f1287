"""The identifiers that travel between the rooms, each its own type."""

from __future__ import annotations

from typing import Literal, NewType

from pydantic import BaseModel, ConfigDict

UserId = NewType("UserId", str)
"""A Slack user id, such as ``U012AB3CD``."""

UseCaseId = NewType("UseCaseId", str)
"""``UC-0042``; given once, never reused."""

WalkId = NewType("WalkId", str)
"""``W-0042``: one person's way through one questionnaire."""

ApprovalId = NewType("ApprovalId", str)
"""``A-0042``: one submission's way through the approvers."""

ConsultationId = NewType("ConsultationId", str)
"""``Q-0042``: one question to the playbook, and what came of it."""

ReleaseId = NewType("ReleaseId", str)
"""``RL-0042``: one version of a use case's system, on its way out or out."""

ContractId = NewType("ContractId", str)
"""``DC-0042``: one data contract, with all its versions."""

IncidentId = NewType("IncidentId", str)
"""``INC-0042``: one bad day of a use case."""

WaiverId = NewType("WaiverId", str)
"""``WV-0042``: one control that need not be met for a time."""

ReviewId = NewType("ReviewId", str)
"""``PR-0042``: one review of the portfolio."""

SubscriptionId = NewType("SubscriptionId", str)
"""``SB-0042``: one digest for one channel or person."""

DigestIssueId = NewType("DigestIssueId", str)
"""``DG-0042``: one digest as it was posted."""

CheckInId = NewType("CheckInId", str)
"""``CI-0042``: one week's numbers of one use case."""

FeedbackId = NewType("FeedbackId", str)
"""``FB-0042``: what somebody noticed."""

PlanId = NewType("PlanId", str)
"""``PL-0042``: one 90-day plan."""

QuestionId = NewType("QuestionId", str)
"""The id of a question, unique within its questionnaire."""

Tier = Literal["low", "medium", "high", "prohibited"]
TIERS: tuple[Tier, ...] = ("low", "medium", "high", "prohibited")
"""Risk tiers from least to most."""


class Frozen(BaseModel):
    """A value that is never changed in place; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Subject(Frozen):
    """What an audit entry, a card or a piece of work is about."""

    type: Literal[
        "use_case",
        "walk",
        "approval",
        "consultation",
        "release",
        "contract",
        "incident",
        "waiver",
        "portfolio_review",
        "availability",
        "subscription",
        "digest_issue",
        "check_in",
        "feedback",
        "plan",
        "learner",
        "person",
        "program",
        "delivery",
    ]
    id: str

    def __str__(self) -> str:
        return f"{self.type}/{self.id}"


class ProgramStamp(Frozen):
    """The program version something was done under."""

    label: str
    hash: str


class Place(Frozen):
    """A conversation in Slack, and the thread in it (``None``: its top level)."""

    channel: str
    thread: str | None = None
