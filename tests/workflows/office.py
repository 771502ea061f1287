"""A small company and its program, built in code, for the tests of roles, routing and approving."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from workflows.answers import Answer
from workflows.approval import Approval
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import ToPerson
from workflows.ids import ApprovalId, Place, ProgramStamp, QuestionId, Tier, UseCaseId, UserId
from workflows.people import Directory, Person
from workflows.program import (
    ApprovalStep,
    Function,
    Governance,
    LifeCycle,
    MatrixRow,
    Move,
    Program,
    Resolve,
    Role,
    Rotation,
    Stage,
    Tiers,
)
from workflows.questions import Choice, Question, Questionnaire, Step
from workflows.routing import Plan, open_approval, plan
from workflows.use_case import Assessment, TierFinding, UseCase

DANA, PRIYA, TOM, LEE, INES, MO, ADA, OLD, EVE = (
    UserId(u) for u in ("U0DANA", "U0PRIYA", "U0TOM", "U0LEE", "U0INES", "U0MO", "U0ADA", "U0OLD", "U0EVE")
)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning."""
STAMP = ProgramStamp(label="test", hash="0" * 64)
HOME = Place(channel="D0DANA", thread="1.1")

PEOPLE = {
    DANA: Person(id=DANA, name="Dana Ortiz", tz="Europe/London"),
    PRIYA: Person(id=PRIYA, name="Priya Shah", tz="Europe/London"),
    TOM: Person(id=TOM, name="Tom Becker", tz="Europe/Berlin"),
    LEE: Person(id=LEE, name="Lee Park", tz="America/New_York"),
    INES: Person(id=INES, name="Ines Duarte", tz="Europe/Lisbon"),
    MO: Person(id=MO, name="Mo Haddad", tz="Europe/London"),
    ADA: Person(id=ADA, name="Ada Quist", tz="Asia/Kolkata"),
    OLD: Person(id=OLD, name="Olga Gone", active=False),
    EVE: Person(id=EVE, name="Eve Stranger", tz="Europe/London"),
}
GROUPS = {
    "risk-partners": (PRIYA, TOM),
    "legal": (INES,),
    "privacy": (LEE, OLD),
    "ai-program": (MO,),
    "exec": (ADA,),
    "fn-claims": (DANA, LEE),
    "nobody": (OLD,),
}
DIRECTORY = Directory(people=PEOPLE, groups=GROUPS)

MESSAGES = {
    key: key
    for key in (
        "reason_needed",
        "question_needed",
        "answer_needed",
        "condition_needed",
        "text_too_long",
        "due_is_past",
        "ask_someone_else",
    )
} | {
    key: f"{key} {{who}}"
    for key in (
        "owner_is_away",
        "delegate_is_you",
        "delegate_is_submitter",
        "delegate_is_away",
        "delegate_decided",
        "delegate_is_in",
        "delegate_too_far",
    )
}

QUESTIONNAIRE = Questionnaire(
    id="intake",
    title="Idea",
    steps=(
        Step(
            id="all",
            title="All",
            questions=(
                Question(id=QuestionId("name"), type="short_text", label="Name", ask="?"),
                Question(
                    id=QuestionId("audience"),
                    type="choice",
                    label="Audience",
                    ask="?",
                    choices=(
                        Choice(id="internal", label="Internal"),
                        Choice(id="customer", label="Customers"),
                    ),
                ),
                Question(
                    id=QuestionId("business_owner"),
                    type="person",
                    label="Business owner",
                    ask="?",
                    when='audience == "customer"',
                ),
                Question(id=QuestionId("function"), type="short_text", label="Function", ask="?"),
            ),
        ),
    ),
)


def role(id: str, *ways: Resolve, fallback: tuple[Resolve, ...] = (), room: str = "") -> Role:
    return Role(
        id=id, label=id.replace("_", " "), why=f"you are {id}", resolve=ways, fallback=fallback, room=room
    )


ROLES = {
    r.id: r
    for r in (
        role("risk", Resolve(group="risk-partners"), room="risk-approvals"),
        role("legal", Resolve(group="legal"), room="legal-approvals"),
        role("privacy", Resolve(group="privacy")),
        role("owner", Resolve(field="business_owner"), fallback=(Resolve(function="answer:function"),)),
        role("sponsor", Resolve(group="exec")),
        role("oncall", Resolve(rotation="risk-week")),
        role("lost", Resolve(group="nobody")),
        role("team", Resolve(group="ai-program"), fallback=(Resolve(group="exec"),), room="ai-program"),
    )
}
STAGES = ("draft", "submitted", "in_review", "approved_for_pilot", "rejected")
MOVES = (
    ("draft", "submitted", "submitter"),
    ("submitted", "in_review", "approval"),
    ("submitted", "approved_for_pilot", "approval"),
    ("submitted", "rejected", "approval"),
    ("in_review", "approved_for_pilot", "approval"),
    ("in_review", "rejected", "approval"),
    ("in_review", "draft", "submitter"),
)


