"""The governance matrix says who must agree, in which order, by when; and nothing goes nowhere."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.office import (
    DANA,
    DIRECTORY,
    HOME,
    INES,
    LEE,
    MO,
    NOW,
    PEOPLE,
    PRIYA,
    RISK_THEN_LEGAL,
    TOM,
    Case,
    cards,
    kinds,
    planned,
    posts,
    program,
    row,
)
from workflows.effects import ToPerson, ToPlace, ToRoom
from workflows.people import Directory


def test_rows_that_hold_add_their_demands_and_the_others_do_not() -> None:
    prog = program(
        row("medium", 'tier == "medium"', ("risk", 1, 1)),
        row("customers", 'audience == "customer"', ("legal", 2, 1), documents=("Terms",), sla_hours=8),
        row("high", 'tier == "high"', ("sponsor", 3, 1)),
    )
    inside = planned(prog, audience="internal")
    outside = planned(prog, audience="customer")
    assert inside.rows == ("medium",)
    assert [s.role for s in outside.seats] == ["risk", "legal"]
    assert outside.documents == ("Terms",)
    assert (inside.sla_hours, outside.sla_hours) == (16, 8)
    assert outside.because == ("because medium", "because customers")


def test_a_role_that_two_rows_demand_is_asked_once_as_late_and_as_strictly_as_either_wants() -> None:
    prog = program(row("a", "true", ("risk", 1, 1), ("legal", 1, 1)), row("b", "true", ("risk", 2, 2)))
    seats = planned(prog).seats
    assert [(s.role, s.order, s.quorum) for s in seats] == [("legal", 1, 1), ("risk", 2, 2)]


def test_an_answer_to_a_question_that_is_no_longer_asked_names_nobody() -> None:
    prog = program(row("own", "true", ("owner", 1, 1)))
    assert planned(prog, audience="customer", business_owner=INES).seats[0].people == (INES,)
    hidden = planned(prog, audience="internal", business_owner=INES, function="claims")
    assert hidden.seats[0].people == (LEE,)


def test_the_submitter_named_as_business_owner_does_not_decide() -> None:
    prog = program(row("own", "true", ("owner", 1, 1)))
    seat = planned(prog, audience="customer", business_owner=DANA).seats[0]
    assert seat.people == (MO,)
    assert seat.unresolved


def test_seats_in_sequence_are_expected_one_after_the_other_in_working_hours() -> None:
    first, second = planned(RISK_THEN_LEGAL).seats
    assert first.due == NOW + timedelta(days=1, hours=8)
    assert second.due == NOW + timedelta(days=3, hours=8)
    assert planned(RISK_THEN_LEGAL).working_days == 4


def test_a_seat_of_two_zones_is_due_when_as_many_as_the_quorum_have_had_their_hours() -> None:
    one = planned(program(row("r", "true", ("risk", 1, 1)))).seats[0]
    both = planned(program(row("r", "true", ("risk", 1, 2)))).seats[0]
    assert one.due == NOW + timedelta(days=1, hours=8)  # Priya, in London, has had hers by then
    assert both.due == NOW + timedelta(days=2)  # Tom, in Berlin, lost an hour on Monday


def test_when_no_row_says_who_decides_the_program_team_does() -> None:
    way = planned(program())
    assert [s.people for s in way.seats] == [(MO,)]


def test_low_risk_is_approved_at_once_with_notice() -> None:
    prog = program(row("low", 'tier == "low"', automatic=True, notify=("risk",)))
    case = Case(prog, "low")
    assert case.approval.status == "approved"
    assert case.use_case.stage == "approved_for_pilot"
    assert case.use_case.decided_at == NOW
    assert [p.to for p in posts(case.log[0], "notice")] == [ToPerson(user=PRIYA), ToPerson(user=TOM)]
    assert posts(case.log[0], "progress")[0].data["event"] == "automatic"


def test_automatic_gives_way_to_any_row_that_demands_somebody() -> None:
    prog = program(row("low", automatic=True), row("ask", "true", ("legal", 1, 1)))
    way = planned(prog)
    assert not way.automatic
    assert [s.role for s in way.seats] == ["legal"]


def test_a_prohibited_use_is_stopped_with_the_reason_and_the_appeal() -> None:
    prog = program(
        row("never", 'tier == "prohibited"', stop=True, appeal="Ask the board.", notify=("legal",)),
        row("risky", "true", ("risk", 1, 1)),
    )
    case = Case(prog, "prohibited")
    assert case.approval.status == "stopped"
    assert case.use_case.stage == "rejected"
    assert case.approval.because == ("because never",)
    assert case.approval.appeal == "Ask the board."
    assert not cards(case.log[0])
    assert posts(case.log[0], "progress")[0].data["event"] == "stopped"


def test_a_prohibited_tier_stops_even_when_no_row_says_so() -> None:
    assert planned(RISK_THEN_LEGAL, "prohibited").stop == "never"
    assert planned(RISK_THEN_LEGAL, "prohibited").seats == ()


def test_opening_sends_cards_to_the_first_seats_and_their_room_only() -> None:
    decision = Case().log[0]
    assert cards(decision) == [
        ToPerson(user=PRIYA),
        ToPerson(user=TOM),
        ToRoom(name="risk-approvals"),
    ]
    assert posts(decision, "progress")[0].to == ToPlace(place=HOME)
    assert [e.action for e in decision.entries] == ["approval.opened", "use_case.moved", "seat.opened"]


def test_opening_plans_the_reminder_the_due_time_and_the_morning_desk() -> None:
    decision = Case().log[0]
    later = {e.key: e.due for e in decision.effects if e.effect == "later"}
    assert set(later) == {
        "remind/A-0001/risk/",
        "due/A-0001/risk/",
        f"desk/{PRIYA}/2026-11-24",
        f"desk/{TOM}/2026-11-24",
    }
    assert later["remind/A-0001/risk/"] < later["due/A-0001/risk/"]
    assert later[f"desk/{TOM}/2026-11-24"] == NOW + timedelta(hours=23)


def test_a_seat_that_nobody_can_fill_opens_all_the_same_and_the_program_team_is_told() -> None:
    alone = Directory(people={DANA: PEOPLE[DANA]}, groups=DIRECTORY.groups)
    case = Case(RISK_THEN_LEGAL, directory=alone)
    assert case.approval.status == "waiting"
    assert case.approval.seats[0].people == ()
    assert case.approval.seats[0].unresolved
    assert {p.to for p in posts(case.log[0], "unresolved")} == {ToRoom(name="ai-program")}
    assert "remind/A-0001/risk/" in [e.key for e in case.log[0].effects if e.effect == "later"]
    assert "approval" in kinds(case.log[0])
