"""Questions before a decision, and the conditions that come with one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.workflows.office import (
    DANA,
    DIRECTORY,
    EVE,
    HOME,
    IN_PARALLEL,
    INES,
    LEE,
    NOW,
    OLD,
    PRIYA,
    RISK_ONLY,
    RISK_THEN_LEGAL,
    Case,
    circ,
    keys,
    posts,
    refusal,
    whispered,
)
from workflows.approving import Promise, approve
from workflows.conditions import condition_done, condition_due
from workflows.decision import Decision
from workflows.effects import ToPerson, ToPlace
from workflows.inquiring import answer_inquiry, request_changes

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
