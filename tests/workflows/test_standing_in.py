"""Who decides for whom while somebody is away: no more than they could, never their own, never twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.workflows.office import (
    ADA,
    BOTH_RISK_PARTNERS,
    DANA,
    DIRECTORY,
    EVE,
    INES,
    LEE,
    MO,
    NOW,
    OLD,
    PRIYA,
    RISK_ONLY,
    TOM,
    Case,
    cards,
    circ,
    posts,
    program,
    refusal,
    row,
    whispered,
)
from workflows.approving import approve, delegate
from workflows.availability import Availability, Away, StandingDelegation
from workflows.decision import Decision
from workflows.effects import ToPerson, ToRoom
from workflows.escalating import escalate
from workflows.ids import UserId
from workflows.people import Directory
from workflows.presence import come_back, go_away, let_decide, let_no_longer
from workflows.program import EscalationStep
from workflows.reminding import remind
from workflows.seats import holders, to_act
from workflows.standing_in import attended, reseated

SENTENCES = (
    "away_backwards", "away_over", "away_too_long", "stand_in_is_you", "delegate_is_away", "standing_nobody",
    "delegate_not_theirs",
)  # fmt: skip
TALKING = program(row("risky", "true", ("risk", 1, 1))).model_copy(
    update={"messages": {key: f"{key} {{who}}" if key == "delegate_is_away" else key for key in SENTENCES}}
)
TODAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)


def said(user: UserId, **more: Any) -> Availability:
    return Availability(id=user, opened_at=NOW, **more)


def away(user: UserId, stand_in: UserId | None = None, last: date = SUNDAY) -> Availability:
    return said(user, away=(Away(first=TODAY, last=last, stand_in=stand_in, said_at=NOW),))


def with_word(*own: Availability) -> Directory:
    return DIRECTORY.model_copy(update={"availabilities": {o.id: o for o in own}})


def looked_at(case: Case, *own: Availability, now: datetime = NOW) -> Decision:
    """The case after people have said this."""
    case.directory = with_word(*own)
    return case.take(reseated(case.approval, case.program, case.directory, circ(DANA, now)))


def test_a_seat_that_opens_while_its_holder_is_away_waits_on_their_stand_in() -> None:
    case = Case(RISK_ONLY, directory=with_word(away(PRIYA, EVE)))
    seat = case.approval.seats[0]
    assert to_act(seat) == (EVE, TOM)
    assert cards(case.log[0])[:2] == [ToPerson(user=EVE), ToPerson(user=TOM)]
    case.do(approve, EVE)
    assert [(v.by, v.for_) for v in case.approval.seats[0].verdicts] == [(EVE, PRIYA)]
    assert case.status == "approved"


def test_a_seat_that_waits_goes_over_when_the_absence_begins_and_back_when_it_ends() -> None:
    case = Case(RISK_ONLY)
    decision = looked_at(case, away(PRIYA, EVE))
    assert cards(decision) == [ToPerson(user=EVE)]
    assert [e.action for e in decision.entries] == ["seat.stood_in"]
    monday = NOW + timedelta(days=7)
    decision = looked_at(case, away(PRIYA, EVE), now=monday)
    assert to_act(case.approval.seats[0]) == (PRIYA, TOM)
    assert [e.action for e in decision.entries] == ["seat.given_back"]
    assert looked_at(case, away(PRIYA, EVE), now=monday) == Decision()  # a second look finds nothing


def test_a_stand_in_of_whom_the_clock_has_not_heard_yet_that_it_is_over_is_refused_all_the_same() -> None:
    case = Case(RISK_ONLY, directory=with_word(away(PRIYA, EVE)))
    case.directory = DIRECTORY  # she took it back a moment ago, and nobody has looked at the case since
    decision = case.do(approve, EVE)
    assert refusal(decision) == "no_longer_stands_in"
    assert whispered(decision)["values"] == {"who": "Priya Shah"}
    assert case.status == "waiting"


def test_nobody_stands_in_on_their_own_use_case_or_where_they_have_a_say_already() -> None:
    for nobody in (DANA, TOM, OLD):
        case = Case(RISK_ONLY, directory=with_word(away(PRIYA, nobody)))
        assert case.approval.seats[0].delegations == ()
        assert nobody not in holders(case.approval.seats[0]) or nobody == TOM


def test_two_who_are_away_are_not_decided_for_twice_by_the_same_person() -> None:
    case = Case(BOTH_RISK_PARTNERS, directory=with_word(away(PRIYA, EVE), away(TOM, EVE)))
    assert [(d.by, d.to) for d in case.approval.seats[0].delegations] == [(PRIYA, EVE)]
    case.do(approve, EVE)
    assert case.status == "waiting"


def test_a_stand_in_who_is_away_too_is_stood_in_for_and_circles_end() -> None:
    case = Case(RISK_ONLY, directory=with_word(away(PRIYA, EVE), away(EVE, LEE), away(LEE, PRIYA)))
    assert to_act(case.approval.seats[0]) == (LEE, TOM)


def test_whom_somebody_handed_it_to_by_hand_is_not_replaced_by_a_stand_in() -> None:
    case = Case(RISK_ONLY)
    case.do(delegate, PRIYA, to=INES)
    looked_at(case, away(PRIYA, EVE))
    assert to_act(case.approval.seats[0]) == (INES, TOM)


def test_a_standing_delegate_may_decide_beside_in_the_roles_they_were_given() -> None:
    both = said(PRIYA, standing=(StandingDelegation(to=EVE, roles=("risk",), since=NOW),))
    case = Case(RISK_ONLY, directory=with_word(both))
    assert to_act(case.approval.seats[0]) == (PRIYA, EVE, TOM)
    other = said(PRIYA, standing=(StandingDelegation(to=EVE, roles=("legal",), since=NOW),))
    assert Case(RISK_ONLY, directory=with_word(other)).approval.seats[0].delegations == ()
    assert refusal(case.do(approve, ADA)) == "not_your_decision"
    case.do(approve, EVE)
    assert case.approval.seats[0].verdicts[0].for_ == PRIYA


def test_a_standing_delegate_hands_nothing_on() -> None:
    both = said(PRIYA, standing=(StandingDelegation(to=EVE, since=NOW),))
    case = Case(TALKING, directory=with_word(both))
    assert case.do(delegate, EVE, to=LEE).problems == {"to": "delegate_not_theirs"}


def test_the_clock_counts_the_stand_ins_hours_and_does_not_stop_where_nobody_is_left() -> None:
    usual = Case(RISK_ONLY).approval.seats[0].due
    stood_in = Case(RISK_ONLY, directory=with_word(away(PRIYA, EVE), away(TOM)))
    deserted = Case(RISK_ONLY, directory=with_word(away(PRIYA), away(TOM)))
    assert usual == stood_in.approval.seats[0].due == deserted.approval.seats[0].due
    one_left = Case(RISK_ONLY, directory=with_word(away(PRIYA)))
    assert attended(one_left.approval.seats[0], one_left.directory, NOW)


def test_where_nobody_is_left_help_is_asked_for_at_once_and_only_once() -> None:
    case = Case(RISK_ONLY, directory=with_word(away(PRIYA), away(TOM)))
    planned = {e.key: e.due for e in case.log[0].effects if e.effect == "later"}
    assert planned["escalate/A-0001/risk/0"] == NOW
    up = case.do(escalate, DANA, seat="risk", step=0)
    assert [(p.to, p.data["what"]) for p in posts(up, "reminder")] == [(ToRoom(name="ai-program"), "nobody")]
    assert case.do(escalate, DANA, seat="risk", step=0) == Decision()
    case.now = NOW + timedelta(days=4)
    late = case.do(remind, DANA, seat="risk", occasion="due")
    assert not [p for p in posts(late, "reminder") if p.to == ToRoom(name="ai-program")]
    assert len(case.approval.seats[0].escalations) == 1


def test_where_somebody_came_back_in_the_meantime_nobody_is_bothered() -> None:
    case = Case(RISK_ONLY, directory=with_word(away(PRIYA), away(TOM)))
    case.directory = DIRECTORY
    assert case.do(escalate, DANA, seat="risk", step=0) == Decision()


STEPS = (
    EscalationStep(after_hours=0, to="team"),
    EscalationStep(after_hours=4, to="manager"),
    EscalationStep(after_hours=8, to="legal", decides=True),
)


def test_those_to_whom_it_goes_up_may_decide_only_if_the_program_says_so() -> None:
    case = Case(program(row("p", "true", ("risk", 1, 1), escalation=STEPS)))
    planned = {e.key for e in case.log[0].effects if e.effect == "later"}
    assert {"escalate/A-0001/risk/1", "escalate/A-0001/risk/2"} <= planned
    case.now = NOW + timedelta(days=5)
    case.do(remind, DANA, seat="risk", occasion="due")
    case.do(escalate, DANA, seat="risk", step=1)
    assert refusal(case.do(approve, MO)) == "not_your_decision"  # told as the program team, and manager
    decision = case.do(escalate, DANA, seat="risk", step=2)
    assert ToPerson(user=INES) in cards(decision)
    assert [(e.step, e.role, e.decides) for e in case.approval.seats[0].escalations] == [
        (0, "team", False),
        (1, "team", False),
        (2, "legal", True),
    ]
    case.do(approve, INES)
    assert case.status == "approved"


def test_people_who_are_away_are_not_reminded() -> None:
    case = Case(BOTH_RISK_PARTNERS, directory=with_word(away(PRIYA)))
    decision = case.do(remind, DANA, seat="risk", occasion="remind")
    assert [p.to for p in posts(decision, "reminder")] == [ToPerson(user=TOM)]


# Saying it


def test_an_absence_takes_the_place_of_those_it_overlaps_with_and_plans_its_ends() -> None:
    first = go_away(None, TALKING, DIRECTORY, circ(PRIYA), date(2026, 12, 1), date(2026, 12, 4), EVE)
    (own,) = (a for a in first.changed if isinstance(a, Availability))
    again = go_away(own, TALKING, DIRECTORY, circ(PRIYA), date(2026, 12, 3), date(2026, 12, 8))
    (own,) = (a for a in again.changed if isinstance(a, Availability))
    assert [(a.first.day, a.last.day, a.stand_in) for a in own.away] == [(3, 8, None)]
    later = [e.key for e in again.effects if e.effect == "later"]
    assert later == [f"reseat/{PRIYA}/2026-12-03", f"reseat/{PRIYA}/2026-12-09"]
    (work,) = (e for e in again.effects if e.effect == "work")
    assert (work.name, work.data["with"]) == ("reseat", [EVE])
    assert not come_back(own, TALKING, DIRECTORY, circ(PRIYA), date(2026, 12, 1)).changed
    (left,) = come_back(own, TALKING, DIRECTORY, circ(PRIYA)).changed
    assert isinstance(left, Availability)
    assert left.away == ()


def test_days_and_people_that_make_no_sense_are_corrected() -> None:
    def wrong(first: date, last: date, stand_in: UserId | None = None) -> dict[str, str]:
        return go_away(None, TALKING, DIRECTORY, circ(PRIYA), first, last, stand_in).problems

    assert list(wrong(SUNDAY, TODAY)) == ["last"]
    assert list(wrong(date(2026, 1, 1), date(2026, 1, 2))) == ["last"]
    assert list(wrong(TODAY, date(2028, 1, 1))) == ["last"]
    assert list(wrong(TODAY, SUNDAY, PRIYA)) == ["stand_in"]
    assert list(wrong(TODAY, SUNDAY, OLD)) == ["stand_in"]
    assert wrong(TODAY, SUNDAY, EVE) == {}


def test_a_standing_word_is_given_once_and_taken_back() -> None:
    given = let_decide(None, TALKING, DIRECTORY, circ(PRIYA), EVE, ("risk", "nonsense"))
    (own,) = (a for a in given.changed if isinstance(a, Availability))
    assert [(s.to, s.roles) for s in own.standing] == [(EVE, ("risk",))]
    assert [p.to for p in posts(given, "may_decide")] == [ToPerson(user=EVE)]
    (left,) = let_no_longer(own, TALKING, DIRECTORY, circ(PRIYA), EVE).changed
    assert isinstance(left, Availability)
    assert left.standing == ()
    assert let_no_longer(left, TALKING, DIRECTORY, circ(PRIYA), EVE) == Decision()
    assert list(let_decide(None, TALKING, DIRECTORY, circ(PRIYA), PRIYA).problems) == ["to"]
