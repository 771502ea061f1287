"""Reminders and what waits for whom: told in time, to those who can act, once."""

from __future__ import annotations

from datetime import date, timedelta

from tests.workflows.office import (
    ADA,
    BOTH_RISK_PARTNERS,
    DANA,
    DIRECTORY,
    EVE,
    IN_PARALLEL,
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
    circ,
    kinds,
    posts,
    program,
    row,
)
from workflows.approving import Promise, approve, delegate, reject
from workflows.decision import Decision
from workflows.effects import ToPerson, ToRoom
from workflows.inquiring import answer_inquiry, request_changes
from workflows.people import Directory
from workflows.reminding import desk, desk_due, remind
from workflows.where import where_is

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
