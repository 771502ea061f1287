"""What is missing before a gate: each demanded item, owner, assessment and approval, at that moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.gates import answered, checklist, evidence
from tests.program.office import DANA, NOW, PROGRAM, assessed, summaries
from workflows.approval import Approval, Condition, Seat
from workflows.contract import Breach, Contract, ContractVersion
from workflows.dossier import Dossier
from workflows.evidence import Check
from workflows.gap import Gap
from workflows.ids import ApprovalId, ContractId, IncidentId, QuestionId, UseCaseId, UserId, WaiverId
from workflows.incident import Incident
from workflows.people import Directory, Person
from workflows.readiness import Readiness, readiness
from workflows.result import Result
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Walk

LEE, INES, MO, PRIYA, OLGA = (UserId(f"U0{n}") for n in ("LEE", "INES", "MO", "PRIYA", "OLGA"))
PEOPLE = Directory(
    people={
        u: Person(id=u, name=u.removeprefix("U0").title(), active=u != OLGA)
        for u in (DANA, LEE, INES, MO, PRIYA, OLGA)
    },
    groups={"ai-program": (MO,), "risk-partners": (PRIYA,)},
)
OWNERS = {"metric_owner": "U0MO", "risk_owner": "U0INES", "stop_authority": "U0LEE"}
UC = "UC-0001"


def use_case(stage: str = "platform_candidate", **answers: Any) -> UseCase:
    return UseCase(
        id=UseCaseId(UC),
        title="Summarise claims calls",
        stage=stage,
        submitter=DANA,
        program=PROGRAM.stamp,
        answers=summaries(**{**OWNERS, **answers}),
        assessment=assessed(**{**OWNERS, **answers}),
        created_at=NOW - timedelta(days=60),
        submitted_at=NOW - timedelta(days=59),
    )


def approval(
    kind: str = "intake", gate: str = "pilot", status: str = "approved", days_ago: float = 50, **more: Any
) -> Approval:
    at = NOW - timedelta(days=days_ago)
    return Approval(
        id=ApprovalId(more.pop("id", f"A-{kind}-{gate}")),
        use_case=UseCaseId(UC),
        submitter=DANA,
        home=None,
        program=PROGRAM.stamp,
        kind=kind,
        gate=gate,
        tier="medium",
        rows=(),
        because=(),
        seats=more.pop("seats", ()),
        status=status,
        opened_at=at,
        closed_at=None if status == "waiting" else at,
        **more,
    )


def dossier(
    *walks: Walk,
    stage: str = "platform_candidate",
    approvals: tuple[Approval, ...] | None = None,
    **more: Any,
) -> Dossier:
    answers = more.pop("answers", {})
    return Dossier(
        use_case=use_case(stage, **answers),
        walks=walks,
        approvals=(approval(),) if approvals is None else approvals,
        **more,
    )


def ready_for(gate: str, of: Dossier, now: datetime = NOW) -> Readiness:
    return readiness(PROGRAM.gates[gate], of, PROGRAM, PEOPLE, now)


def missing(gate: str, of: Dossier, now: datetime = NOW) -> dict[str, str]:
    """What is missing by its key: the kind of gap; the decision itself left out."""
    return {g.key: g.kind for g in ready_for(gate, of, now).gaps if g.key != gate}


def gap(gate: str, of: Dossier, key: str) -> Gap:
    return next(g for g in ready_for(gate, of).gaps if g.key == key)


COMPLETE = checklist(PROGRAM, "production_readiness", UC, at=NOW - timedelta(days=3))


def test_with_every_item_met_every_owner_named_and_its_approval_only_the_decision_is_left() -> None:
    found = ready_for("production", dossier(COMPLETE))
    assert (found.done, found.of) == (7, 7)
    assert found.complete
    assert not found.ready
    assert [g.kind for g in found.gaps] == ["approval"]


def test_with_the_decision_too_it_is_ready() -> None:
    decided = approval("gate", "production", days_ago=1)
    assert ready_for("production", dossier(COMPLETE, approvals=(decided, approval()))).ready


def test_nothing_answered_is_said_item_by_item_with_the_way_to_answer() -> None:
    found = ready_for("production", dossier())
    assert (found.done, found.of) == (0, 7)
    assert [g.key for g in found.gaps if g.kind == "lacks"] == [
        f"production_readiness.{item}"
        for item in (
            "data_quality", "decision_ownership", "evaluation", "monitoring", "security", "change_management",
            "fallbacks",
        )
    ]  # fmt: skip
    first = found.gaps[0]
    assert (first.does, first.target) == ("answer", f"{UC}|production_readiness|data_quality")


def test_scene_four_five_of_seven_one_without_evidence_one_with_lee_and_no_risk_owner() -> None:
    since = NOW - timedelta(days=6)
    sheet = checklist(
        PROGRAM,
        "production_readiness",
        UC,
        at=since,
        without=("fallbacks", "monitoring"),
        handed_to={"monitoring": LEE},
    )
    of = dossier(sheet, answers={"risk_owner": None})
    found = ready_for("production", of)
    assert (found.done, found.of) == (5, 7)
    assert missing("production", of) == {
        "production_readiness.fallbacks": "lacks",
        "production_readiness.monitoring": "waiting",
        "risk_owner": "owner",
    }
    waits = gap("production", of, "production_readiness.monitoring")
    assert (waits.who, waits.since, waits.does) == ((LEE,), since, "nudge")
    assert waits.target == "W-0100|as-monitoring"
    assert found.waiting_on(LEE) == 1
    named = gap("production", of, "risk_owner")
    assert (named.does, named.target) == ("name", f"{UC}|risk_owner")


@pytest.mark.parametrize(
    ("check", "stand", "done"),
    [
        (Check(state="yes"), "lacks", False),
        (Check(state="no", reason="not begun"), "no", False),
        (Check(state="na", reason="no model of our own"), "na", True),
        (Check(state="yes", evidence=(evidence(at=NOW - timedelta(days=30)),)), "met", True),
        (Check(state="yes", evidence=(evidence(at=NOW - timedelta(days=400)),)), "expired", False),
        (Check(state="yes", evidence=(evidence(at=NOW - timedelta(days=400), days=None),)), "expired", False),
    ],
)
def test_an_item_is_met_only_by_evidence_that_holds_or_a_reason_why_it_does_not_apply(
    check: Check, stand: str, done: bool
) -> None:
    said = answered(check, DANA, NOW)
    sheet = COMPLETE.model_copy(update={"answers": {**COMPLETE.answers, QuestionId("monitoring"): said}})
    item = next(i for i in ready_for("production", dossier(sheet)).items if i.item == "monitoring")
    assert (item.stand, item.done) == (stand, done)


def test_evidence_holds_to_the_day_it_runs_out_and_no_longer() -> None:
    of = dossier(COMPLETE)
    ends = COMPLETE.touched_at + timedelta(days=365)
    assert not missing("production", of, ends - timedelta(seconds=1))
    assert set(missing("production", of, ends).values()) == {"expired"}


def test_a_waiver_stands_for_its_control_until_it_ends() -> None:
    waiver = Waiver(
        id=WaiverId("WV-0001"),
        use_case=UseCaseId(UC),
        status="in_force",
        checklist="production_readiness",
        control=QuestionId("monitoring"),
        role="risk_partner",
        justification="the board comes next month",
        compensating="Lee reads twenty outputs a day",
        risk="drift is noticed late",
        expires_at=NOW + timedelta(days=10),
        program=PROGRAM.stamp,
        opened_at=NOW,
    )
    sheet = checklist(PROGRAM, "production_readiness", UC, at=NOW, without=("monitoring",))
    of = dossier(sheet, waivers=(waiver,))
    assert not missing("production", of)
    assert missing("production", of, waiver.expires_at) == {"production_readiness.monitoring": "lacks"}
    asked = waiver.model_copy(update={"status": "asked"})
    assert missing("production", dossier(sheet, waivers=(asked,)))


def test_every_owner_that_the_gate_names_has_to_be_there() -> None:
    nobody = {"metric_owner": None, "risk_owner": None, "stop_authority": None}
    assert missing("production", dossier(COMPLETE, answers=nobody)) == {
        "metric_owner": "owner", "risk_owner": "owner", "stop_authority": "owner",
    }  # fmt: skip
    assert missing("production", dossier(COMPLETE, answers={"risk_owner": "U0OLGA"})) == {
        "risk_owner": "owner_left"
    }
    assert missing("production", dossier(COMPLETE, answers={"metric_owner": "U0DANA"})) == {
        "business_owner+metric_owner": "owners_same"
    }


def test_what_is_demanded_depends_on_the_tier() -> None:
    low = {"data_sensitivity": "internal", "personal_data": False, "data_sources": ["documents"]}
    basics = checklist(PROGRAM, "production_basics", UC, at=NOW)
    assert not missing("production", dossier(basics, answers=low))
    high = {"harm": "severe", "autonomy": "act_alone", "decides_about_people": True, "error_rate": 2.0}
    found = ready_for("production", dossier(COMPLETE, answers=high))
    assert {i.checklist for i in found.items} == {"production_readiness", "production_high"}
    assert (found.done, found.of) == (7, 11)


def test_a_dimension_without_any_evidence_is_said_before_all_else() -> None:
    promotion = checklist(
        PROGRAM,
        "promotion",
        UC,
        at=NOW,
        met=("outcome_moved", "cost_known", "evaluation_passed", "ran_without_stop", "rollback_rehearsed"),
    )
    questions = checklist(PROGRAM, "gate_questions", UC, at=NOW, walk="W-0101")
    found = ready_for("platform_candidate", dossier(promotion, questions, stage="pilot"))
    assert [d.empty for d in found.dimensions] == [False, False, True]
    assert (found.gaps[0].kind, found.gaps[0].what) == ("dimension", "Organisational readiness")


def test_the_gate_questions_say_on_which_evidence_they_rest() -> None:
    sheet = checklist(PROGRAM, "production_readiness", UC, at=NOW, without=("monitoring",))
    found = ready_for("production", dossier(sheet))
    assert {q.id: q.empty for q in found.questions} == {
        "permitted": False, "evaluated": False, "logged": True, "override": False, "policy": False,
    }  # fmt: skip


def test_an_open_breach_of_a_contract_it_relies_on_stands_in_the_way() -> None:
    breach = Breach(id="b1", layer="behavioural", what="data is two days old", by=LEE, at=NOW)
    contract = Contract(
        id=ContractId("DC-0001"),
        name="calls",
        title="Call recordings",
        versions=(ContractVersion(version="1.0.0", document={}, by=LEE, at=NOW),),
        consumers=(UseCaseId(UC),),
        breaches=(breach,),
        opened_at=NOW,
    )
    assert missing("production", dossier(COMPLETE, contracts=(contract,))) == {"DC-0001.b1": "breach"}
    closed = breach.model_copy(update={"closed_at": NOW, "closed_by": LEE})
    mended = contract.model_copy(update={"breaches": (closed,)})
    assert not missing("production", dossier(COMPLETE, contracts=(mended,)))


@pytest.mark.parametrize(
    ("severity", "status", "stands"),
    [
        ("low", "open", False),
        ("medium", "open", True),
        ("critical", "mitigated", True),
        ("critical", "recovered", False),
        ("critical", "dismissed", False),
    ],
)
def test_an_open_incident_of_enough_weight_stands_in_the_way(
    severity: Any, status: Any, stands: bool
) -> None:
    incident = Incident(
        id=IncidentId("INC-0001"),
        use_case=UseCaseId(UC),
        type="drift",
        severity=severity,
        status=status,
        what="summaries leave out amounts",
        reporter=LEE,
        began_at=NOW,
        opened_at=NOW,
    )
    found = missing("production", dossier(COMPLETE, incidents=(incident,)))
    assert found == ({"INC-0001": "incident"} if stands else {})


def test_an_approval_that_ran_out_or_waits_for_a_change_does_not_carry_a_gate() -> None:
    ended = approval(expires_at=NOW - timedelta(days=1))
    assert missing("production", dossier(COMPLETE, approvals=(ended,))) == {
        "A-intake-pilot": "approval_expired"
    }
    decided = approval("gate", "production", days_ago=5)
    seat = Seat(id="risk", role="risk", label="Risk", why="", people=(PRIYA,), opened_at=NOW)
    change = approval(
        "change",
        "pilot",
        "waiting",
        days_ago=0,
        seats=(seat,),
        reopens=(decided.id, ApprovalId("A-intake-pilot")),
    )
    of = dossier(COMPLETE, approvals=(change, decided, approval()))
    assert missing("production", of) == {"A-change-pilot": "change_waits"}
    assert gap("production", of, "A-change-pilot").who == (PRIYA,)
    assert not ready_for("production", of).ready


def test_a_decision_from_before_it_was_submitted_anew_counts_for_nothing() -> None:
    old = approval("gate", "production", days_ago=80)
    assert not ready_for("production", dossier(COMPLETE, approvals=(old, approval()))).ready


def test_a_condition_that_is_overdue_stands_in_the_way_until_it_is_done() -> None:
    promise = Condition(
        id="c1", seat="risk", by=PRIYA, text="delete transcripts", owner=LEE, due=NOW - timedelta(days=2)
    )
    of = dossier(COMPLETE, approvals=(approval(conditions=(promise,)),))
    assert missing("production", of) == {"A-intake-pilot.c1": "condition"}
    done = promise.model_copy(update={"done_at": NOW, "done_by": LEE})
    assert not missing("production", dossier(COMPLETE, approvals=(approval(conditions=(done,)),)))


def test_an_assessment_counts_when_it_is_finished_still_holds_and_does_not_say_stop() -> None:
    from workflows.gate import Demand

    gate = PROGRAM.gates["production"].model_copy(
        update={"demands": (Demand(questionnaire="impact_assessment"),)}
    )
    blank = checklist(PROGRAM, "production_readiness", UC, at=NOW, met=())
    begun = blank.model_copy(update={"questionnaire": "impact_assessment"})
    done = begun.model_copy(update={"status": "submitted"})

    def kinds(*walks: Walk) -> list[str]:
        found = readiness(gate, dossier(*walks), PROGRAM, PEOPLE, NOW)
        return [g.kind for g in found.gaps if g.kind != "approval"]

    fine = Result(headline="fine", mark="good", at=NOW)
    assert kinds() == ["assessment"]
    assert kinds(begun) == ["assessment"]
    assert kinds(done.model_copy(update={"result": fine})) == []
    assert kinds(done.model_copy(update={"result": fine.model_copy(update={"mark": "stop"})})) == [
        "assessment_failed"
    ]
    over = fine.model_copy(update={"expires_at": NOW})
    assert kinds(done.model_copy(update={"result": over})) == ["assessment_expired"]
