"""A company in which there is one of everything that a button can be about, open and over."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.people_sync import person
from storage.store import Store
from tests.faults.cases import MEDIUM, circumstances, draft, submitted
from tests.faults.kinds import KINDS, of_kind
from tests.workflows.contracts import given
from workflows.answers import Answer
from workflows.contract import Breach, Contract, ContractVersion
from workflows.decision import Aggregate, Decision, Entry
from workflows.digests.issue import DigestIssue
from workflows.digests.page import Finding, Number, Page, Part
from workflows.digests.subscription import Schedule, Subscription
from workflows.effects import ToPerson
from workflows.feedback import Feedback
from workflows.figures.check_in import Alert, Amount, CheckIn, Doubt, Told
from workflows.ids import ProgramStamp, QuestionId, UseCaseId, UserId
from workflows.incident import Incident
from workflows.matter import Action
from workflows.plan.plan import Plan, PlanTask
from workflows.portfolio_review import PortfolioReview, Task
from workflows.program import Program
from workflows.release import Parts, Release
from workflows.result import Result
from workflows.scoring import assess
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Assignment, Origin, Walk

PEOPLE = Path(__file__).resolve().parents[2] / "sandbox" / "northwind.json"
DANA, LEE, GRACE, OMAR, GERALD = (UserId(f"U0{n}") for n in ("DANA", "LEE", "GRACE", "OMAR", "GERALD"))
"""Dana brought everything in and Lee keeps it running; Grace has nothing to do with it; Omar has a use case
of his own; Gerald left."""
PRIVATE = "between-us"
"""Stands in everything that is only for those who may read the record."""
DRAFT = "unborn-idea"
"""Stands in the name of what is nobody else's business yet."""


@dataclass
class Company:
    """The ids of what is there."""

    use_case: str
    submitted: str
    """Of Dana too, as her own conversation left it."""
    of_omar: str
    draft: str
    draft_walk: str
    cases: dict[str, str]
    """An approval of each kind that waits -> its first seat."""
    over_case: str
    checklist: str
    """A walk, with an assignment ``a1`` that waits for Lee and ``a2`` that is over."""
    result: str
    waiver: str
    waiver_over: str
    live: str
    proposed: str
    stopped: str
    ended: str
    contract: str
    incident: str
    incident_over: str
    review: str
    review_over: str
    feedback: str
    feedback_over: str
    plan: str
    plan_over: str
    check_in: str
    """With a doubt about the cost, and a guardrail that is crossed."""
    check_in_over: str
    subscription: str
    """A digest for Lee."""
    subscription_over: str
    digest: str
    """Written for Dana alone."""
    question: str = "production_readiness|monitoring"


def populate(store: Store, program: Program) -> Company:
    """Put all of it there, as rules or their results would leave it."""
    known = json.loads(PEOPLE.read_text(encoding="utf-8"))
    ids = {u["name"]: u["id"] for u in known["users"]}
    with store.write() as tx:
        groups = {g["handle"]: [UserId(ids[n]) for n in g["users"]] for g in known["groups"]}
        tx.save_people([person(u) for u in known["users"]], groups)
    secret = {**MEDIUM, "problem": f"{PRIVATE}: they type for hours", "risk_owner": "U0PRIYA"}
    cases: dict[str, str] = {}
    for kind in KINDS:
        case = (
            submitted(store, program, DANA, f"Case {kind}", secret, told=False)
            if kind == "intake"
            else of_kind(store, program, kind, f"Case {kind}")
        )
        cases[str(case.id)] = case.seats[0].id
    over = submitted(store, program, DANA, "Over", secret, told=False)
    begun = draft(store, program, DANA, f"{DRAFT} letters", secret)
    maker = _Maker(store, program)
    return maker.company(secret, cases, str(over.id), begun)


