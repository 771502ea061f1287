"""Deciding on a use case: one decision a seat, by those who may, told kindly to everyone else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.workflows.office import (
    ADA,
    BOTH_RISK_PARTNERS,
    DANA,
    DIRECTORY,
    EVE,
    HOME,
    IN_PARALLEL,
    INES,
    LEE,
    MO,
    NOW,
    OLD,
    PEOPLE,
    PRIYA,
    RISK_ONLY,
    RISK_THEN_LEGAL,
    TOM,
    Case,
    cards,
    keys,
    posts,
    program,
    refusal,
    row,
    whispered,
)
from workflows.approving import approve, delegate, reject, withdraw
from workflows.effects import ToPerson, ToPlace, ToRoom
from workflows.ids import Place, UserId
from workflows.inquiring import request_changes
from workflows.people import Directory
from workflows.seats import holders, to_act

# Approving


def test_the_last_approval_approves_the_use_case_for_pilot() -> None:
    case = Case(RISK_ONLY)
    decision = case.do(approve, PRIYA, seat="risk")
    assert case.status == "approved"
    assert case.use_case.stage == "approved_for_pilot"
    assert case.use_case.decided_at == NOW
    assert [e.action for e in decision.entries] == ["seat.approved", "approval.approved", "use_case.moved"]
    told = posts(decision, "progress")
    assert [(p.to, p.data["event"], p.data["by"]) for p in told] == [(ToPlace(place=HOME), "approved", PRIYA)]
    assert "refresh" in [e.effect for e in decision.effects]
    assert keys(decision, "forget") == ["remind/A-0001/", "due/A-0001/", "escalate/A-0001/"]


def test_a_second_click_is_told_who_decided_first_and_when() -> None:
    case = Case(RISK_ONLY)
    case.now = NOW + timedelta(minutes=12)
    case.do(approve, PRIYA, seat="risk")
    case.now += timedelta(seconds=10)
    place = Place(channel="D0TOM")
    decision = case.do(approve, TOM, seat="risk", at=place)
    assert refusal(decision) == "already_approved"
    assert decision.changed == ()
    assert whispered(decision) == {
        "message": "already_approved",
        "values": {"who": "Priya", "when": "10:12"},  # Tom reads it in Berlin
    }
    whisper = decision.effects[0]
    assert whisper.effect == "whisper"
    assert (whisper.place, whisper.user) == (place, TOM)


def test_whoever_clicks_twice_is_told_that_they_decided_already() -> None:
    case = Case(BOTH_RISK_PARTNERS)
    case.do(approve, PRIYA, seat="risk")
    again = case.do(approve, PRIYA, seat="risk")
    assert whispered(again) == {"message": "already_approved_by_you", "values": {"when": "09:00"}}
    assert case.status == "waiting"


def test_two_people_with_one_first_name_are_told_apart() -> None:
    twin = PEOPLE[TOM].model_copy(update={"name": "Priya Becker"})
    case = Case(RISK_ONLY, directory=Directory(people={**PEOPLE, TOM: twin}, groups=DIRECTORY.groups))
    case.do(approve, PRIYA)
    assert whispered(case.do(approve, TOM))["values"]["who"] == "Priya Shah"


def test_a_click_on_another_day_is_told_the_day() -> None:
    case = Case(RISK_ONLY)
    case.do(approve, PRIYA)
    case.now = NOW + timedelta(days=3)
    assert whispered(case.do(approve, TOM))["values"]["when"] == "10:00 on 23 November"


def test_seats_in_sequence_open_one_after_the_other() -> None:
    case = Case(RISK_THEN_LEGAL)
    early = case.do(approve, INES, seat="legal")
    assert refusal(early) == "not_yet_your_turn"
    assert whispered(early)["values"] == {"before": "risk"}
    decision = case.do(approve, TOM, seat="risk")
    assert case.status == "waiting"
    assert cards(decision) == [
        ToPerson(user=INES),
        ToRoom(name="legal-approvals"),
    ]
    legal = case.approval.seat("legal")
    assert legal is not None
    assert (legal.opened_at, legal.due) == (NOW, NOW + timedelta(days=1, hours=8))
    assert posts(decision, "progress")[0].data["event"] == "seat_approved"
    case.do(approve, INES, seat="legal")
    assert case.status == "approved"


def test_seats_in_parallel_decide_in_any_order() -> None:
    case = Case(IN_PARALLEL)
    case.do(approve, INES, seat="legal")
    assert case.status == "waiting"
    case.do(approve, PRIYA, seat="risk")
    assert case.status == "approved"


def test_a_quorum_of_two_needs_two_different_people() -> None:
    case = Case(BOTH_RISK_PARTNERS)
    case.do(approve, PRIYA, seat="risk")
    assert to_act(case.approval.seats[0]) == (TOM,)
    case.do(approve, TOM, seat="risk")
    assert case.status == "approved"


def test_a_person_in_two_seats_decides_in_each_and_counts_once_in_each() -> None:
    prog = program(row("own", "true", ("owner", 1, 1), ("risk", 1, 2)))
    case = Case(prog, audience="customer", business_owner=PRIYA)
    case.do(approve, PRIYA, seat="owner")
    assert refusal(case.do(approve, PRIYA, seat="owner")) == "already_approved_by_you"
    case.do(approve, PRIYA, seat="risk")
    assert case.status == "waiting"
    case.do(approve, TOM, seat="risk")
    assert case.status == "approved"


def test_without_naming_the_seat_the_one_that_is_open_to_the_person_is_taken() -> None:
    case = Case(RISK_THEN_LEGAL)
    case.do(approve, TOM)
    case.do(approve, INES)
    assert case.status == "approved"


# Rights


def test_nobody_approves_their_own_use_case_and_the_attempt_is_kept() -> None:
    case = Case(RISK_ONLY)
    decision = case.do(approve, DANA, seat="risk")
    assert refusal(decision) == "own_use_case"
    assert decision.entries[0].refused
    assert decision.changed == ()


def test_a_submitter_whom_a_forged_seat_would_admit_is_refused_all_the_same() -> None:
    case = Case(RISK_ONLY)
    seat = case.approval.seats[0]
    forged = seat.model_copy(update={"people": (*seat.people, DANA)})
    case.approval = case.approval.model_copy(update={"seats": (forged,)})
    assert refusal(case.do(approve, DANA, seat="risk")) == "own_use_case"


@pytest.mark.parametrize("rule", [approve, reject, request_changes, delegate])
def test_a_stranger_can_do_nothing_to_a_case(rule: Any) -> None:
    case = Case(RISK_ONLY)
    needed: dict[Any, dict[str, Any]] = {
        reject: {"reason": "no"},
        request_changes: {"question": "why?"},
        delegate: {"to": EVE},
    }
    decision = case.do(rule, EVE, seat="risk", **needed.get(rule, {}))
    assert refusal(decision) == "not_your_seat"
    assert decision.changed == ()
    assert whispered(decision)["values"] == {"label": "risk", "who": "Priya Shah or Tom Becker"}


def test_someone_who_left_decides_nothing() -> None:
    case = Case(RISK_ONLY)
    people = {**PEOPLE, PRIYA: PEOPLE[PRIYA].model_copy(update={"active": False})}
    case.directory = Directory(people=people, groups=DIRECTORY.groups)
    assert refusal(case.do(approve, PRIYA, seat="risk")) == "not_your_decision"


def test_a_seat_that_does_not_exist_admits_nobody() -> None:
    assert refusal(Case(RISK_ONLY).do(approve, PRIYA, seat="king")) == "not_your_decision"


# Rejecting and withdrawing


def test_a_rejection_by_any_seat_closes_the_case_and_gives_the_reason() -> None:
    case = Case(IN_PARALLEL)
    decision = case.do(reject, INES, seat="legal", reason=" No basis for the recordings. ")
    assert case.status == "rejected"
    assert case.use_case.stage == "rejected"
    assert decision.entries[0].detail["reason"] == "No basis for the recordings."
    assert posts(decision, "progress")[0].data["event"] == "rejected"
    late = case.do(approve, PRIYA, seat="risk")
    assert whispered(late) == {"message": "already_rejected", "values": {"who": "Ines", "when": "09:00"}}


def test_a_rejection_needs_a_reason() -> None:
    case = Case(RISK_ONLY)
    decision = case.do(reject, PRIYA, seat="risk", reason="  ")
    assert decision.problems == {"reason": "reason_needed"}
    assert not decision.changed
    assert set(case.do(reject, PRIYA, reason="x" * 3001).problems) == {"reason"}


def test_the_submitter_withdraws_and_nobody_else_can() -> None:
    case = Case(RISK_ONLY)
    assert refusal(case.do(withdraw, PRIYA)) == "only_the_submitter"
    decision = case.do(withdraw, DANA)
    assert case.status == "withdrawn"
    assert case.use_case.stage == "draft"
    assert posts(decision, "progress")[0].data["event"] == "withdrawn"
    assert refusal(case.do(approve, PRIYA, seat="risk")) == "case_withdrawn"


# Delegating


def test_a_delegate_decides_in_that_seat_in_the_others_stead() -> None:
    case = Case(RISK_THEN_LEGAL)
    decision = case.do(delegate, PRIYA, seat="risk", to=EVE, reason="On leave")
    assert cards(decision) == [ToPerson(user=EVE)]
    assert to_act(case.approval.seats[0]) == (EVE, TOM)
    case.do(approve, EVE, seat="risk")
    verdict = case.approval.seats[0].verdicts[0]
    assert (verdict.by, verdict.for_) == (EVE, PRIYA)
    assert refusal(case.do(approve, EVE, seat="legal")) == "not_your_seat"


def test_the_delegator_keeps_the_seat_in_sight_but_both_count_once() -> None:
    case = Case(BOTH_RISK_PARTNERS)
    case.do(delegate, PRIYA, to=EVE)
    case.do(approve, EVE, seat="risk")
    second = case.do(approve, PRIYA, seat="risk")
    assert whispered(second)["values"]["who"] == "Eve"
    assert case.status == "waiting"


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        (PRIYA, "delegate_is_you"),
        (DANA, "delegate_is_submitter"),
        (OLD, "delegate_is_away"),
        (UserId("U0NOONE"), "delegate_is_away"),
        (TOM, "delegate_is_in"),
    ],
)
def test_a_seat_is_not_handed_to_someone_unfit(to: UserId, problem: str) -> None:
    decision = Case(RISK_ONLY).do(delegate, PRIYA, seat="risk", to=to)
    assert decision.problems["to"].startswith(problem)
    assert not decision.changed


def test_a_seat_is_not_handed_to_someone_who_decided_in_it() -> None:
    case = Case(BOTH_RISK_PARTNERS)
    case.do(approve, TOM)
    assert case.do(delegate, PRIYA, to=TOM).problems["to"].startswith("delegate_decided")


def test_a_mandate_goes_round_in_no_circle_and_is_handed_on_three_times_at_most() -> None:
    case = Case(RISK_ONLY)
    case.do(delegate, PRIYA, to=EVE)
    assert case.do(delegate, EVE, to=PRIYA).problems["to"].startswith("delegate_is_in")
    case.do(delegate, EVE, to=MO)
    case.do(delegate, MO, to=ADA)
    assert case.do(delegate, ADA, to=LEE).problems["to"].startswith("delegate_too_far")
    case.do(approve, ADA)
    assert case.approval.seats[0].verdicts[0].for_ == PRIYA


def test_handing_on_again_takes_the_seat_from_the_one_who_had_it() -> None:
    case = Case(RISK_ONLY)
    case.do(delegate, PRIYA, to=EVE)
    case.do(delegate, PRIYA, to=MO)
    assert set(holders(case.approval.seats[0])) == {PRIYA, TOM, MO}
    assert refusal(case.do(approve, EVE, seat="risk")) == "not_your_seat"
