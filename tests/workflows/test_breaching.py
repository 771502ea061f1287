"""Broken promises: reported once, joined while open, measured with patience, closed by those who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st

from tests.workflows.contracts import HERE, PROGRAM, case, circ, contract_in, first, given, relied_upon
from tests.workflows.office import DANA, EVE, HOME, LEE, MO, NOW, OLD, PRIYA
from tests.workflows.test_contracting import posts, refused
from workflows.breaching import Seen, Value, close, measured, report
from workflows.contract import Contract
from workflows.contracting import rely, submit
from workflows.decision import Decision
from workflows.effects import Post, ToPlace, ToRoom
from workflows.ids import ContractId, UserId
from workflows.systems import system_user

LATE = Seen("behavioural", "latency", "Nothing since Monday")
CI = system_user("freshness")


def told(contract: Contract, seen: Seen = LATE, by: UserId = PRIYA, **more: float) -> Decision:
    return report(contract, [case()], PROGRAM, HERE, circ(by, NOW + timedelta(**more)), seen=seen)


def test_a_breach_reaches_the_owner_the_reporter_and_the_thread_of_each_use_case() -> None:
    decision = told(relied_upon(case()))
    (breach,) = contract_in(decision).open_breaches
    assert (breach.about, breach.by, breach.severity) == ("latency", PRIYA, "medium")
    assert set(posts(decision, "breach")) == {LEE, PRIYA}
    places = [e.to.place for e in decision.effects if isinstance(e, Post) and isinstance(e.to, ToPlace)]
    assert places == [HOME], "its submitter reads it there, and is not told beside it"


def test_anyone_who_is_here_may_report_and_a_system_too() -> None:
    assert contract_in(told(first(), by=EVE)).open_breaches
    assert contract_in(told(first(), by=CI)).open_breaches[0].by is None
    assert refused(told(first(), by=OLD)) == "contract_not_yours"


def test_the_same_again_joins_it_and_makes_it_worse_but_never_better() -> None:
    contract = contract_in(told(relied_upon(case())))
    again = told(contract, LATE._replace(what="Still nothing", severity="high"), DANA, hours=1)
    (breach,) = contract_in(again).open_breaches
    assert (breach.severity, [r.what for r in breach.joined]) == ("high", ["Still nothing"])
    assert posts(again, "breach") == [DANA], "only who says it gets the card"
    calmer = told(contract_in(again), LATE._replace(severity="low"), MO, hours=2)
    assert contract_in(calmer).open_breaches[0].severity == "high"
    other = told(contract, Seen("structural", "claims.amount", "Blanks"), DANA)
    assert len(contract_in(other).open_breaches) == 2


def test_only_the_owner_and_the_team_close_it_and_only_with_a_reason() -> None:
    contract = contract_in(told(relied_upon(case())))

    def closing(by: UserId, reason: str = "The job runs again.") -> Decision:
        at = circ(by, NOW + timedelta(hours=3))
        return close(contract, [case()], PROGRAM, HERE, at, breach="B1", reason=reason)

    assert refused(closing(PRIYA)) == "contract_not_yours"
    assert "breach_reason_needed" in closing(LEE, " ").problems["reason"]
    over = contract_in(closing(LEE))
    assert not over.open_breaches
    assert over.breaches[0].time_open(NOW) == timedelta(hours=3)
    twice = close(over, [case()], PROGRAM, HERE, circ(MO), breach="B1", reason="x")
    assert refused(twice) == "breach_closed_already"
    gone = close(contract, [case()], PROGRAM, HERE, circ(LEE), breach="B9", reason="x")
    assert refused(gone) == "breach_gone"


def test_a_source_that_breaks_its_word_three_times_in_ninety_days_takes_nobody_new() -> None:
    contract = relied_upon(case())
    for n in range(3):
        decision = told(contract, LATE, PRIYA, days=n)
        rooms = [e for e in decision.effects if isinstance(e, Post) and isinstance(e.to, ToRoom)]
        assert bool(rooms) == (n == 2), "the team is told once, when it becomes a pattern"
        contract = contract_in(decision)
        at = circ(LEE, NOW + timedelta(days=n, hours=1))
        breach = contract.open_breaches[0].id
        contract = contract_in(close(contract, [case()], PROGRAM, HERE, at, breach=breach, reason="ok"))
    soon = rely(contract, case(2), PROGRAM, HERE, circ(LEE, NOW + timedelta(days=5)))
    assert refused(soon) == "contract_shaky"
    later = rely(contract, case(2), PROGRAM, HERE, circ(LEE, NOW + timedelta(days=95)))
    assert contract_in(later).consumers == (case().id, case(2).id)


# --- measured -----------------------------------------------------------------------------------------------
# The example: latency 24 h; two bad in a row break it, three good ones (5% better: 22.8 h at most) mend it.


def hours(contract: Contract, *values: float, start: int = 0) -> Contract:
    for n, value in enumerate(values, start):
        at = NOW + timedelta(hours=n)
        decision = measured(
            contract, [case()], PROGRAM, HERE, circ(CI, at), values=[Value("latency", value, "h", at=at)]
        )
        contract = contract_in(decision)
    return contract


def test_one_bad_value_is_no_breach_two_in_a_row_are() -> None:
    assert not hours(first(), 30).open_breaches
    assert not hours(first(), 30, 20, 30).open_breaches
    (breach,) = hours(first(), 30, 31).open_breaches
    assert (breach.about, breach.measured, breach.by) == ("latency", True, None)


def test_it_closes_only_after_three_values_that_are_clearly_good() -> None:
    broken = hours(first(), 30, 31)
    assert hours(broken, 22, 22, start=2).open_breaches
    assert hours(broken, 22, 23.5, 22, 22, start=2).open_breaches, "23.5 h keeps the promise, but barely"
    over = hours(broken, 22, 22, 22, start=2)
    assert not over.open_breaches
    assert over.breaches[0].closed_by is None


def test_a_value_sent_again_or_late_counts_once() -> None:
    at = NOW
    value = Value("latency", 30, "h", at=at)
    once = contract_in(measured(first(), [], PROGRAM, HERE, circ(CI), values=[value]))
    assert measured(once, [], PROGRAM, HERE, circ(CI), values=[value]) == Decision()
    older = value._replace(at=at - timedelta(hours=1))
    assert measured(once, [], PROGRAM, HERE, circ(CI), values=[older]) == Decision()


def test_what_a_person_reported_no_measurement_closes() -> None:
    contract = contract_in(told(first()))
    assert hours(contract, 1, 1, 1, 1).open_breaches


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Value("freshness", 1500, "min"), False),
        (Value("latency", 1, "d"), True),
        (Value("completeness", 98.9, "%"), False),
        (Value("completeness", 99, "percent"), True),
        (Value("errorRate", 1.5, "percent"), False),
        (Value("timeOfAvailability", 6.5, "h"), False),
        (Value("timeOfAvailability", 5.5, "h"), True),
    ],
)
def test_values_are_compared_in_the_measure_of_the_promise(value: Value, kept: bool) -> None:
    decision = measured(first(), [], PROGRAM, HERE, circ(CI), values=[value])
    assert [e.detail["kept"] for e in decision.entries if e.action == "contract.measured"] == [kept]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (Value("throughput", 5), "not promised"),
        (Value("latency", 5, "percent"), "no measure of"),
        (Value("latency", 5, "h", at=NOW + timedelta(days=1)), "in the future"),
    ],
)
def test_what_cannot_be_compared_is_named_and_nothing_is_kept(value: Value, why: str) -> None:
    good = Value("completeness", 98, "percent")
    decision = measured(first(), [], PROGRAM, HERE, circ(CI), values=[good, value])
    assert not decision.changed
    assert why in decision.problems["measurements[1]"]


def test_an_announced_version_is_not_measured_before_it_counts() -> None:
    contract = relied_upon(case())
    slower = given("2.0.0", lambda v: v["slaProperties"][0].update(value=48))
    contract = contract_in(
        submit(contract, ContractId("DC-0001"), slower, [case()], PROGRAM, HERE, circ(LEE))
    )
    assert hours(contract, 30, 31).open_breaches
    due = contract.current.counts_from
    assert due is not None
    at = due + timedelta(hours=1)
    values = [Value("latency", 30, "h", at=at)]
    after = measured(contract, [case()], PROGRAM, HERE, circ(CI, at), values=values)
    assert after.entries[0].detail["kept"]


@given_(st.lists(st.floats(1, 60, allow_nan=False), max_size=25))
@settings(max_examples=150, deadline=None)
def test_whatever_is_measured_a_breach_needs_two_bad_and_its_end_three_good(values: list[float]) -> None:
    contract = first()
    was_open = False
    for n, value in enumerate(values):
        contract = hours(contract, value, start=n)
        now_open = bool(contract.open_breaches)
        if now_open and not was_open:
            assert values[n] > 24
            assert values[n - 1] > 24
        if was_open and not now_open:
            assert all(v <= 24 * 0.95 + 1e-9 for v in values[n - 2 : n + 1])
        was_open = now_open
    assert len(contract.open_breaches) <= 1
