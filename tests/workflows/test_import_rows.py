"""Rows of a list from elsewhere: any encoding, damaged lines told apart, nothing lost."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.import_rows import Listing, NotAList, read_rows

HEAD = "Name,Purpose,Owner\n"


def rows(text: str) -> Listing:
    return read_rows((HEAD + text).encode("utf-8"))


def names(listing: Listing) -> list[str]:
    return [r.cells.get("Name", "") for r in listing.rows]


def test_quoted_cells_keep_their_commas_and_line_ends() -> None:
    (row,) = rows('"Sort, quickly","two\nlines, and ""quotes""",Lee\n').rows
    assert row.cells == {"Name": "Sort, quickly", "Purpose": 'two\nlines, and "quotes"', "Owner": "Lee"}
    assert (row.line, row.faults) == (2, ())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Name,Purpose\ncafé – “quoted”,x\n".encode("cp1252"), "cp1252"),
        ("Name,Purpose\ncafé – “quoted”,x\n".encode(), "utf-8"),
        ("Name,Purpose\ncafé – “quoted”,x\n".encode("utf-8-sig"), "utf-8"),
        ("Name,Purpose\ncafé – “quoted”,x\n".encode("utf-16"), "utf-16"),
    ],
)
def test_the_encoding_is_found_out(data: bytes, encoding: str) -> None:
    listing = read_rows(data)
    assert (listing.encoding, names(listing)) == (encoding, ["café – “quoted”"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    text = f"Name{delimiter}Purpose\nSort{delimiter}Order\n"
    assert read_rows(text.encode()).rows[0].cells == {"Name": "Sort", "Purpose": "Order"}


def test_a_quote_that_is_never_closed_does_not_swallow_the_rows_after_it() -> None:
    listing = rows('A,fine,Lee\nB,"never closed,Lee\nC,fine,Lee\nD,"a ""good"" one",Lee\n')
    assert names(listing) == ["A", "B", "C", "D"]
    damaged = listing.rows[1]
    assert any("a quote is not closed" in f for f in damaged.faults)
    assert damaged.raw == 'B,"never closed,Lee\n'
    assert not listing.rows[2].faults


def test_a_quote_closed_by_a_later_row_is_noticed_too() -> None:
    listing = rows('A,"open,Lee\nB,fine,Lee\nC,"quoted",Lee\nD,fine,Lee\n')
    assert names(listing) == ["A", "B", "C", "D"]


def test_short_and_long_rows_are_kept_and_told() -> None:
    listing = rows("A,short\nB,long,Lee,extra\n")
    assert "it has 2 cells and not 3" in listing.rows[0].faults[0]
    assert listing.rows[1].cells["column 4"] == "extra"


def test_a_last_line_without_an_end_and_empty_lines_do_no_harm() -> None:
    listing = rows("A,x,Lee\n\n,,\nB,y,Lee")
    assert (names(listing), listing.blank) == (["A", "B"], 2)


def test_unreadable_characters_and_nulls_are_told() -> None:
    data = b"Name,Purpose\ncaf\xe9 \x81,x\n"
    assert "could not be read" in read_rows(data).rows[0].faults[0]
    assert "taken out" in rows("A\0B,x,y\n").rows[0].faults[0]


def test_columns_of_the_same_name_are_told_apart() -> None:
    listing = read_rows(b"Name,If other,If other,\nA,b,c,d\n")
    assert listing.columns == ("Name", "If other", "If other (2)", "column 4")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xff\x00\x01\x02", "not a text file"),
        (b"just a sentence\n", "does not name columns"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(NotAList, match=said):
        read_rows(data)


@given(
    st.lists(st.tuples(*[st.text(alphabet='ab",;\n x', max_size=8)] * 3), min_size=1, max_size=8),
    st.data(),
)
def test_whatever_is_written_properly_is_read_back(
    cells: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    cells = [(f"row {i}", b, c) for i, (_, b, c) in enumerate(cells)]
    lines: list[str] = []

    class Sink:
        def write(self, text: str) -> None:
            lines.append(text)

    csv.writer(Sink(), lineterminator="\n").writerows(cells)
    found = rows("".join(lines)).rows
    assert [tuple(r.cells.get(c, "") for c in ("Name", "Purpose", "Owner")) for r in found] == [
        tuple(x.strip() for x in row) for row in cells
    ]


@given(st.integers(0, 11), st.sampled_from(['"', '""', ",", "\0", "\x1a", '",']), st.integers(0, 20))
def test_damage_to_one_row_leaves_the_others_as_they_were(which: int, dirt: str, at: int) -> None:
    good = [f"row {i},does thing number {i},Lee\n" for i in range(12)]
    damaged = list(good)
    damaged[which] = good[which][: at % len(good[which])] + dirt + good[which][at % len(good[which]) :]
    before = {n: r.cells for n, r in zip(names(rows("".join(good))), rows("".join(good)).rows, strict=True)}
    after = [r.cells for r in rows("".join(damaged)).rows]
    for name, kept in before.items():
        assert kept in after or name == f"row {which}"
