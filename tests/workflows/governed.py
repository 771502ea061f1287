"""A small company with a checklist, gates and terms, for the tests of what happens to approvals over time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.workflows.office import (
    DANA,
    DIRECTORY,
    HOME,
    INES,
    LEE,
    NOW,
    PRIYA,
    STAMP,
    answers,
    circ,
    program,
    row,
)
from workflows.approval import Approval
from workflows.approval_terms import Material, Tenure, WaiverTerms
from workflows.decision import Circumstances, Decision
from workflows.dossier import Dossier
from workflows.gate import Demand, Gate
from workflows.ids import ApprovalId, QuestionId, UseCaseId, UserId, WalkId
from workflows.outcomes import followed
from workflows.program import Program, TierRule, Tiers
from workflows.questions import Choice, EvidenceDemand, Question, Questionnaire, Step
from workflows.routing import open_approval, plan
from workflows.scoring import assess
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Origin, Walk

INTAKE = Questionnaire(
    id="intake",
    title="Idea",
    title_question=QuestionId("name"),
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
                        Choice(id="children", label="Children"),
                    ),
                ),
                Question(id=QuestionId("personal"), type="yesno", label="Personal data", ask="?"),
                Question(id=QuestionId("volume"), type="short_text", label="Volume", ask="?", required=False),
                Question(
                    id=QuestionId("risk_owner"), type="person", label="Risk owner", ask="?", required=False
                ),
                Question(
                    id=QuestionId("data_owner"), type="person", label="Data owner", ask="?", required=False
                ),
            ),
        ),
    ),
)
CHECKLIST = Questionnaire(
    id="ready",
    title="Ready",
    kind="checklist",
    steps=(
        Step(
            id="all",
            title="All",
            questions=(
                Question(
                    id=QuestionId("monitoring"),
                    type="check",
                    label="Monitoring",
                    ask="?",
                    owner="risk",
                    evidence=EvidenceDemand(),
                ),
                Question(id=QuestionId("fallbacks"), type="check", label="Fallbacks", ask="?", owner="legal"),
                Question(id=QuestionId("training"), type="check", label="Training", ask="?"),
            ),
        ),
    ),
)
ALL = ("pilot", "production")


def governed(**more: Any) -> Program:
    """Risk partners look at everything above low; Legal at what customers see; privacy at personal data."""
    made = program(
        row("low", 'tier == "low"', automatic=True, notify=("risk",), gates=ALL),
        row("medium", 'tier == "medium"', ("risk", 1, 1), gates=ALL),
        row("high", 'tier == "high"', ("risk", 1, 1), ("sponsor", 3, 1), gates=ALL),
        row("customers", 'audience == "customer"', ("legal", 2, 1), gates=ALL),
        row("personal", "personal == true", ("privacy", 1, 1), gates=ALL),
        row("never", 'tier == "prohibited"', stop=True, appeal="Ask the team."),
    )
    governance = made.governance.model_copy(
        update={
            "material": (
                Material(id="audience", label="whom it reaches", questions=(QuestionId("audience"),)),
                Material(id="owner", label="its owners", questions=(QuestionId("risk_owner"),)),
            ),
            "tenure": Tenure(days={"medium": 365, "high": 180}),
            "waivers": WaiverTerms(
                days_at_most={"medium": 90, "high": 30},
                accepted_by=(QuestionId("risk_owner"),),
                statement="I carry the risk.",
                never=("ready.training",),
            ),
            **more,
        }
    )
    tiers = Tiers(
        default="low",
        explain={"low": "l", "medium": "m", "high": "h", "prohibited": "Never."},
        rules=(
            TierRule(tier="medium", when="personal == true", because="of personal data"),
            TierRule(tier="high", when='audience == "customer" && personal == true', because="of both"),
            TierRule(tier="medium", when='audience == "customer"', because="customers see it"),
            TierRule(tier="prohibited", when='audience == "children"', because="of children"),
        ),
    )
    said = {
        key: key
        for key in (
            *("change_needs", "waiver_needs", "waiver_tick", "waiver_words"),
            "delegate_is_submitter",
        )
    } | {"waiver_too_long": "at most {days}"}
    stages = made.life_cycle.model_copy(
        update={
            "moves": (
                *made.life_cycle.moves,
                *(
                    type(made.life_cycle.moves[0])(**{"from": a, "to": b, "by": "approval"})
                    for a, b in (("approved_for_pilot", "production"),)
                ),
            )
        }
    )
    return made.model_copy(
        update={
            "governance": governance,
            "tiers": tiers,
            "questionnaires": {"intake": INTAKE, "ready": CHECKLIST},
            "messages": {**made.messages, **said},
            "life_cycle": stages,
            "gates": {
                "production": Gate(
                    id="production",
                    label="Production",
                    asks="May it go into everyday use?",
                    to="production",
                    demands=(Demand(questionnaire="ready"),),
                )
            },
        }
    )


GOVERNED = governed()


class Story:
    """Everything about one use case, kept as the store would: each decision is fed back in."""

    def __init__(self, prog: Program = GOVERNED, **given: Any) -> None:
        self.program = prog
        self.directory = DIRECTORY
        self.now = NOW
        self.log: list[Decision] = []
        said = answers(**{"name": "Summarise calls", "audience": "internal", "personal": False, **given})
        self.use_case = UseCase(
            id=UseCaseId("UC-0001"),
            title="Summarise calls",
            stage="submitted",
            submitter=DANA,
            program=STAMP,
            answers=said,
            assessment=assess(prog, prog.intake, said),
            home=HOME,
            created_at=NOW,
            submitted_at=NOW,
        )
        self.approvals: dict[str, Approval] = {}
        self.waivers: dict[str, Waiver] = {}
        self.walks: dict[str, Walk] = {}

    @property
    def dossier(self) -> Dossier:
        return Dossier(
            use_case=self.use_case,
            walks=tuple(self.walks.values()),
            approvals=tuple(reversed(self.approvals.values())),
            waivers=tuple(reversed(self.waivers.values())),
        )

    def circ(self, user: UserId) -> Circumstances:
        return circ(user, self.now)

    def take(self, decision: Decision, user: UserId = DANA) -> Decision:
        decision = followed(decision, self.dossier, self.program, self.directory, self.circ(user))
        for changed in decision.changed:
            if isinstance(changed, Approval):
                self.approvals[changed.id] = changed
            elif isinstance(changed, UseCase):
                self.use_case = changed
            elif isinstance(changed, Waiver):
                self.waivers[changed.id] = changed
        self.log.append(decision)
        return decision

    def next_id(self) -> ApprovalId:
        return ApprovalId(f"A-{len(self.approvals) + 1:04d}")

    def opens(self, kind: Any = "intake", gate: str = "pilot") -> Approval:
        """The matrix is asked about a gate."""
        assert self.use_case.assessment is not None
        way = plan(
            self.program,
            self.program.intake,
            self.use_case.answers,
            self.use_case.assessment,
            self.directory,
            DANA,
            self.now,
            gate,
        )
        id = self.next_id()
        self.take(
            open_approval(
                way, id, self.use_case, self.program, self.directory, self.circ(DANA), kind=kind, gate=gate
            )
        )
        return self.approvals[id]

    def do(self, rule: Any, user: UserId, id: str, **more: Any) -> Decision:
        """Somebody decides in a case."""
        return self.take(
            rule(self.approvals[id], self.use_case, self.program, self.directory, self.circ(user), **more),
            user,
        )

    def on(self, rule: Any, user: UserId, *what: Any, **more: Any) -> Decision:
        """A rule about the whole: ``rule(dossier, ..., program, directory, circ)``."""
        return self.take(
            rule(self.dossier, *what, self.program, self.directory, self.circ(user), **more), user
        )

    def passes(self, **days: float) -> None:
        """Time goes by."""
        self.now += timedelta(**days)


def walk(answers_: dict[QuestionId, Any]) -> Walk:
    """The checklist as far as it was answered."""
    return Walk(
        id=WalkId("W-0009"),
        questionnaire="ready",
        about=UseCaseId("UC-0001"),
        owner=DANA,
        status="asking",
        answers=answers_,
        origin=Origin(entry="command"),
        program=STAMP,
        started_at=NOW,
        touched_at=NOW,
    )


__all__ = ["DANA", "GOVERNED", "INES", "LEE", "PRIYA", "Story", "governed", "walk"]
