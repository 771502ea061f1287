"""An approval: the seats that a policy demands for one submission, and what each of them decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

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
from workflows.program import EscalationStep

Choice = Literal["approve", "reject"]
ApprovalKind = Literal["intake", "gate", "release", "waiver", "change", "renewal"]


class Verdict(Frozen):
    """One person's decision in one seat."""

    by: UserId
    choice: Choice
    at: datetime
    reason: str = ""
    for_: UserId | None = None
    """Whom they stand for, when the seat was delegated to them."""
    program: ProgramStamp


class Delegation(Frozen):
    """A seat handed on by one of its people. The delegate holds what the delegator held, no more."""

    by: UserId
    to: UserId
    at: datetime
    reason: str = ""
    kind: Literal["handed", "away", "standing"] = "handed"
    """``away``: the delegator is not there and named who stands in. ``standing``: the delegate may decide
    beside them. Both come and go with what the delegator has said of when they are there."""
    until: date | None = None
    """The last day, theirs, on which the delegator is away."""
    ended_at: datetime | None = None
    """The delegator is back, or took it back: it no longer counts."""


class Escalated(Frozen):
    """One step that was taken because a decision was late, or because nobody was there to make it."""

    step: int
    """Its place in the case's ``escalation``, from 0."""
    role: str
    at: datetime
    because: Literal["late", "nobody"]
    to: tuple[UserId, ...] = ()
    room: str = ""
    """Channel (no ``#``) in which it was told, where that was not done one by one."""
    decides: bool = False
    """Whether those in ``to`` may decide in the seat since."""


class Seat(Frozen):
    """One role's say. ``people`` are those who may decide, fixed when the case opened."""

    id: str
    role: str
    label: str
    why: str
    people: tuple[UserId, ...]
    unresolved: bool = False
    """Nobody was found for the role, so the program team decides in its place."""
    room: str = ""
    order: int = 1
    quorum: int = 1
    due: datetime | None = None
    """Set when its turn comes."""
    opened_at: datetime | None = None
    verdicts: tuple[Verdict, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    reminded_at: datetime | None = None
    """When those it waits on were reminded before the time was up."""
    called_at: datetime | None = None
    """When they were told that the time is up."""
    escalations: tuple[Escalated, ...] = ()


class Inquiry(Frozen):
    """Changes requested: a question by an approver, and its answer once it comes."""

    id: str
    seat: str
    by: UserId
    question: str
    of: UserId
    at: datetime
    answer: str = ""
    answered_by: UserId | None = None
    answered_at: datetime | None = None
    dropped_at: datetime | None = None
    """No longer needed: the asker decided, or the case was closed, before an answer came."""

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answered_at is None and self.dropped_at is None


class Condition(Frozen):
    """Something promised with an approval, tracked until it is done."""

    id: str
    seat: str
    by: UserId
    text: str
    owner: UserId
    due: datetime | None = None
    done_at: datetime | None = None
    done_by: UserId | None = None


class Changed(Frozen):
    """One answer of the record as it is, and as it is to be; ``None``: none."""

    question: QuestionId
    before: Answer | None = None
    after: Answer | None = None


class Carried(Frozen):
    """What somebody decided before, in a seat that a change does not touch: it still counts."""

    seat: str
    label: str
    by: UserId
    at: datetime
    approval: ApprovalId


class Approval(Aggregate):
    """The case. Its policy is frozen in it: later changes of the program do not move it."""

    id: ApprovalId
    use_case: UseCaseId
    submitter: UserId
    """Whose use case it is."""
    asked_by: UserId | None = None
    """Who asked for this decision, where that is somebody else."""
    home: Place | None
    program: ProgramStamp
    kind: ApprovalKind = "intake"
    """What it decides: the use case as submitted, a gate of its life cycle, a release, a waiver, a material
    change, or the same once more when an approval has run out."""
    matter: Subject | None = None
    """The release or waiver it decides about."""
    expires_at: datetime | None = None
    """Until when an approval holds; ``None``: it does not run out."""
    changes: tuple[Changed, ...] = ()
    """Of a ``change``: the answers that count from its approval on."""
    adopts: ProgramStamp | None = None
    """Of a ``change`` that is one of the rules: the version by which the use case goes from then on."""
    tier_before: Tier | None = None
    """Of a ``change``: the tier until then."""
    carried: tuple[Carried, ...] = ()
    """Of a ``change``: the decisions that it leaves as they are."""
    reopens: tuple[ApprovalId, ...] = ()
    """Of a ``change``: the approvals that do not count while it waits."""
    renews: ApprovalId | None = None
    """Of a ``renewal``: the approval in whose place it comes."""
    gate: str
    tier: Tier
    rows: tuple[str, ...]
    """Ids of the governance rows that held, in order."""
    because: tuple[str, ...]
    appeal: str = ""
    """The way on, for a case that was stopped."""
    documents: tuple[str, ...] = ()
    assessments: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    seats: tuple[Seat, ...]
    apart: tuple[UserId, ...] = ()
    """Others who decide nothing in it: they have accepted its risk."""
    delegable: bool = True
    """Whether somebody may decide in another's place."""
    aside: tuple[Seat, ...] = ()
    """Seats as they were when an answer changed under the case: what was said in them no longer counts."""
    notify: tuple[UserId, ...] = ()
    status: Literal["waiting", "approved", "rejected", "withdrawn", "stopped"] = "waiting"
    inquiries: tuple[Inquiry, ...] = ()
    conditions: tuple[Condition, ...] = ()
    opened_at: datetime
    closed_at: datetime | None = None
    remind_after_hours: int = 8
    sla_hours: int = 16
    escalation: tuple[EscalationStep, ...] = ()
    """What happens when the time of a seat is up; none: the program team is told at once."""

    @property
    def own_to(self) -> tuple[UserId, ...]:
        """Those whose own matter it is, and who therefore decide nothing in it."""
        return tuple(dict.fromkeys(u for u in (self.asked_by, self.submitter) if u))

    def seat(self, id: str) -> Seat | None:
        """The seat of that id, if there is one."""
        return next((s for s in self.seats if s.id == id), None)

    def inquiry(self, id: str) -> Inquiry | None:
        """The inquiry of that id, if there is one."""
        return next((i for i in self.inquiries if i.id == id), None)

    def condition(self, id: str) -> Condition | None:
        """The condition of that id, if there is one."""
        return next((c for c in self.conditions if c.id == id), None)

    @property
    def subject(self) -> Subject:
        """``approval/A-0042``."""
        return Subject(type="approval", id=self.id)
