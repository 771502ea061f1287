"""What waits for a person: told with a card or in one list, and each working morning once."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.office import DIRECTORY, LEE, NOW, PRIYA, RISK_ONLY, TOM, Case, circ, keys, posts
from workflows.approving import approve
from workflows.decision import Decision
from workflows.desk import desk_due, tell_seat, today_ends
from workflows.effects import ToPerson
from workflows.ids import UserId


def told(case: Case, user: UserId, waiting: int) -> Decision:
    return tell_seat(case.approval, "risk", user, waiting, case.program, DIRECTORY, circ(user))


def test_a_few_decisions_come_with_a_card_each() -> None:
    decision = told(Case(RISK_ONLY), PRIYA, waiting=3)
    (card,) = posts(decision, "approval")
    assert (card.to, card.data, card.card) == (ToPerson(user=PRIYA), {"seat": "risk"}, "approval:risk")


def test_with_more_of_them_there_is_one_list_a_day_and_no_card() -> None:
    case = Case(RISK_ONLY)
    fourth, fortieth = told(case, PRIYA, waiting=4), told(case, PRIYA, waiting=40)
    assert not posts(fourth, "approval")
    assert keys(fourth, "post") == keys(fortieth, "post") == [f"desk/{PRIYA}/2026-11-23"]
    assert [e.user for e in fourth.effects if e.effect == "home"] == [PRIYA]


def test_nobody_is_told_of_a_seat_that_no_longer_waits_for_them() -> None:
    case = Case(RISK_ONLY)
    assert told(case, LEE, waiting=1) == Decision()
    case.do(approve, PRIYA)
    assert told(case, TOM, waiting=1) == Decision()


def test_the_day_ends_at_the_persons_own_midnight() -> None:
    assert today_ends(PRIYA, DIRECTORY, NOW) == NOW.replace(hour=0) + timedelta(days=1)
    assert today_ends(TOM, DIRECTORY, NOW) == NOW.replace(hour=23)  # Berlin


def test_a_morning_with_something_on_the_desk_says_so_once_and_plans_the_next() -> None:
    case = Case(RISK_ONLY)
    morning = NOW + timedelta(days=1)
    decision = desk_due(PRIYA, morning.date(), 1, case.program, DIRECTORY, circ(PRIYA, morning))
    assert [(p.kind, p.key) for p in posts(decision, "desk")] == [("desk", f"desk/{PRIYA}/2026-11-24")]
    assert [e.key for e in decision.effects if e.effect == "later"] == [f"desk/{PRIYA}/2026-11-25"]
    assert desk_due(PRIYA, morning.date(), 0, case.program, DIRECTORY, circ(PRIYA, morning)) == Decision()


def test_mornings_that_come_late_together_are_one_message() -> None:
    back = NOW + timedelta(days=18)
    program = Case(RISK_ONLY).program
    found = {
        post.key
        for late in (1, 4, 9, 18)
        for post in posts(
            desk_due(PRIYA, (NOW + timedelta(days=late)).date(), 1, program, DIRECTORY, circ(PRIYA, back)),
            "desk",
        )
    }
    assert found == {f"desk/{PRIYA}/2026-12-11"}
