"""An incident in memory: people with rights over it, and decisions fed in one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.workflows.office import ADA, DANA, DIRECTORY, INES, LEE, MO, NOW, PRIYA, TOM, program, submitted
from workflows.decision import Actor, Circumstances, Decision
from workflows.ids import IncidentId, UserId
from workflows.incident import Incident
from workflows.incidents.policy import IncidentPolicy, Kind, Severity, Span, Step, Template, Whom
from workflows.incidents.reporting import Report, report
from workflows.incidents.rights import Handling
from workflows.matter import Action
from workflows.program import Program
from workflows.use_case import UseCase

__all__ = ["ADA", "DANA", "INES", "LEE", "MO", "NOW", "POLICY", "PRIYA", "PROGRAM", "TOM", "Day"]

EVERYBODY = (Whom(role="team"), Whom(role="risk"), Whom(of="owner"))
POLICY = IncidentPolicy(
    room="ai-program",
    kinds=(
        Kind(id="output", label="Output", words=("wrong",)),
        Kind(id="breach", label="Breach", words=("leak",)),
    ),
    severities=(
        Severity(
            id="bad",
            label="Bad",
            means="people harmed",
            take_within=Span(minutes=15),
            update_every=Span(minutes=60),
            review=True,
        ),
        Severity(id="mild", label="Mild", means="noticed in time", take_within=Span(working_hours=8)),
    ),
    tell=(Whom(field="business_owner"), Whom(role="sponsor", when='severity == "bad"')),
    escalate=(Step(to=(Whom(role="risk"),)), Step(to=(Whom(role="sponsor"),))),
    rights={
        "take": EVERYBODY,
        "change": EVERYBODY,
        "update": EVERYBODY,
        "recover": EVERYBODY,
        "dismiss": EVERYBODY,
        "close": EVERYBODY,
        "drop": (Whom(of="reviewer"), Whom(role="risk")),
    },
    messages=(
        Template(
            id="users", label="Users", text="{title} is {state}", to=(Whom(role="sponsor"),), rooms=True
        ),
    ),
    review="review",
)
PROGRAM: Program = program(incidents=POLICY)


class Messages(dict[str, str]):
    """Every sentence by its key, so that a rule may say anything."""

    def __missing__(self, key: str) -> str:
        return key


PROGRAM = PROGRAM.model_copy(update={"messages": Messages(PROGRAM.messages)})


class Day:
    """One incident from its report on."""

    def __init__(self, severity: str = "bad", by: UserId = DANA, **more: Any) -> None:
        self.now = NOW
        self.use_case: UseCase | None = submitted(audience="customer", business_owner=INES)
        self.log: list[Decision] = []
        said = Report(kind="output", severity=severity, what="it said something wrong", **more)
        self.incident: Incident
        self.take(
            report(said, IncidentId("INC-0001"), self.use_case, PROGRAM, DIRECTORY, self.circ(by)),
            strict=True,
        )

    def circ(self, user: UserId) -> Circumstances:
        return Circumstances(now=self.now, actor=Actor(user=user, door="button"), program=PROGRAM.stamp)

    def handling(self, user: UserId, action: Action | None = None) -> Handling:
        return Handling(self.incident, self.use_case, PROGRAM, DIRECTORY, self.circ(user), action=action)

    def take(self, decision: Decision, strict: bool = False) -> Decision:
        for changed in decision.changed:
            if isinstance(changed, Incident):
                self.incident = changed
        assert decision.changed or not strict
        self.log.append(decision)
        return decision

    def do(self, rule: Any, user: UserId, *more: Any, action: str = "", **named: Any) -> Decision:
        """Run a rule as this person and keep what it changed."""
        return self.take(rule(self.handling(user, self.incident.action(action)), *more, **named))

    def later(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now
