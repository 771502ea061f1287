"""Small groups are not shown, and cannot be worked out from what is."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from workflows.measures.measured import Cell
from workflows.measures.small_groups import hidden

WEEK = date(2026, 11, 9)


def counted(**groups: int) -> tuple[Cell, ...]:
    return tuple(Cell(week=WEEK, key=key, value=50.0, of=float(size)) for key, size in groups.items())


def shown(cells: tuple[Cell, ...]) -> set[str]:
    return {c.key for c in hidden(cells, 5) if not c.withheld}


def test_a_group_of_four_is_not_shown_and_neither_is_the_one_that_would_give_it_away() -> None:
    assert shown(counted(claims=40, legal=4, hr=30, it=90)) == {"claims", "it"}


def test_two_small_groups_that_are_enough_together_cover_each_other() -> None:
    assert shown(counted(claims=40, legal=4, hr=3)) == {"claims"}


def test_two_small_groups_that_are_too_few_together_take_a_third_with_them() -> None:
    assert shown(counted(claims=40, it=50, legal=2, hr=2)) == {"it"}


def test_groups_of_five_and_more_are_shown_and_empty_ones_are_no_groups() -> None:
    assert shown(counted(claims=5, legal=0, hr=6)) == {"claims", "legal", "hr"}


def test_a_small_total_is_withheld_with_its_size() -> None:
    (cell,) = hidden((Cell(week=WEEK, value=3.0),), 5)
    assert (cell.value, cell.of, cell.withheld) == (None, None, True)


def test_each_week_is_looked_at_by_itself() -> None:
    later = Cell(week=date(2026, 11, 16), key="claims", value=50.0, of=3.0)
    first, second = hidden((*counted(claims=40), later), 5)
    assert not first.withheld
    assert second.withheld


@given(st.lists(st.integers(0, 30), max_size=8))
def test_what_is_missing_from_a_total_is_never_fewer_people_than_may_be_shown(sizes: list[int]) -> None:
    cells = tuple(Cell(week=WEEK, key=str(n), value=1.0, of=float(size)) for n, size in enumerate(sizes))
    gone = [s for s, c in zip(sizes, hidden(cells, 5), strict=True) if c.withheld]
    kept = [s for s, c in zip(sizes, hidden(cells, 5), strict=True) if not c.withheld and s]
    assert all(s >= 5 for s in kept)
    assert not gone or not kept or (len(gone) > 1 and sum(gone) >= 5)
