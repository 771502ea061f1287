"""Reminders and what waits for whom: told in time, to those who can act, once."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.office import (
    ADA,
    BOTH_RISK_PARTNERS,
    DANA,
    DIRECTORY,
    EVE,
    INES,
    LEE,
    NOW,
    OLD,
    PEOPLE,
    PRIYA,
    RISK_ONLY,
    RISK_THEN_LEGAL,
    TOM,
    Case,
    cards,
    kinds,
    posts,
    program,
    row,
)
from workflows.approving import approve, delegate, reject
from workflows.decision import Decision
from workflows.effects import ToPerson, ToRoom
from workflows.inquiring import answer_inquiry, request_changes
from workflows.people import Directory
from workflows.reminding import remind
from workflows.where import where_is

# The clock


def test_a_reminder_reaches_those_who_have_not_decided_and_the_submitter_hears_of_it() -> None:
    case = Case(BOTH_RISK_PARTNERS)
    case.do(approve, PRIYA)
    decision = case.do(remind, DANA, seat="risk", occasion="remind")
    assert [p.to for p in posts(decision, "reminder")] == [ToPerson(user=TOM)]
    assert posts(decision, "progress")[0].data["event"] == "reminded"


def test_when_the_time_is_up_the_program_team_hears_of_it_too() -> None:
    case = Case(RISK_ONLY)
    case.now = NOW + timedelta(days=1, hours=8)
    decision = case.do(remind, DANA, seat="risk", occasion="due")
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
    assert cards(decision) == [ToPerson(user=ADA)]
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


# Where things are


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
