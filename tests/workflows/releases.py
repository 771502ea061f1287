"""One use case with its releases, held in memory and changed by the rules, for the tests of releases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.program.office import PROGRAM, answers, assessed, summaries
from workflows import approving, releasing, restarting, stopping
from workflows.approval import Approval
from workflows.decision import Actor, Aggregate, Circumstances, Decision
from workflows.dossier import Dossier
from workflows.evidence import Check
from workflows.ids import ApprovalId, QuestionId, ReleaseId, UseCaseId, UserId
from workflows.outcomes import followed
from workflows.people import Directory, Person
from workflows.program import Program
from workflows.release import Release
from workflows.releasing import Proposal
from workflows.seats import open_seats, to_act
from workflows.systems import system_user
from workflows.use_case import UseCase

DANA, LEE, RUTH, PRIYA, MO, EVE = (
    UserId(u) for u in ("U0DANA", "U0LEE", "U0RUTH", "U0PRIYA", "U0MO", "U0EVE")
)
CI = system_user("ci")
NAMES = {
    DANA: "Dana Ortiz",
    LEE: "Lee Park",
    RUTH: "Ruth Adler",
    PRIYA: "Priya Shah",
    MO: "Mo Haddad",
    EVE: "Eve Stranger",
}
DIRECTORY = Directory(
    people={u: Person(id=u, name=name, tz="Europe/London") for u, name in NAMES.items()},
    groups={"risk-partners": (PRIYA,), "ai-program": (MO,), "platform-oncall": (MO,)},
)
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVIDENCED = Check.model_validate(
    {
        "state": "yes",
        "evidence": [{"kind": "text", "text": "seen", "owner": LEE, "at": START.isoformat()}],
    }
)


def without_checklists(program: Program) -> Program:
    """The program whose releases need no checklist and no assessment: what is tested here is the rest."""
    gate = program.gates[program.releases.gate].model_copy(update={"demands": ()})
    rows = tuple(row.model_copy(update={"assessments": ()}) for row in program.governance.rows)
    governance = program.governance.model_copy(update={"rows": rows})
    return program.model_copy(update={"gates": {**program.gates, gate.id: gate}, "governance": governance})


@dataclass
class World:
    """A use case in its pilot, of medium risk: Dana brought it in, Lee builds it, Ruth owns the business."""

    program: Program = field(default_factory=lambda: without_checklists(PROGRAM))
    now: datetime = START
    tier: str = "medium"
    stage: str = "pilot"
    business_owner: UserId = RUTH
    stored: dict[str, Aggregate] = field(default_factory=dict)
    last: Decision = field(default_factory=Decision)
    numbers: int = 0

    def __post_init__(self) -> None:
        given = {
            **summaries(business_owner=self.business_owner, technical_owner=LEE),
            **answers(risk_owner=PRIYA),
        }
        found = assessed()
        tier = found.tier.model_copy(update={"tier": self.tier})
        use_case = UseCase(
            id=UseCaseId("UC-0001"),
            title="Summarise claims calls",
            stage=self.stage,
            submitter=DANA,
            program=self.program.stamp,
            answers={**given, QuestionId("business_function"): answers(f="claims")[QuestionId("f")]},
            assessment=found.model_copy(update={"tier": tier}),
            approval=ApprovalId("A-0000"),
            created_at=START,
            submitted_at=START,
            decided_at=START,
        )
        intake = Approval(
            id=ApprovalId("A-0000"),
            use_case=use_case.id,
            submitter=DANA,
            home=None,
            program=self.program.stamp,
            gate=self.program.governance.gate,
            tier="medium",
            rows=(),
            because=(),
            seats=(),
            status="approved",
            opened_at=START,
            closed_at=START,
        )
        self.keep(Decision(changed=(use_case, intake)))

    def keep(self, decision: Decision) -> Decision:
        """Store what a rule decided, as the store does: whole, or not at all."""
        self.last = decision
        for changed in decision.changed:
            self.stored[str(changed.subject)] = changed
        return decision

    def all(self, kind: type[Any]) -> tuple[Any, ...]:
        found = [a for a in self.stored.values() if isinstance(a, kind)]
        return tuple(sorted(found, key=lambda a: a.subject.id, reverse=True))

    @property
    def dossier(self) -> Dossier:
        return Dossier(
            use_case=self.all(UseCase)[0], approvals=self.all(Approval), releases=self.all(Release)
        )

    def circ(self, user: UserId) -> Circumstances:
        self.now += timedelta(minutes=1)
        return Circumstances(now=self.now, actor=Actor(user=user, door="button"), program=self.program.stamp)

    def proposes(self, version: str, by: UserId = CI, **more: Any) -> Decision:
        self.numbers += 1
        told = {"changed": "Shorter prompts", "why": "They were too long", "impact": "Shorter summaries"}
        return self.keep(
            releasing.propose(
                ReleaseId(f"RL-{self.numbers:04d}"),
                ApprovalId(f"A-{self.numbers:04d}"),
                Proposal(version=version, **{**told, **more}),
                self.dossier,
                self.program,
                DIRECTORY,
                self.circ(by),
            )
        )

    def release(self, version: str) -> Release:
        found = releasing.named(version, self.dossier)
        assert found is not None
        return found

    def is_approved(self, version: str) -> None:
        """Everybody who is asked says yes."""
        while True:
            approval = next(a for a in self.dossier.approvals if a.id == self.release(version).approval)
            seats = open_seats(approval)
            if not seats:
                return
            circ = self.circ(to_act(seats[0])[0])
            rule = approving.approve
            use_case = self.dossier.use_case
            decision = rule(approval, use_case, self.program, DIRECTORY, circ, seat=seats[0].id)
            self.keep(followed(decision, self.dossier, self.program, DIRECTORY, circ))

    def _do(self, rule: Callable[..., Decision], version: str, by: UserId, **more: Any) -> Decision:
        args = (self.release(version), self.dossier, self.program, DIRECTORY, self.circ(by))
        return self.keep(rule(*args, **more))

    def ships(self, version: str, by: UserId = CI) -> Decision:
        return self._do(releasing.ship, version, by)

    def stops(self, version: str, by: UserId = LEE, **more: Any) -> Decision:
        return self._do(stopping.stop, version, by, **more)

    def withdraws(self, version: str, by: UserId = LEE) -> Decision:
        return self._do(releasing.withdraw, version, by)

    def restarts(self, version: str, by: UserId, why: str = "") -> Decision:
        return self._do(restarting.restart, version, by, why=why)

    def explains(self, version: str, by: UserId, why: str) -> Decision:
        args = (self.release(version), why, self.dossier, self.program, DIRECTORY, self.circ(by))
        return self.keep(stopping.explain(*args))

    def rolls_back(self, by: UserId = LEE, to: str = "", **more: Any) -> Decision:
        target = self.release(to).id if to else None
        return self.keep(
            stopping.roll_back(self.dossier, self.program, DIRECTORY, self.circ(by), target, **more)
        )

    def is_live(self, version: str, by: UserId = CI) -> Release:
        """Proposed, approved and shipped."""
        self.proposes(version, by)
        self.is_approved(version)
        self.ships(version)
        assert self.release(version).status == "live", self.last
        return self.release(version)


def why_not(decision: Decision) -> str:
    """The message of a refusal; empty where it is none."""
    found = [e for e in decision.entries if e.refused]
    return str(found[0].detail["because"]) if found else ""


def said(decision: Decision) -> str:
    """A refusal's sentence."""
    for effect in decision.effects:
        data = getattr(effect, "data", {})
        if "message" in data:
            return PROGRAM.messages[data["message"]].format_map(data["values"])
    return ""


def told(decision: Decision, event: str) -> list[str]:
    """To whom that was told: people's ids, and channels with their ``#``."""
    found = []
    for effect in decision.effects:
        if effect.effect == "post" and effect.kind == "release_told" and effect.data["event"] == event:
            to = effect.to
            found.append(str(to.user) if to.to == "person" else f"#{to.name}" if to.to == "room" else "home")
    return sorted(found)


def cards(decision: Decision) -> list[str]:
    """Who gets the card of the release, and which channels."""
    posts = [e for e in decision.effects if e.effect == "post" and e.kind == "release"]
    return sorted(f"#{e.to.name}" if e.to.to == "room" else str(getattr(e.to, "user", "")) for e in posts)