def row(id: str, when: str = "true", *steps: tuple[str, int, int], **more: Any) -> MatrixRow:
    made = tuple(ApprovalStep(role=r, order=o, quorum=q) for r, o, q in steps)
    return MatrixRow(id=id, when=when, because=f"because {id}", steps=made, **more)


def program(*rows: MatrixRow, **more: Any) -> Program:
    return Program(
        stamp=STAMP,
        name="Test",
        company="Test Co",
        program_team="team",
        scorecard="five",
        questionnaires={"intake": QUESTIONNAIRE},
        scorecards={},
        tiers=Tiers(explain={"low": "l", "medium": "m", "high": "h", "prohibited": "never"}, rules=()),
        governance=Governance(rows=rows),
        roles=ROLES,
        rotations={"risk-week": Rotation(id="risk-week", group="risk-partners")},
        functions={"claims": Function(id="claims", label="Claims", group="fn-claims")},
        life_cycle=LifeCycle(
            stages=tuple(Stage(id=s, label=s, says=f"It is {s}.") for s in STAGES),
            moves=tuple(Move(**{"from": a, "to": b, "by": c}) for a, b, c in MOVES),
        ),
        messages=MESSAGES,
        **more,
    )


BOTH_RISK_PARTNERS = program(row("strict", "true", ("risk", 1, 2)))
RISK_ONLY = program(row("risky", "true", ("risk", 1, 1)))
IN_PARALLEL = program(row("both", "true", ("risk", 1, 1), ("legal", 1, 1)))
RISK_THEN_LEGAL = program(row("risky", "true", ("risk", 1, 1), ("legal", 2, 1)))


def answers(**given: Any) -> dict[QuestionId, Answer]:
    return {QuestionId(k): Answer(value=v, how="said", by=DANA, at=NOW) for k, v in given.items()}


def assessment(tier: Tier) -> Assessment:
    return Assessment(scorecards={}, tier=TierFinding(tier=tier))


def circ(user: UserId, now: datetime = NOW) -> Circumstances:
    return Circumstances(now=now, actor=Actor(user=user, door="button"), program=STAMP)


def submitted(tier: Tier = "medium", **given: Any) -> UseCase:
    return UseCase(
        id=UseCaseId("UC-0001"),
        title="Summarise claims calls",
        stage="submitted",
        submitter=DANA,
        program=STAMP,
        answers=answers(**given),
        assessment=assessment(tier),
        home=HOME,
        created_at=NOW,
        submitted_at=NOW,
    )


def planned(
    prog: Program, tier: Tier = "medium", directory: Directory = DIRECTORY, now: datetime = NOW, **given: Any
) -> Plan:
    return plan(prog, QUESTIONNAIRE, answers(**given), assessment(tier), directory, DANA, now)


class Case:
    """A running case: feeds decisions in one after the other, as the store would."""

    def __init__(
        self,
        prog: Program = RISK_THEN_LEGAL,
        tier: Tier = "medium",
        directory: Directory = DIRECTORY,
        **given: Any,
    ) -> None:
        self.program = prog
        self.directory = directory
        self.now = NOW
        self.log: list[Decision] = []
        self.approval: Approval
        self.use_case = submitted(tier, **given)
        way = planned(prog, tier, directory, **given)
        self.take(
            open_approval(way, ApprovalId("A-0001"), self.use_case, prog, directory, circ(DANA)),
        )

    @property
    def status(self) -> str:
        """How the case stands now."""
        return self.approval.status

    def take(self, decision: Decision) -> Decision:
        for changed in decision.changed:
            if isinstance(changed, Approval):
                self.approval = changed
            elif isinstance(changed, UseCase):
                self.use_case = changed
        self.log.append(decision)
        return decision

    def do(self, rule: Any, user: UserId, **more: Any) -> Decision:
        """Run one of the rules as this person and keep what it changed."""
        return self.take(
            rule(self.approval, self.use_case, self.program, self.directory, circ(user, self.now), **more)
        )


def kinds(decision: Decision) -> list[str]:
    return [e.kind for e in decision.effects if e.effect in ("post", "whisper")]


def cards(decision: Decision) -> list[Any]:
    """Whom it tells that a seat waits: people, and channels."""
    return [
        ToPerson(user=e.data["user"]) if e.effect == "work" else e.to
        for e in decision.effects
        if (e.effect == "work" and e.name == "tell_seat") or (e.effect == "post" and e.kind == "approval")
    ]


def posts(decision: Decision, kind: str) -> list[Any]:
    return [e for e in decision.effects if e.effect == "post" and e.kind == kind]


def refusal(decision: Decision) -> str:
    """The message of a refusal; empty when it is none."""
    return next((str(e.detail["because"]) for e in decision.entries if e.refused), "")


def whispered(decision: Decision) -> dict[str, Any]:
    """What the one sentence says that somebody is told: its message and values."""
    found = [e for e in decision.effects if e.effect in ("whisper", "post") and e.kind == "said"]
    assert len(found) == 1
    return dict(found[0].data)


def keys(decision: Decision, effect: str) -> list[str]:
    """The keys of the effects of one kind that have one."""
    return [e.key or "" for e in decision.effects if e.effect == effect and hasattr(e, "key")]
