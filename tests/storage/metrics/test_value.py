"""Value, worked out by hand: outcomes against baseline and target, and money, the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.store import Store
from tests.storage.metrics.company import NOW, W1, W2, W3, W4, asked, by_key, case_of, figure, keep, values
from tests.storage.records import answers

LONG_AGO = NOW - timedelta(days=90)


@pytest.fixture
def company(store: Store) -> Store:
    """Four use cases in production; the fourth never said where it starts and where it wants to be."""
    numbers = ("outcome_baseline", "outcome_target", "outcome_by", "category")
    given = (
        (1, "claims", (9.0, 5.0, "2026-11-01", "customer_operations")),
        (2, "legal", (10.0, 20.0, "2026-11-30", "software_engineering")),
        (3, "claims", (4.0, 2.0, "2026-10-01", "employee_productivity")),
    )
    keep(
        store,
        *(case_of(n, f, answers=answers(**dict(zip(numbers, a, strict=True)))) for n, f, a in given),
        case_of(4, "it", answers=answers(outcome_by="2026-11-01")),
        events=(
            figure("outcome", 1, W2, 8.0),
            figure("outcome", 1, W4, 6.0),
            figure("outcome", 2, W4, 30.0),
            figure("outcome", 3, W4, 5.0),
            figure("outcome", 4, W1, 1.0),
            figure("north_star", 1, W4, 66.0),
            figure("benefit", 1, W3, 100.0),
            figure("benefit", 1, W4, 150.0),
            figure("cost", 1, W2, 60.0, 20.0),
            figure("cost", 1, W4, 40.0, 10.0),
        ),
        now=LONG_AGO,
    )
    return store


def test_the_way_to_the_target_counts_each_use_case_once(company: Store) -> None:
    # UC-1: (8-9)/(5-9) = 25 % in W3 (told in W2 and still good), (6-9)/(5-9) = 75 % in W4.
    # UC-2: (30-10)/(20-10) = 200 %, counted as 100. UC-3: (5-4)/(2-4) = -50 %. (75 + 100 - 50) / 3 = 41.67.
    assert values(company, "outcome_progress") == [25.0, pytest.approx(125 / 3)]
    by_case = by_key(company, "outcome_progress", "use_case")
    assert by_case == {"UC-0001": 75.0, "UC-0002": 100.0, "UC-0003": -50.0}
    assert values(company, "outcome_progress", weeks=1, function="claims") == [12.5]


def test_use_cases_hang_on_the_drivers_of_the_value_tree(company: Store) -> None:
    found = by_key(company, "outcome_progress", "driver")
    assert found == {
        "settled_in_time/first_contact": 75.0,
        "cost_per_policy/change_delivered": 100.0,
        "cost_per_policy/time_for_customers": -50.0,
    }
    # Claims settled in time: from 58 to 75, and 66 were told: 8 of 17.
    assert values(company, "north_star_progress", weeks=1) == [pytest.approx(100 * 8 / 17)]


def test_a_target_is_met_at_nine_tenths_of_the_way(company: Store) -> None:
    assert values(company, "targets_met") == [0.0, pytest.approx(100 / 3)]


def test_numbers_of_different_units_are_told_one_by_one_only(company: Store) -> None:
    assert values(company, "outcome") == [None, None]
    assert values(company, "outcome", use_case="UC-0001") == [8.0, 6.0]


def test_a_number_stands_for_five_weeks(company: Store) -> None:
    # W1 is the week of 19 October: its number counts until that of 16 November.
    assert values(company, "outcome", weeks=4, use_case="UC-0004") == [1.0, 1.0, 1.0, 1.0]
    assert values(company, "outcome", weeks=6, use_case="UC-0002") == [None] * 5 + [30.0]


def test_who_told_an_outcome_is_a_share_of_those_in_use(company: Store) -> None:
    # Four in use: none told in W3, three in W4.
    assert values(company, "outcomes_told") == [0.0, 75.0]


def test_a_result_is_overdue_when_its_day_has_passed_with_nothing_told_since(company: Store) -> None:
    # UC-1 and UC-3 told in November; UC-2 has time until the 30th; UC-4 told last a week before its day.
    assert [c.value for c in asked(company, "results_overdue", weeks=1)] == [1.0]
    assert by_key(company, "results_overdue", "use_case") == {"UC-0004": 1.0}


def test_payback_adds_up_from_the_first_week_that_was_told(company: Store) -> None:
    # W2: -60. W3: -60 + 100 = 40. W4: 40 + 150 - 40 = 150.
    assert values(company, "payback", weeks=4) == [None, -60.0, 40.0, 150.0]
    assert values(company, "payback", weeks=1) == [150.0]
    assert values(company, "benefit") == [100.0, 150.0]
    assert values(company, "cost_per_task", weeks=3) == [3.0, None, 4.0]
