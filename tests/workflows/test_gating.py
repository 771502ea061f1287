"""Who may ask for a gate, when it is passed, and moving by hand: each with its kind refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gates import checklist
from tests.program.office import DANA, NOW, PROGRAM
from tests.workflows.office import refusal
from tests.workflows.test_readiness import INES, LEE, MO, OLGA, PEOPLE, PRIYA, approval, dossier
from workflows.approval import Approval
from workflows.decision import Actor, Circumstances, Decision
from workflows.dossier import Dossier
from workflows.gating import ask_for, passed
from workflows.ids import ApprovalId, QuestionId, ReleaseId, UseCaseId, UserId, WaiverId
from workflows.lapsing import lapse
from workflows.outcomes import followed
from workflows.owning import Naming, name_owner
from workflows.putting_down import put_down
from workflows.release import Parts, Release
from workflows.stage_moves import Moving, move_by_hand, moves_for
from workflows.use_case import UseCase
from workflows.waiting import waits_of
from workflows.waiver import Waiver
from workflows.walk import Assignment

PROMOTION = (
    checklist(PROGRAM, "promotion", "UC-0001", at=NOW, walk="W-0301"),
    checklist(PROGRAM, "gate_questions", "UC-0001", at=NOW, walk="W-0302"),
)
READY = dossier(*PROMOTION, stage="pilot")
GATE = PROGRAM.gates["platform_candidate"]
VERSION = Release(
    id=ReleaseId("RL-0001"),
    use_case=UseCaseId("UC-0001"),
    version="1.0.0",
    proposed_by=LEE,
    parts=Parts(),
    changed="c",
    why="w",
    impact="i",
    program=PROGRAM.stamp,
    approval=ApprovalId("A-0005"),
    opened_at=NOW,
)
WAIVER = Waiver(
    id=WaiverId("WV-0001"),
    use_case=UseCaseId("UC-0001"),
    checklist="promotion",
    control=QuestionId("cost_known"),
    role="ai_program_office",
    justification="j",
    compensating="c",
    risk="r",
    expires_at=NOW + timedelta(days=30),
    program=PROGRAM.stamp,
    approval=ApprovalId("A-0006"),
    opened_at=NOW,
)


def circ(user: UserId, later: timedelta = timedelta(0)) -> Circumstances:
    return Circumstances(now=NOW + later, actor=Actor(user=user, door="button"), program=PROGRAM.stamp)


def ask(of: Dossier, user: UserId = DANA) -> Decision:
    return ask_for(GATE, of, ApprovalId("A-0009"), PROGRAM, PEOPLE, circ(user))


def stage_after(decision: Decision) -> str:
    """Where the use case is afterwards; empty where it stays."""
    return next((a.stage for a in decision.changed if isinstance(a, UseCase)), "")


def moved(of: Dossier, to: str, user: UserId, why: str = "we looked at it together") -> Decision:
    return move_by_hand(Moving(of, to, PROGRAM, PEOPLE, circ(user), why=why))


@pytest.mark.parametrize("user", [DANA, LEE, INES, MO])
def test_whoever_works_on_it_may_ask_and_nobody_who_asked_decides(user: UserId) -> None:
    decision = ask(READY, user)
    opened = next(a for a in decision.changed if isinstance(a, Approval))
    assert (opened.kind, opened.gate, opened.status) == ("gate", "platform_candidate", "waiting")
    assert not {DANA, user} & {u for s in opened.seats for u in s.people}


@pytest.mark.parametrize("user", [PRIYA, OLGA, UserId("U0NOBODY")])
def test_nobody_else_may_ask(user: UserId) -> None:
    decision = ask(READY, user)
    assert refusal(decision) == "gate_not_yours"
    assert not decision.changed


def test_a_gate_is_asked_for_once_from_where_it_lies_and_with_nothing_missing() -> None:
    waiting = approval("gate", "platform_candidate", "waiting", days_ago=0)
    assert (
        refusal(ask(dossier(*PROMOTION, stage="pilot", approvals=(waiting, approval()))))
        == "gate_asked_already"
    )
    assert refusal(ask(dossier(*PROMOTION, stage="approved_for_pilot"))) == "gate_not_from_here"
    assert refusal(ask(dossier(PROMOTION[0], stage="pilot"))) == "gate_not_ready"
    assert refusal(ask(dossier(PROMOTION[1], stage="pilot"))) == "gate_dimension_empty"


def test_after_the_last_yes_it_moves_on_and_everyone_named_is_told() -> None:
    decided = approval("gate", "platform_candidate", days_ago=0)
    after = dossier(*PROMOTION, stage="pilot", approvals=(decided, approval()))
    decision = passed(decided, after, PROGRAM, PEOPLE, circ(PRIYA))
    assert stage_after(decision) == "platform_candidate"
    told = {e.to.user for e in decision.effects if e.effect == "post" and e.to.to == "person"}
    assert told == {DANA, LEE, MO, INES}


def test_what_lapsed_meanwhile_holds_it_back_and_the_approval_stands() -> None:
    decided = approval("gate", "platform_candidate", days_ago=0)
    after = dossier(PROMOTION[0], stage="pilot", approvals=(decided, approval()))
    decision = passed(decided, after, PROGRAM, PEOPLE, circ(PRIYA))
    assert not decision.changed
    assert [e.action for e in decision.entries] == ["gate.held"]
    mended = dossier(*PROMOTION, stage="pilot", approvals=(decided, approval()))
    assert stage_after(ask(mended)) == "platform_candidate"


def test_a_no_moves_nothing() -> None:
    decided = approval("gate", "platform_candidate", "rejected", days_ago=0)
    assert passed(decided, READY, PROGRAM, PEOPLE, circ(PRIYA)) == Decision()


def test_a_decision_about_a_use_case_that_was_moved_meanwhile_moves_nothing() -> None:
    decided = approval("gate", "platform_candidate", days_ago=0)
    after = dossier(*PROMOTION, stage="paused", approvals=(decided, approval()))
    assert not passed(decided, after, PROGRAM, PEOPLE, circ(PRIYA)).changed


def test_only_the_one_whose_move_it_is_makes_it_and_with_a_reason() -> None:
    running = dossier(stage="production")
    assert refusal(moved(running, "paused", LEE)) == "move_not_yours"
    assert refusal(moved(running, "pilot", MO)) == "move_not_listed"
    assert refusal(moved(running, "production", MO)) == "move_there_already"
    assert "why" in moved(running, "paused", DANA, why=" ").problems
    assert stage_after(moved(running, "paused", DANA)) == "paused"
    assert stage_after(moved(running, "retired", MO)) == "retired"
    assert refusal(moved(running, "retired", DANA)) == "move_not_yours"
    assert refusal(moved(dossier(stage="pilot"), "platform_candidate", MO)) == "move_by_decision"


def test_each_is_offered_their_own_moves_alone() -> None:
    running = dossier(stage="production")
    assert [m.to for m in moves_for(DANA, running, PROGRAM, PEOPLE, NOW)] == ["paused"]
    assert [m.to for m in moves_for(MO, running, PROGRAM, PEOPLE, NOW)] == ["paused", "retired"]
    assert moves_for(LEE, running, PROGRAM, PEOPLE, NOW) == ()
    assert moves_for(OLGA, running, PROGRAM, PEOPLE, NOW) == ()


def test_resuming_goes_through_the_gate_again_once_its_approval_ran_out() -> None:
    sheet = checklist(PROGRAM, "production_readiness", "UC-0001", at=NOW)
    decided = approval("gate", "production", days_ago=20, expires_at=NOW + timedelta(days=1))
    was = dossier(sheet, stage="production", approvals=(decided, approval()))
    paused = was.use_case.model_copy(update={"stage": "paused", "stage_before": "production"})
    of = was.model_copy(update={"use_case": paused})
    assert stage_after(moved(of, "production", MO)) == "production"
    late = circ(MO, timedelta(days=2))
    assert refusal(move_by_hand(Moving(of, "production", PROGRAM, PEOPLE, late))) == "gate_not_ready"
    again = ask_for(PROGRAM.gates["production"], of, ApprovalId("A-0010"), PROGRAM, PEOPLE, late)
    assert any(isinstance(a, Approval) and a.gate == "production" for a in again.changed)


def test_retiring_withdraws_what_waits_for_a_decision() -> None:
    waiting = approval("gate", "production", "waiting", days_ago=0)
    decision = moved(dossier(stage="production", approvals=(waiting, approval())), "retired", MO)
    assert [a.status for a in decision.changed if isinstance(a, Approval)] == ["withdrawn"]


def test_a_missing_owner_is_named_one_who_is_there_is_not_replaced_and_two_roles_stay_apart() -> None:
    def named(question: str, user: UserId, by: UserId = DANA, **answers: str | None) -> Decision:
        of = dossier(answers=answers)
        return name_owner(Naming(question, of, PROGRAM, PEOPLE, circ(by)), user)  # type: ignore[arg-type]

    assert named("risk_owner", INES, risk_owner=None).changed
    assert named("risk_owner", INES, risk_owner="U0OLGA").changed
    assert refusal(named("risk_owner", INES)) == "owner_there_already"
    assert refusal(named("risk_owner", INES, by=PRIYA, risk_owner=None)) == "gate_not_yours"
    assert "user" in named("risk_owner", OLGA, risk_owner=None).problems
    assert "user" in named("metric_owner", DANA, metric_owner=None).problems
    assert named("metric_owner", MO, metric_owner="U0DANA").changed, "one person may not stay both"


def test_the_card_is_drawn_again_when_the_first_of_it_runs_out() -> None:
    (job,) = lapse(GATE, READY, PROGRAM, NOW)
    assert job.due == NOW + timedelta(days=365)
    assert lapse(GATE, dossier(stage="pilot"), PROGRAM, NOW) == ()


def test_what_is_put_away_leaves_no_decision_waiver_or_version_half_asked_for() -> None:
    asked = approval("release", "release", "waiting", days_ago=1, id="A-0005", matter=VERSION.subject)
    risk = approval("waiver", "waiver", "waiting", days_ago=1, id="A-0006", matter=WAIVER.subject)
    of = dossier(
        *PROMOTION, stage="pilot", approvals=(risk, asked, approval()), waivers=(WAIVER,), releases=(VERSION,)
    )
    after = of.knowing(moved(of, "archived", MO).changed)
    assert after.use_case.stage == "archived"
    assert [a.status for a in after.approvals] == ["withdrawn", "withdrawn", "approved"]
    assert (after.waivers[0].status, after.releases[0].status) == ("withdrawn", "withdrawn")


def test_a_decision_that_a_change_closes_is_followed_and_keeps_what_was_changed() -> None:
    """An answer changes while a gate waits; with the new answer nobody has to decide about the gate."""
    waiting = approval("gate", "platform_candidate", "waiting", days_ago=0)
    before = dossier(*PROMOTION, stage="pilot", approvals=(waiting, approval()))
    renamed = before.use_case.model_copy(update={"title": "Another name"})
    closed = waiting.model_copy(update={"status": "approved", "closed_at": NOW})
    decision = followed(Decision(changed=(renamed, closed)), before, PROGRAM, PEOPLE, circ(DANA))
    after = before.knowing(decision.changed).use_case
    assert (after.stage, after.title) == ("platform_candidate", "Another name")


def test_a_promise_kept_in_the_moment_of_the_decision_does_not_make_it_twice() -> None:
    decided = approval("gate", "platform_candidate", days_ago=0)
    there = dossier(*PROMOTION, stage="pilot", approvals=(decided, approval()))
    kept = Decision(changed=(decided.model_copy(update={"rows": ("again",)}),))
    assert followed(kept, there, PROGRAM, PEOPLE, circ(PRIYA)) == kept


def test_nobody_is_asked_about_what_was_put_away() -> None:
    sheet = PROMOTION[0]
    handed = Assignment(id="A1", question=QuestionId("outcome_moved"), to=LEE, by=DANA, at=NOW)
    walk = sheet.model_copy(update={"assignments": (handed,)})
    there = dossier(walk, stage="pilot").use_case
    assert put_down(walk, there, PROGRAM, circ(MO)) == Decision(), "it goes on"
    gone = there.model_copy(update={"stage": "archived"})
    decision = put_down(walk, gone, PROGRAM, circ(MO))
    assert waits_of(walk)
    assert not waits_of(decision.changed[0])
    assert put_down(sheet, gone, PROGRAM, circ(MO)) == Decision()
    jobs = [e.name for e in moved(dossier(walk, stage="pilot"), "archived", MO).effects if e.effect == "work"]
    assert jobs == ["put_down"]