class _Maker:
    def __init__(self, store: Store, program: Program) -> None:
        self.store = store
        self.program = program
        self.now = datetime.now(UTC)
        self.stamp: ProgramStamp = program.stamp

    def use_case(self, id: UseCaseId, by: UserId, title: str, said: dict[str, Any]) -> UseCase:
        answers = {
            QuestionId(q): Answer(value=v, how="form", by=by, at=self.now)
            for q, v in {"name": title, **said}.items()
        }
        return UseCase(
            id=id,
            title=title,
            stage="pilot",
            submitter=by,
            program=self.stamp,
            answers=answers,
            assessment=assess(self.program, self.program.intake, answers),
            created_at=self.now,
            submitted_at=self.now,
        )

    def company(self, secret: dict[str, Any], cases: dict[str, str], over: str, begun: Walk) -> Company:
        circ = circumstances(DANA, self.program)
        with self.store.write() as tx:
            of_dana = self.use_case(tx.new_id("use_case"), DANA, "Letters", secret)
            named = {q: str(OMAR) for q in ("data_owner", "business_owner", "technical_owner", "risk_owner")}
            of_omar = self.use_case(tx.new_id("use_case"), OMAR, "Quotes", {**secret, **named})
            id = of_dana.id
            checklist = self.walk(tx.new_id("walk"), id, "production_readiness")
            checklist = checklist.model_copy(update={"assignments": self.assignments()})
            result = self.walk(tx.new_id("walk"), id, "pilot_diagnosis").model_copy(
                update={
                    "status": "submitted",
                    "result": Result(headline=f"{PRIVATE} result", mark="stop", at=self.now),
                }
            )
            waivers = [self.waiver(tx.new_id("waiver"), id, s) for s in ("asked", "refused")]
            releases = [
                self.release(tx.new_id("release"), id, n, s)
                for n, s in enumerate(("live", "proposed", "stopped", "withdrawn"), 1)
            ]
            contract = self.contract(tx.new_id("contract"), id)
            incidents = [self.incident(tx.new_id("incident"), id, s) for s in ("open", "closed")]
            reviews = [self.review(tx.new_id("portfolio_review"), id, s) for s in ("open", "closed")]
            put: list[Aggregate] = [of_dana, of_omar, checklist, result, *waivers, *releases, contract]
            put += [*incidents, *reviews]
            feedback = [self.feedback(tx.new_id("feedback"), id, s) for s in ("open", "done")]
            plans = [self.plan(tx.new_id("plan"), s) for s in ("running", "closed")]
            put += [*feedback, *plans]
            check_ins = [self.check_in(tx.new_id("check_in"), id, over) for over in (False, True)]
            put += check_ins
            subscriptions = [self.subscription(tx.new_id("subscription"), s) for s in ("running", "ended")]
            put += subscriptions
            digest = self.digest(tx.new_id("digest_issue"))
            put.append(digest)
            entry = Entry(action="put", subject=of_dana.subject)
            tx.apply(Decision(changed=tuple(put), entries=(entry,)), circ)
            unborn = tx.lock_use_case(begun.about)
            assert unborn is not None
            # As one that came back for changes: it has its name already.
            known = unborn.model_copy(update={"title": f"{DRAFT} letters"})
            tx.apply(Decision(changed=(known,), entries=(entry,)), circ)
            closed = tx.lock_approval(over)
            assert closed is not None
            gone = closed.model_copy(update={"status": "withdrawn", "closed_at": self.now})
            tx.apply(Decision(changed=(gone,), entries=(entry,)), circ)
        return Company(
            use_case=id,
            submitted="UC-0001",
            of_omar=of_omar.id,
            draft=begun.about,
            draft_walk=begun.id,
            cases=cases,
            over_case=over,
            checklist=checklist.id,
            result=result.id,
            waiver=waivers[0].id,
            waiver_over=waivers[1].id,
            live=releases[0].id,
            proposed=releases[1].id,
            stopped=releases[2].id,
            ended=releases[3].id,
            contract=contract.id,
            incident=incidents[0].id,
            incident_over=incidents[1].id,
            review=reviews[0].id,
            review_over=reviews[1].id,
            check_in=check_ins[0].id,
            check_in_over=check_ins[1].id,
            subscription=subscriptions[0].id,
            subscription_over=subscriptions[1].id,
            feedback=feedback[0].id,
            feedback_over=feedback[1].id,
            plan=plans[0].id,
            plan_over=plans[1].id,
            digest=digest.id,
        )

    def subscription(self, id: Any, status: Any) -> Subscription:
        digest = "risk" if status == "running" else "value"
        return Subscription(
            id=id,
            status=status,
            digest=digest,
            to=ToPerson(user=LEE),
            owner=LEE,
            schedule=Schedule(zone="Europe/London"),
            origin="slack",
            opened_at=self.now,
        )

    def walk(self, id: Any, about: UseCaseId, questionnaire: str) -> Walk:
        return Walk(
            id=id,
            questionnaire=questionnaire,
            about=about,
            owner=DANA,
            status="asking",
            origin=Origin(entry="command"),
            program=self.stamp,
            started_at=self.now,
            touched_at=self.now,
        )

    def assignments(self) -> tuple[Assignment, ...]:
        item = QuestionId("monitoring")
        asked = Assignment(id="a1", question=item, to=LEE, by=DANA, at=self.now, note=f"{PRIVATE} note")
        gone = {"id": "a2", "dropped_at": self.now, "ended": "taken_back", "ended_by": DANA}
        return (asked, asked.model_copy(update=gone))

    def waiver(self, id: Any, about: UseCaseId, status: Any) -> Waiver:
        return Waiver(
            id=id,
            use_case=about,
            owner=DANA,
            opened_at=self.now,
            status=status,
            checklist="production_readiness",
            control=QuestionId("monitoring"),
            role="risk_partner",
            justification=f"{PRIVATE} justification",
            compensating=f"{PRIVATE} compensating",
            risk=f"{PRIVATE} risk",
            carrier=UserId("U0PRIYA"),
            expires_at=self.now + timedelta(days=20),
            program=self.stamp,
        )

    def release(self, id: Any, about: UseCaseId, number: int, status: Any) -> Release:
        return Release(
            id=id,
            use_case=about,
            opened_at=self.now,
            version=f"1.{number}.0",
            status=status,
            proposed_by=DANA,
            parts=Parts(prompt=f"p-{number}"),
            changed="A shorter prompt.",
            why="It was slow.",
            impact="None.",
            program=self.stamp,
        )

    def contract(self, id: Any, about: UseCaseId) -> Contract:
        submitted = given()
        version = ContractVersion(
            version="1.0.0", document=submitted.values, text=submitted.text, by=UserId("U0ELENA"), at=self.now
        )
        broken = {"layer": "behavioural", "what": "It was late.", "by": None, "at": self.now}
        over = {"closed_at": self.now, "closed_by": UserId("U0ELENA"), "reason": "It came."}
        return Contract(
            id=id,
            owner=UserId("U0ELENA"),
            opened_at=self.now,
            name="claims-feed",
            title="Claims feed",
            versions=(version,),
            consumers=(about,),
            breaches=(Breach(id="b1", **broken), Breach(id="b2", **broken, **over)),
        )

    def incident(self, id: Any, about: UseCaseId, status: Any) -> Incident:
        action = {"text": "Look again", "owner": LEE, "by": DANA, "at": self.now}
        done = {"done_at": self.now, "done_by": LEE}
        return Incident(
            id=id,
            use_case=about,
            owner=LEE,
            opened_at=self.now,
            status=status,
            type=self.program.incidents.kinds[0].id,
            severity=self.program.incidents.severities[0].id,
            what="It invented a policy.",
            reporter=DANA,
            began_at=self.now,
            actions=(Action(id="x1", **action), Action(id="x2", **action, **done)),
        )

    def check_in(self, id: Any, about: UseCaseId, over: bool) -> CheckIn:
        told = Told(figure="cost", value=90_000.0, by=DANA, at=self.now)
        alert = Alert(figure="guardrail_1", value=9.0, since=date(2026, 11, 16), at=self.now, to=(LEE, DANA))
        if over:
            alert = alert.model_copy(update={"answer": "done", "by": LEE, "answered_at": self.now})
        return CheckIn(
            id=id,
            use_case=about,
            owner=LEE,
            opened_at=self.now,
            week=date(2026, 11, 9) if over else date(2026, 11, 16),
            status="told" if over else "doubted",
            figures=(told,) if over else (),
            doubts=() if over else (Doubt(told=told, because="jump", instead=(Amount(value=90.0),)),),
            alerts=(alert,),
        )

    def digest(self, id: Any) -> DigestIssue:
        waits = Finding(says="waits_seat", title=f"{PRIVATE} letters", people=(DANA,))
        number = Number(metric="incidents_open", label="Incidents", unit="count", kind="risk", value=1.0)
        page = Page(
            digest="personal",
            title="My AI week",
            version="personal",
            period="2026-W47",
            reader=DANA,
            at=self.now,
            head=waits,
            numbers=(number,),
            parts=(Part(section="incidents", findings=(waits,), total=9),),
        )
        return DigestIssue(
            id=id,
            opened_at=self.now,
            digest="personal",
            period="2026-W47",
            due_at=self.now,
            page=page.model_dump(mode="json"),
        )

    def review(self, id: Any, about: UseCaseId, status: Any) -> PortfolioReview:
        task = Task(id="t1", text="Tune it", owner=LEE, by=UserId("U0RUTH"), at=self.now, use_case=about)
        return PortfolioReview(
            id=id,
            opened_at=self.now,
            status=status,
            period="2026-Q4",
            queue=(about,),
            members=(UserId("U0RUTH"), UserId("U0VICTOR")),
            program=self.stamp,
            tasks=(task,),
        )

    def feedback(self, id: Any, about: UseCaseId, status: Any) -> Feedback:
        return Feedback(
            id=id,
            use_case=about,
            owner=LEE,
            opened_at=self.now,
            status=status,
            text=f"{PRIVATE}: it invents names",
            told=(LEE, DANA),
            answered_by=None if status == "open" else LEE,
        )

    def plan(self, id: Any, status: Any) -> Plan:
        action = Action(id="t1", text="List it", owner=LEE, by=UserId("U0SAM"), at=self.now)
        phase = self.program.plan.phases[0].id
        return Plan(
            id=id,
            owner=UserId("U0SAM"),
            opened_at=self.now,
            status=status,
            begins=self.now.date(),
            tasks=(PlanTask(task="t1", phase=phase, action=action),),
        )
