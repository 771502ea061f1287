"""Deciding on a use case: one decision a seat, by those who may, told kindly to everyone else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.workflows.office import (
    ADA,
    DANA,
    DIRECTORY,
    EVE,
    HOME,
    INES,
    LEE,
    MO,
    NOW,
    OLD,
    PEOPLE,
    PRIYA,
    RISK_THEN_LEGAL,
    TOM,
    Case,
    circ,
    kinds,
    posts,
    program,
    refusal,
    row,
)
from workflows.approving import Promise, approve, delegate, reject, withdraw
from workflows.conditions import condition_done, condition_due
from workflows.decision import Decision
from workflows.effects import ToPerson, ToPlace, ToRoom
from workflows.ids import Place, UserId
from workflows.inquiring import answer_inquiry, request_changes
from workflows.people import Directory
from workflows.reminding import desk, desk_due, remind
from workflows.seats import holders, to_act
from workflows.where import where_is

BOTH_RISK_PARTNERS = program(row("strict", "true", ("risk", 1, 2)))
RISK_ONLY = program(row("risky", "true", ("risk", 1, 1)))
IN_PARALLEL = program(row("both", "true", ("risk", 1, 1), ("legal", 1, 1)))


def whispered(decision: Decision) -> dict[str, Any]:
    found = [e for e in decision.effects if e.effect in ("whisper", "post") and e.kind == "said"]
    assert len(found) == 1
    return dict(found[0].data)


def keys(decision: Decision, effect: str) -> list[str]:
    return [e.key or "" for e in decision.effects if e.effect == effect and hasattr(e, "key")]


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
    assert keys(decision, "forget") == ["remind/A-0001/", "due/A-0001/"]


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
    assert [p.to for p in posts(decision, "approval")] == [
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
    assert [p.to for p in posts(decision, "approval")] == [ToPerson(user=EVE)]
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


# Requesting changes


def test_a_question_goes_to_the_submitters_thread_and_its_answer_to_the_asker() -> None:
    case = Case(RISK_ONLY)
    asked = case.do(request_changes, PRIYA, question="Retention of transcripts?", seat="risk")
    assert [p.to for p in posts(asked, "inquiry")] == [ToPlace(place=HOME)]
    answered = case.do(answer_inquiry, DANA, inquiry="Q1", answer="Deleted after 30 days.")
    assert case.approval.inquiries[0].answered_by == DANA
    assert [p.to for p in posts(answered, "answered")] == [ToPerson(user=PRIYA)]
    assert "refresh" in [e.effect for e in answered.effects]
    case.do(approve, PRIYA, seat="risk")
    assert case.status == "approved"


def test_a_question_to_somebody_else_reaches_both_and_either_may_answer() -> None:
    case = Case(RISK_ONLY)
    asked = case.do(request_changes, PRIYA, question="Who holds the key?", of=LEE)
    assert [p.to for p in posts(asked, "inquiry")] == [ToPlace(place=HOME), ToPerson(user=LEE)]
    assert refusal(case.do(answer_inquiry, EVE, inquiry="Q1", answer="me")) == "inquiry_not_yours"
    answered = case.do(answer_inquiry, LEE, inquiry="Q1", answer="The platform team.")
    assert posts(answered, "progress")[0].data["event"] == "inquiry_answered"
    again = case.do(answer_inquiry, DANA, inquiry="Q1", answer="I do")
    assert whispered(again) == {
        "message": "inquiry_answered_already",
        "values": {"who": "Lee", "when": "09:00"},
    }


def test_an_open_question_holds_no_other_seat_up_and_falls_away_with_the_askers_decision() -> None:
    case = Case(IN_PARALLEL)
    case.do(request_changes, PRIYA, question="Retention?", seat="risk")
    case.do(approve, INES, seat="legal")
    case.do(approve, PRIYA, seat="risk")
    assert case.status == "approved"
    assert case.approval.inquiries[0].dropped_at == NOW
    assert refusal(case.do(answer_inquiry, DANA, inquiry="Q1", answer="30 days")) == "inquiry_not_needed"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "x" * 3001}, "question"),
        ({"question": "why?", "of": PRIYA}, "of"),
        ({"question": "why?", "of": OLD}, "of"),
    ],
)
def test_a_request_that_cannot_be_answered_is_put_right_in_the_form(
    given: dict[str, Any], field: str
) -> None:
    decision = Case(RISK_ONLY).do(request_changes, PRIYA, **given)
    assert set(decision.problems) == {field}
    assert not decision.changed


# Conditions


def test_conditions_come_into_force_with_the_approval_and_are_tracked_until_done() -> None:
    case = Case(RISK_THEN_LEGAL)
    promise = Promise(text="Transcripts deleted after 30 days", owner=DANA, due=date(2026, 12, 1))
    first = case.do(approve, PRIYA, conditions=(promise,))
    assert not posts(first, "condition")
    last = case.do(approve, INES)
    assert [p.to for p in posts(last, "condition")] == [ToPerson(user=DANA)]
    assert posts(last, "progress")[0].data["event"] == "approved_with_conditions"
    later = {e.key: e.due for e in last.effects if e.effect == "later"}
    assert later["condition/A-0001/C1/due"] == NOW.replace(month=12, day=1)
    assert later["condition/A-0001/C1/overdue"] == NOW.replace(month=12, day=2)
    reminded = condition_due(case.approval, "C1", "due", DIRECTORY, circ(DANA))
    assert [p.to for p in posts(reminded, "reminder")] == [ToPerson(user=DANA)]
    assert refusal(case.do(condition_done, EVE, condition="C1")) == "condition_not_yours"
    finished = case.do(condition_done, DANA, condition="C1")
    assert case.approval.conditions[0].done_by == DANA
    assert [p.to for p in posts(finished, "reminder")] == [ToPerson(user=PRIYA)]
    assert keys(finished, "forget") == ["condition/A-0001/C1/"]
    assert refusal(case.do(condition_done, PRIYA, condition="C1")) == "condition_done_already"
    assert condition_due(case.approval, "C1", "overdue", DIRECTORY, circ(DANA)) == Decision()


def test_an_overdue_condition_is_told_to_whoever_set_it_too() -> None:
    case = Case(RISK_ONLY)
    case.do(approve, PRIYA, conditions=(Promise(text="Do it", owner=LEE, due=date(2026, 12, 1)),))
    overdue = condition_due(case.approval, "C1", "overdue", DIRECTORY, circ(DANA))
    assert [p.to for p in posts(overdue, "reminder")] == [ToPerson(user=LEE), ToPerson(user=PRIYA)]


@pytest.mark.parametrize(
    ("promise", "field"),
    [
        (Promise(text=" ", owner=DANA), "text/0"),
        (Promise(text="x", owner=OLD), "owner/0"),
        (Promise(text="x", owner=DANA, due=date(2026, 11, 22)), "due/0"),
    ],
)
def test_a_condition_nobody_can_meet_is_put_right_in_the_form(promise: Promise, field: str) -> None:
    decision = Case(RISK_ONLY).do(approve, PRIYA, conditions=(promise,))
    assert set(decision.problems) == {field}
    assert not decision.changed


# The clock


def test_a_reminder_reaches_those_who_have_not_decided_and_the_submitter_hears_of_it() -> None:
    case = Case(BOTH_RISK_PARTNERS)
    case.do(approve, PRIYA)
    decision = case.do(remind, DANA, seat="risk", occasion="remind")
    assert [p.to for p in posts(decision, "reminder")] == [ToPerson(user=TOM)]
    assert posts(decision, "progress")[0].data["event"] == "reminded"


def test_when_the_time_is_up_the_program_team_hears_of_it_too() -> None:
    decision = Case(RISK_ONLY).do(remind, DANA, seat="risk", occasion="due")
    assert [p.to for p in posts(decision, "reminder")] == [
        ToPerson(user=PRIYA),
        ToPerson(user=TOM),
        ToRoom(name="ai-program"),
    ]


def test_a_reminder_for_a_seat_that_has_decided_does_nothing() -> None:
    case = Case(RISK_THEN_LEGAL)
    case.do(approve, PRIYA)
    assert case.do(remind, DANA, seat="risk", occasion="remind") == Decision()


def test_a_seat_whose_people_left_is_filled_again_so_that_it_waits_on_somebody() -> None:
    case = Case(program(row("p", "true", ("privacy", 1, 1))))
    people = {**PEOPLE, LEE: PEOPLE[LEE].model_copy(update={"active": False})}
    groups = {**DIRECTORY.groups, "privacy": (LEE, OLD, ADA)}
    case.directory = Directory(people=people, groups=groups)
    decision = case.do(remind, DANA, seat="privacy", occasion="remind")
    assert case.approval.seats[0].people == (LEE, ADA)
    assert [p.to for p in posts(decision, "approval")] == [ToPerson(user=ADA)]
    assert decision.entries[0].action == "seat.refilled"
    case.do(approve, ADA)
    assert case.status == "approved"


def test_an_empty_seat_is_looked_at_again_until_somebody_is_there() -> None:
    alone = Directory(people={DANA: PEOPLE[DANA]}, groups=DIRECTORY.groups)
    case = Case(RISK_ONLY, directory=alone)
    case.now = NOW + timedelta(days=1)
    again = case.do(remind, DANA, seat="risk", occasion="remind")
    assert [e.name for e in again.effects if e.effect == "later"] == ["remind_seat"]
    case.directory = DIRECTORY
    case.do(remind, DANA, seat="risk", occasion="remind")
    case.do(approve, PRIYA)
    assert case.status == "approved"


# The desk, and where things are


def test_the_desk_shows_what_waits_sorted_by_when_it_is_due() -> None:
    first, second = Case(RISK_ONLY), Case(BOTH_RISK_PARTNERS)
    sooner = first.approval.seats[0].model_copy(update={"due": NOW + timedelta(hours=3)})
    first.approval = first.approval.model_copy(update={"seats": (sooner,)})
    found = desk(PRIYA, [second.approval, first.approval], DIRECTORY, NOW)
    assert [w.approval for w in found.items] == [first.approval, second.approval]
    assert (found.decisions, found.due_today, found.overdue) == (2, 1, 0)
    late = desk(PRIYA, [first.approval], DIRECTORY, NOW + timedelta(hours=4))
    assert (late.due_today, late.overdue) == (0, 1)


def test_due_today_is_counted_in_the_readers_own_zone() -> None:
    case = Case(RISK_ONLY)
    seat = case.approval.seats[0].model_copy(update={"due": NOW.replace(hour=23, minute=30)})
    case.approval = case.approval.model_copy(update={"seats": (seat,)})
    assert desk(PRIYA, [case.approval], DIRECTORY, NOW).due_today == 1
    assert desk(TOM, [case.approval], DIRECTORY, NOW).due_today == 0  # half past midnight in Berlin


def test_questions_and_conditions_wait_on_a_desk_as_well() -> None:
    case = Case(IN_PARALLEL)
    case.do(request_changes, PRIYA, question="Retention?", seat="risk")
    assert [w.inquiry for w in desk(DANA, [case.approval], DIRECTORY, NOW).items] == [
        case.approval.inquiries[0]
    ]
    case.do(approve, PRIYA, conditions=(Promise(text="Delete", owner=DANA, due=date(2026, 12, 1)),))
    case.do(approve, INES)
    assert [w.condition for w in desk(DANA, [case.approval], DIRECTORY, NOW).items] == [
        case.approval.conditions[0]
    ]


def test_a_morning_with_something_on_the_desk_says_so_once_and_plans_the_next() -> None:
    case = Case(RISK_ONLY)
    morning = NOW + timedelta(days=1)
    decision = desk_due(PRIYA, morning.date(), [case.approval], case.program, DIRECTORY, circ(PRIYA, morning))
    assert [(p.kind, p.key) for p in posts(decision, "desk")] == [("desk", f"desk/{PRIYA}/2026-11-24")]
    assert [e.key for e in decision.effects if e.effect == "later"] == [f"desk/{PRIYA}/2026-11-25"]
    case.do(approve, PRIYA)
    quiet = desk_due(PRIYA, morning.date(), [case.approval], case.program, DIRECTORY, circ(PRIYA, morning))
    assert quiet == Decision()


def test_mornings_that_come_late_together_are_one_message() -> None:
    case = Case(RISK_ONLY)
    back = NOW + timedelta(days=18)
    keys = {
        post.key
        for late in (1, 4, 9, 18)
        for post in posts(
            desk_due(
                PRIYA,
                (NOW + timedelta(days=late)).date(),
                [case.approval],
                case.program,
                DIRECTORY,
                circ(PRIYA, back),
            ),
            "desk",
        )
    }
    assert keys == {f"desk/{PRIYA}/2026-12-11"}


def test_where_is_my_use_case_names_whom_it_waits_on_until_when_and_what_comes_next() -> None:
    case = Case(RISK_THEN_LEGAL)
    there = where_is(case.use_case, case.approval, case.program, DIRECTORY, NOW)
    assert (there.stage, there.says) == ("in_review", "It is in_review.")
    assert [(s.label, s.people, s.overdue) for s in there.seats] == [("risk", (PRIYA, TOM), False)]
    assert there.due == NOW + timedelta(days=1, hours=8)
    assert there.next == ("legal",)
    case.do(reject, PRIYA, reason="Not now.")
    there = where_is(case.use_case, case.approval, case.program, DIRECTORY, NOW)
    assert (there.stage, there.reason, there.decided_by) == ("rejected", "Not now.", PRIYA)


def test_every_change_leaves_a_line_in_the_audit_log() -> None:
    case = Case(RISK_THEN_LEGAL)
    case.do(request_changes, PRIYA, question="?")
    case.do(answer_inquiry, DANA, inquiry="Q1", answer="!")
    case.do(delegate, TOM, to=EVE)
    case.do(approve, EVE)
    case.do(reject, INES, reason="no")
    assert all(d.entries for d in case.log if d.changed)
    assert "said" not in [k for d in case.log for k in kinds(d)]
