"""Tables of numbers as people, spreadsheets and whoever means harm send them."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.test_telling_figures import telling
from workflows.figures import answering
from workflows.figures.from_csv import COLUMNS_AT_MOST, ROWS_AT_MOST, read_table, told_in, week_said

HEAD = "use case,week,active users\n"


def test_what_stands_beyond_any_name_or_number_is_not_read() -> None:
    # Brackets without an end took a minute to read in one cell, and thousands of pairs of columns as long.
    brackets = "(" * 100_000
    table = read_table(f"use case,week,function,{brackets}\nUC-0042,2026-W47,{brackets},3\n")
    assert table is not None
    assert len(table.columns[0]) < 1000
    assert len(table.rows[0].function) < 1000
    pairs = ",".join(f"c{n},c{n}_of" for n in range(20_000))
    wide = read_table(f"use case,week,{pairs}\nUC-0042,2026-W47,{'1,' * 40_000}\n")
    assert wide is not None
    assert len(wide.rows[0].cells) <= COLUMNS_AT_MOST


def test_of_too_many_rows_the_first_are_read_and_that_is_said() -> None:
    table = read_table(HEAD + "UC-0042,2026-W47,3\n" * (ROWS_AT_MOST + 1))
    assert table is not None
    assert table.cut
    assert len(table.rows) == ROWS_AT_MOST


@pytest.mark.parametrize("week", ["9999-12-31", "9999-W52", "0001-01-01", "1970-01-05", "2030-01-07"])
def test_weeks_that_nobody_can_tell_of_are_a_problem_and_nothing_else(week: str) -> None:
    monday = week_said(week, date(2026, 11, 19))
    assert monday is not None
    table = read_table(f"{HEAD}UC-0042,{week},30 of 40\n")
    assert table is not None
    t = telling(week=monday)
    figures, wrong, _ = told_in(t, table.rows[0], "")
    assert not wrong
    decision = answering.give(t, figures)
    assert set(decision.problems) == {"week"}
    assert not decision.changed
    assert not decision.events


@pytest.mark.parametrize(
    ("cell", "value"), [("1.2E+03", 1200.0), ("5e2", 500.0), ("1,5E+02", 150.0), ("7.5E-01", 0.75)]
)
def test_numbers_as_spreadsheets_write_them_keep_their_size(cell: str, value: float) -> None:
    table = read_table(f'use case,week,cost\nUC-0042,2026-W47,"{cell}"\n')
    assert table is not None
    (figure,), wrong, _ = told_in(telling(), table.rows[0], "")
    assert not wrong
    assert figure.value == value


@pytest.mark.parametrize(
    "cell", ["1e308", "1e999", "nan", "inf", "-inf", "9" * 400, "=1+1|cmd", "\x00", "<@U1>"]
)
def test_what_is_no_number_of_this_world_never_counts(cell: str) -> None:
    table = read_table(f'use case,week,cost\nUC-0042,2026-W47,"{cell}"\n')
    assert table is not None
    t = telling()
    figures, _, _ = told_in(t, table.rows[0], "")
    decision = answering.give(t, figures)
    assert all(abs(e.value) < 1e12 for e in decision.events)
