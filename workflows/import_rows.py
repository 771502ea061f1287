"""The rows of a delimited file, whatever its encoding, with damaged rows told apart and nothing lost."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from workflows.ids import Frozen

_LINES_AT_MOST = 2000
"""A row does not go over more lines than this: beyond it a quote was left open."""
csv.field_size_limit(10_000_000)


class NotAList(Exception):
    """A file that holds no rows to read. Says what it is instead."""


class Row(Frozen):
    """One row: its line in the file (from 1), its cells by column, and what was wrong with it."""

    line: int
    cells: dict[str, str]
    raw: str = ""
    """The text as it stands in the file, where something was wrong with it."""
    faults: tuple[str, ...] = ()


class Listing(Frozen):
    """A whole file."""

    encoding: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    blank: int
    """Rows with nothing in them, which are left out."""


def read_rows(data: bytes) -> Listing:
    """Read a comma-, semicolon- or tab-separated file with a row of column names on top.

    Every line of the file is in some row. Raises :class:`NotAList` for what is no such file.
    """
    text, encoding = decoded(data)
    lines = text.splitlines(keepends=True)
    # splitlines also splits at marks that are no line ends in such a file; put those back together.
    lines = _joined(lines)
    if not text.strip():
        raise NotAList("The file is empty.")
    delimiter = max(",;\t", key=lines[0].count)
    records = _records(lines, delimiter)
    _, head, _, _ = next(records)
    columns = _named(head)
    if len(columns) < 2:
        raise NotAList("The first line does not name columns separated by commas, semicolons or tabs.")
    rows: list[Row] = []
    blank = 0
    for line, cells, raw, open_quote in records:
        if not any(c.strip() for c in cells):
            blank += 1
            continue
        rows.append(_row(line, cells, raw, columns, open_quote))
    return Listing(encoding=encoding, columns=columns, rows=tuple(rows), blank=blank)


def decoded(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, else UTF-8 if it is that, else Windows-1252."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotAList("This is a workbook. Save it as CSV and import that.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    if b"\0" in data:
        raise NotAList("This is not a text file. Save the list as CSV and import that.")
    return data.decode("cp1252", errors="replace"), "cp1252"


def _joined(parts: Sequence[str]) -> list[str]:
    lines: list[str] = []
    whole = True
    for part in parts:
        if whole:
            lines.append(part)
        else:
            lines[-1] += part
        whole = part.endswith(("\n", "\r"))
    return lines


def _records(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str], str, bool]]:
    """(line number, cells, text, whether a quote was left open) of each record.

    A quote that nobody closed would swallow the rows after it. So where a record over several lines has the
    wrong number of cells, and a line within it is a sound row by itself, its first line is taken alone.
    """
    width = 0
    at = 0
    while at < len(lines):
        end = _end(lines, at)
        cells = _cells(lines[at:end], delimiter)
        width = width or len(cells)
        open_quote = sum(map(_odd, lines[at:end])) % 2 == 1
        if end - at > 1 and (open_quote or len(cells) != width):
            sound = any(_sound(lines[i], width, delimiter) for i in range(at + 1, end))
            if sound or open_quote:
                end = at + 1
                open_quote = True
                cells = _cells([lines[at].rstrip("\r\n") + '"'], delimiter)
        yield at + 1, cells, "".join(lines[at:end]), open_quote
        at = end


def _odd(line: str) -> bool:
    return line.count('"') % 2 == 1


def _end(lines: Sequence[str], at: int) -> int:
    """Where the record that starts in a line ends: at the line that closes its quotes."""
    is_open = False
    for i in range(at, min(len(lines), at + _LINES_AT_MOST)):
        is_open ^= _odd(lines[i])
        if not is_open:
            return i + 1
    return min(len(lines), at + _LINES_AT_MOST)


def _sound(line: str, width: int, delimiter: str) -> bool:
    return not _odd(line) and len(_cells([line], delimiter)) == width


def _cells(lines: Sequence[str], delimiter: str) -> list[str]:
    return next(csv.reader(lines, delimiter=delimiter), [])


def _named(head: Sequence[str]) -> tuple[str, ...]:
    """Column names, each its own: a repeated one is numbered, an empty one called by its place."""
    names: dict[str, None] = {}
    for i, name in enumerate(head, 1):
        bare = " ".join(name.split()) or f"column {i}"
        unique, number = bare, 2
        while unique in names:
            unique, number = f"{bare} ({number})", number + 1
        names[unique] = None
    return tuple(names)


def unmarked(cell: str) -> str:
    """A cell without the mark by which spreadsheets, and our own export, say that it is no formula."""
    rest = cell[1:]
    is_mark = cell.startswith("'") and rest.lstrip("' \t\r")[:1] in ("=", "+", "-", "@")
    return rest if is_mark else cell


def _row(line: int, cells: Sequence[str], raw: str, columns: Sequence[str], open_quote: bool) -> Row:
    faults: list[str] = []
    found = dict(zip(columns, (unmarked(c.replace("\0", "").strip()) for c in cells), strict=False))
    if open_quote:
        faults.append("a quote is not closed, so its cells may be mixed up")
    if len(cells) < len(columns):
        faults.append(f"it has {len(cells)} cells and not {len(columns)}; the last ones are taken as empty")
    if len(cells) > len(columns):
        faults.append(f"it has {len(cells)} cells and not {len(columns)}; those too many are kept as text")
        for i, cell in enumerate(cells[len(columns) :], len(columns) + 1):
            found[f"column {i}"] = cell.strip()
    if "\ufffd" in raw:
        faults.append("some characters in it could not be read")
    if "\0" in raw:
        faults.append("it held characters that are no text, which were taken out")
    filled = {k: v for k, v in found.items() if v}
    return Row(line=line, cells=filled, raw=raw if faults else "", faults=tuple(faults))
