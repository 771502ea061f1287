"""The shape of a company's program: what its files say once they are read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from workflows.approval_terms import Material, Tenure, WaiverTerms
from workflows.availability import Hours
from workflows.contract_rules import ContractRules
from workflows.decision_rights import DecisionRights
from workflows.declaring.policy import Declaring
from workflows.digests.policy import DigestPolicy
from workflows.evaluation_rules import EvaluationRules
from workflows.feedback_policy import FeedbackPolicy
from workflows.figures.policy import FigurePolicy
from workflows.gate import Gate
from workflows.ids import Frozen, ProgramStamp, Tier
from workflows.import_mapping import ImportMapping
from workflows.incidents.policy import IncidentPolicy
from workflows.learning.policy import LearningPolicy
from workflows.measures.policy import MetricPolicy
from workflows.plan.policy import PlanPolicy
from workflows.portfolio.inventory import Inventory
from workflows.portfolio.policy import PortfolioPolicy
from workflows.questions import Expression, Questionnaire
from workflows.release_policy import ReleasePolicy
from workflows.retention import Retention


class Because(Frozen):
    """Points given when a condition holds, and the reason shown for them."""

    when: Expression
    points: int = 1
    because: str


class Dimension(Frozen):
    """One line of a scorecard: starts somewhere, moves with the answers, and stays within 1 to 5."""

    id: str
    label: str
    ask: str
    """The question this dimension answers, for help texts."""
    start: int = Field(ge=1, le=5)
    points: tuple[Because, ...]
    high_is: Literal["good", "bad"] = "good"


class Scorecard(Frozen):
    """A published lens on a use case."""

    id: str
    title: str
    dimensions: tuple[Dimension, ...]


class TierRule(Frozen):
    """If it holds, the use case is at least of this tier."""

    tier: Tier
    when: Expression
    because: str
    drivers: tuple[str, ...] = ()
    """The questions whose answers made it so; default: those the expression reads."""


class Tiers(Frozen):
    """Risk tier rules: the highest tier whose rule holds; ``default`` where none does."""

    default: Tier = "low"
    explain: Mapping[Tier, str]
    rules: tuple[TierRule, ...]


class Resolve(Frozen):
    """One way to find the people of a role; exactly one field is set."""

    field: str = ""
    """The answer to this question (person or people)."""
    group: str = ""
    """A Slack user group handle."""
    function: str = ""
    """A function of the company (``functions`` below), or ``answer:QUESTION`` to take it from an answer."""
    rotation: str = ""
    """A rotation (``rotations`` below): the member whose week it is."""


class Role(Frozen):
    """Who decides, in the field's terms, and how to find them: the first way that yields someone able."""

    id: str
    label: str
    why: str
    """Why this role is asked; completes "You are asked because ..."."""
    resolve: tuple[Resolve, ...]
    fallback: tuple[Resolve, ...] = ()
    room: str = ""
    """Channel (no ``#``) where the card is also posted; empty: DM only."""
    manager: str = ""
    """The role that looks after this one, for escalation; empty: the program team."""


class Rotation(Frozen):
    """On-call by week: member number ``ISO week % size`` of a group is on duty."""

    id: str
    group: str


class Function(Frozen):
    """A part of the company."""

    id: str
    label: str
    group: str
    """Slack user group handle of its members."""
    room: str = ""


class ApprovalStep(Frozen):
    """One seat in the approval: a role, in an order (equal orders run in parallel), with a quorum."""

    role: str
    order: int = 1
    quorum: int = Field(default=1, ge=1)


MANAGER = "manager"
"""In a step of an escalation: the role that looks after the seat's own."""


class EscalationStep(Frozen):
    """Who hears of a decision whose time is up, and when."""

    after_hours: int = Field(default=0, ge=0)
    """Working hours since the time was up."""
    to: str
    """A role, or ``manager``: that of the seat's own role."""
    decides: bool = False
    """Whether they may decide in the seat from then on; else they are told."""


class MatrixRow(Frozen):
    """One row of the governance matrix. Every row whose condition holds adds its demands."""

    id: str
    gates: tuple[str, ...] = ()
    """The gates it is about; empty: the first one, that of the intake."""
    when: Expression
    because: str
    steps: tuple[ApprovalStep, ...] = ()
    automatic: bool = False
    """Approved at once with notice to ``notify``, when no row that holds demands a step."""
    notify: tuple[str, ...] = ()
    """Roles that are told, not asked."""
    stop: bool = False
    """Stopped at submission; ``because`` is the reason and ``appeal`` the way on."""
    appeal: str = ""
    assessments: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    sla_hours: int | None = Field(default=None, ge=1)
    """Working hours for the decision; the shortest of the rows that hold counts."""
    escalation: tuple[EscalationStep, ...] = ()
    """In the place of the governance's own; that of the first row that has one."""
    monitoring: str = ""


class Governance(Frozen):
    """Who must agree to what."""

    rows: tuple[MatrixRow, ...]
    sla_hours: int = 16
    remind_after_hours: int = 8
    gate: str = "pilot"
    """The first gate: that of the intake."""
    material: tuple[Material, ...] = ()
    """Changes of an approved use case that re-open what rested on them."""
    tenure: Tenure = Tenure()
    waivers: WaiverTerms = WaiverTerms()
    escalation: tuple[EscalationStep, ...] = ()
    """What happens when the time for a decision is up, unless a row says otherwise; none: the program team
    is told at once."""


class Move(Frozen):
    """A permitted move in the life cycle."""

    from_: str = Field(alias="from")
    to: str
    by: str
    """Who makes it: ``submitter``, ``approval``, ``program_team``, ``clock``, or the question of the intake
    that names the person (``business_owner``)."""
    gate: str = ""
    """The gate that must be passed for it."""
    reason: bool = False
    """Whether a reason has to be given."""
    back: bool = False
    """Only to the stage that the use case came from."""


