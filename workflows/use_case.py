"""A use case: what the company knows of one AI idea, from draft to decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from workflows.answers import Answer
from workflows.decision import Aggregate
from workflows.ids import (
    ApprovalId,
    Frozen,
    Place,
    ProgramStamp,
    QuestionId,
    Subject,
    Tier,
    UseCaseId,
    UserId,
)


class Score(Frozen):
    """One dimension's score from 1 to 5, and why."""

    dimension: str
    label: str
    value: int = Field(ge=1, le=5)
    computed: int = Field(ge=1, le=5)
    because: tuple[str, ...] = ()
    overridden_by: UserId | None = None
    reason: str = ""


class Driver(Frozen):
    """An answer that the tier rests on."""

    question: QuestionId
    label: str
    shown: str
    """The answer in words."""


class Lever(Frozen):
    """A different answer that would lower the tier."""

    question: QuestionId
    tier: Tier
    text: str
    """Completes "would be TIER if ..."."""


class TierFinding(Frozen):
    """The computed risk tier, explained answer by answer."""

    tier: Tier
    because: tuple[str, ...] = ()
    rules: tuple[int, ...] = ()
    """Indices of the rules that held, in the program's order."""
    drivers: tuple[Driver, ...] = ()
    levers: tuple[Lever, ...] = ()


class Assessment(Frozen):
    """All that is computed from the answers; reproducible from them and the program version alone."""

    scorecards: dict[str, tuple[Score, ...]]
    tier: TierFinding
    facets: dict[str, str] = Field(default_factory=dict)
    """What portfolios are filtered by: ``lane``, ``bucket``, ``function``, two of its owners, ``users`` ...

    Worked out by ``workflows.portfolio.lanes``; what is empty is left out."""


class LaneByHand(Frozen):
    """A lane that the program team chose, whatever the rules say."""

    lane: str
    reason: str
    by: UserId
    at: datetime


class Override(Frozen):
    """A person's correction of one computed score."""

    scorecard: str
    dimension: str
    value: int = Field(ge=1, le=5)
    reason: str
    by: UserId
    at: datetime


class Hold(Frozen):
    """Nothing of the use case is deleted while it stands."""

    by: UserId
    at: datetime
    reason: str
    ended_by: UserId | None = None
    ended_at: datetime | None = None
    ended_why: str = ""


class UseCase(Aggregate):
    """The record. While it is a draft its answers live in the walk; submission copies them here."""

    id: UseCaseId
    title: str = ""
    stage: str = "draft"
    submitter: UserId
    program: ProgramStamp
    answers: dict[QuestionId, Answer] = Field(default_factory=dict)
    assessment: Assessment | None = None
    overrides: tuple[Override, ...] = ()
    approval: ApprovalId | None = None
    builds_on: tuple[UseCaseId, ...] = ()
    """Use cases whose contract, gates, monitoring or release path it reuses."""
    lane: LaneByHand | None = None
    """Set by hand; ``None``: the rules of the program choose it."""
    topic: str = ""
    """For an import: what the list it came from files it under."""
    same_as: UseCaseId | None = None
    """The use case that it was found to repeat."""
    unlike: tuple[UseCaseId, ...] = ()
    """Use cases that look alike and were found to be something else."""
    stage_since: datetime | None = None
    stage_before: str = ""
    """The stage it came from by the last move: where one that was paused goes back to."""
    stage_why: str = ""
    """The reason given for the last move, where one was."""
    home: Place | None = None
    """The thread in which its submitter hears of it."""
    holds: tuple[Hold, ...] = ()
    """Legal holds; the last may still stand."""
    source: Literal["slack", "import", "declared"] = "slack"
    source_key: str = ""
    """For an import: what identifies the row, so that importing again changes nothing twice."""
    source_row: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether a legal hold stands."""
        return bool(self.holds) and self.holds[-1].ended_at is None

    @property
    def subject(self) -> Subject:
        """``use_case/UC-0042``."""
        return Subject(type="use_case", id=self.id)
