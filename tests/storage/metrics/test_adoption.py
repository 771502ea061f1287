"""Adoption, worked out by hand: what the figures of a small company come to, the same on both databases."""

from __future__ import annotations

import pytest

from storage.store import Store
from tests.storage.metrics.company import W3, W4, asked, by_key, case_of, figure, keep, values


@pytest.fixture
def company(store: Store) -> Store:
    """Claims has UC-1 and UC-2, legal has UC-3, and UC-4 belongs to nobody. UC-2 tells by function."""
    keep(
        store,
        case_of(1, "claims"), case_of(2, "claims"), case_of(3, "legal"), case_of(4),
        events=(
            figure("active_users", 1, W3, 20, 40),
            figure("active_users", 1, W4, 30, 40),
            figure("active_users", 2, W4, 10, 20, "claims"),
            figure("active_users", 2, W4, 6, 30, "it"),
            figure("active_users", 3, W4, 8, 10),
            figure("returning_users", 1, W4, 15, 20),
            figure("returning_users", 2, W4, 3, 10),
        ),
    )  # fmt: skip
    return store


def test_active_users_are_the_sum_of_what_each_use_case_told(company: Store) -> None:
    # W3: 20. W4: 30 + (10 + 6) + 8 = 54 of 40 + (20 + 30) + 10 = 100.
    assert values(company, "active_users") == [20.0, 54.0]
    assert asked(company, "active_users")[-1].of == 100.0
    assert values(company, "active_share") == [50.0, 54.0]


def test_by_function_what_was_told_by_name_counts_for_the_one_named(company: Store) -> None:
    # claims: 30 of UC-1, whose function it is, and 10 that UC-2 told of it; it: 6 of UC-2; legal: 8.
    assert by_key(company, "active_users", "function") == {"claims": 40.0, "it": 6.0, "legal": 8.0}
    assert values(company, "active_users", weeks=1, function="claims") == [40.0]
    assert values(company, "active_share", weeks=1, function="it") == [20.0]


def test_repeat_use_is_those_who_came_back_of_those_of_the_week_before(company: Store) -> None:
    # 15 + 3 of 20 + 10.
    assert values(company, "repeat_use") == [None, 60.0]
    assert by_key(company, "repeat_use", "use_case") == {"UC-0001": 75.0, "UC-0002": 30.0}


def test_a_whole_that_was_told_beside_its_parts_counts_once(company: Store) -> None:
    keep(company, events=(figure("active_users", 2, W4, 18, 50),))
    assert values(company, "active_users", weeks=1) == [56.0]
    assert by_key(company, "active_users", "function") == {"claims": 40.0, "it": 6.0, "legal": 8.0}


def test_a_team_of_four_is_not_shown_by_itself_either(company: Store) -> None:
    keep(company, events=(figure("active_users", 3, W4, 2, 4),))
    (cell,) = asked(company, "active_users", weeks=1, function="legal")
    assert (cell.value, cell.withheld) == (None, True)
    # Total 48: with claims 40 and it 6 known, legal would be 2. So the smallest of the others goes with it.
    assert by_key(company, "active_users", "function") == {"claims": 40.0, "it": None, "legal": None}
    assert asked(company, "active_users", weeks=1, function="it")[0].withheld


def test_where_nothing_was_told_there_is_no_number(store: Store) -> None:
    assert values(store, "active_users", weeks=3) == [None, None, None]
    assert asked(store, "active_users", by="function") == []