class Stage(Frozen):
    """A stage of the life cycle."""

    id: str
    label: str
    says: str
    """One sentence for "where is my use case?"."""
    open: bool = True
    words: tuple[str, ...] = ()
    """With which words people ask to move something there: "pause"."""


class LifeCycle(Frozen):
    """The stages and the only moves between them."""

    stages: tuple[Stage, ...]
    moves: tuple[Move, ...]
    back: tuple[str, ...] = ()
    """With which words people ask to take something up again where it was: "resume"."""
    declaring: Declaring = Declaring()


class Drafts(Frozen):
    """What happens to a draft nobody touches."""

    nudge_after_hours: int = Field(default=24, ge=1)
    expire_after_days: int = Field(default=30, ge=1)


class HolidayCalendar(Frozen):
    """Days off for those in a group or in a time zone. The first calendar that fits a person counts."""

    id: str
    label: str
    """What people read, when they choose one."""
    country: str = ""
    """ISO 3166 code of the country whose public holidays count; empty: only the ``extra`` days."""
    subdivision: str = ""
    """The part of the country: a state, a province, a canton."""
    extra: tuple[date, ...] = ()
    """Days off besides."""
    worked: tuple[date, ...] = ()
    """Public holidays on which the company works all the same."""
    groups: tuple[str, ...] = ()
    """Slack user group handles."""
    zones: tuple[str, ...] = ()
    """Time zones, such as ``America/New_York``."""


class PartTime(Frozen):
    """The hours of everybody in a Slack user group; days that are missing are not worked."""

    group: str
    hours: tuple[Hours, ...]


class WorkingTime(Frozen):
    """Working hours that the SLA clock counts, in each person's own zone."""

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    start: str = "09:00"
    end: str = "17:00"
    calendars: tuple[HolidayCalendar, ...] = ()
    part_time: tuple[PartTime, ...] = ()


class Desk(Frozen):
    """How much is told one by one, and how much in one list."""

    cards_at_most: int = Field(default=3, ge=0)
    """Decisions that may wait for a person with a message each; with more, one list says them all."""
    page: int = Field(default=10, ge=1, le=15)
    """How many are on one page of the list."""
    one_click: tuple[Tier, ...] = ("low", "medium")
    """Tiers at which a decision can be approved from the list, without opening it."""


class Handing(Frozen):
    """Questions and items handed to the person who knows; hours are working hours of whoever was asked."""

    nudge_after_hours: int = Field(default=8, ge=1)
    """After so many without an answer they are reminded, and again after as many."""
    nudges_at_most: int = Field(default=2, ge=0)
    due_after_hours: int = Field(default=16, ge=1)
    """When the answer is due where nobody said a day."""


class GapList(Frozen):
    """When the week's gaps in the playbook are listed for whoever looks after it, in their own zone."""

    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    at: str = "08:30"


class Consulting(Frozen):
    """Questions to the playbook, and the people behind it."""

    champions: str = ""
    """The role whose people answer for the functions they belong to; empty: the program team answers."""
    corpus_owner: str = ""
    """The role that takes answers into the playbook; empty: the program team."""
    follow_up_minutes: int = Field(default=30, ge=1)
    """How long a question in the direct message may be gone on with outside its thread."""
    remind_after_hours: int = Field(default=4, ge=1)
    """Working hours of the person asked, as is the next."""
    expire_after_hours: int = Field(default=16, ge=1)
    review_after_days: int = Field(default=180, ge=1)
    """When an answer that was taken into the playbook is to be looked at again."""
    gaps: GapList = GapList()


class Program(Frozen):
    """Everything a company decided, from its files, checked."""

    stamp: ProgramStamp
    name: str
    company: str
    program_team: str
    """The role that gets whatever no other role takes."""
    scorecard: str
    """The scorecard shown on cards; the others are kept beside it."""
    drafts: Drafts = Drafts()
    working_time: WorkingTime = WorkingTime()
    desk: Desk = Desk()
    releases: ReleasePolicy = ReleasePolicy()
    consulting: Consulting = Consulting()
    assignments: Handing = Handing()
    contracts: ContractRules = ContractRules()
    questionnaires: Mapping[str, Questionnaire]
    scorecards: Mapping[str, Scorecard]
    tiers: Tiers
    governance: Governance
    roles: Mapping[str, Role]
    rotations: Mapping[str, Rotation] = Field(default_factory=dict)
    functions: Mapping[str, Function] = Field(default_factory=dict)
    life_cycle: LifeCycle
    gates: Mapping[str, Gate] = Field(default_factory=dict)
    decision_rights: DecisionRights = DecisionRights(rights=())
    incidents: IncidentPolicy = IncidentPolicy()
    portfolio: PortfolioPolicy = PortfolioPolicy()
    evaluation: EvaluationRules | None = None
    """What evaluations have to show; ``None``: nothing is compared."""
    inventory: Inventory = Inventory()
    metrics: MetricPolicy = MetricPolicy()
    figures: FigurePolicy = FigurePolicy()
    digests: DigestPolicy = DigestPolicy()
    learning: LearningPolicy = LearningPolicy()
    plan: PlanPolicy = PlanPolicy()
    feedback: FeedbackPolicy = FeedbackPolicy()
    retention: Retention = Retention()
    messages: Mapping[str, str]
    """Message templates by key, with ``{placeholders}``."""
    imports: Mapping[str, ImportMapping] = Field(default_factory=dict)
    """How lists of use cases from elsewhere are read, by name."""

    @property
    def intake(self) -> Questionnaire:
        """The questionnaire that turns an idea into a use case."""
        return self.questionnaires["intake"]
