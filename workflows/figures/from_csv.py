"""A table of numbers: a row for a use case and week, columns found by their names, whatever their order."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.events import week_of
from workflows.figures.answering import asked_for, words_of_figure
from workflows.figures.catalogue import BY_ID, FIGURES
from workflows.figures.check_in import Told
from workflows.figures.telling import Telling
from workflows.program import Program
from workflows.words.calendar_words import FoundDate, find_date
from workflows.words.figures import read_figure

ROWS_AT_MOST = 5000
COLUMNS_AT_MOST = 200
_CELL = 300
"""What stands after so many letters or columns is no number, name or week, and only takes time to read."""
_USE_CASE = {"usecase", "usecaseid", "id", "uc", "title", "name", "case", "tool", "system"}
_WEEK = {
    "week",
    "date",
    "weekof",
    "weekbeginning",
    "day",
    "monday",
    "period",
    "weekstarting",
    "kw",
    "calendarweek",
}
_FUNCTION = {"function", "department", "team", "area", "businessfunction"}
_FIGURE = {"figure", "metric", "measure", "kpi"}
_VALUE = {"value", "number", "amount"}
_OF = re.compile(r"(?:of|total|base|outof|whole|denominator|answers|count)$")
_ISO_WEEK = re.compile(r"(?P<year>\d{4})-?\s?W(?:eek)?\s?(?P<week>\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row as it stands there."""

    line: int
    use_case: str
    week: str
    function: str
    cells: tuple[tuple[str, str, str], ...]
    """Head of the column, or id of the figure; the text; the text of what it is a part of."""


@dataclass(frozen=True)
class Table:
    """What a file holds. ``columns`` that no figure has by name may still be a use case's own."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    cut: bool = False
    """There were more rows than are taken at once."""


def read_table(text: str) -> Table | None:
    """The table in a text; ``None`` where it names no use cases and weeks in its first row."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    if not lines:
        return None
    reader = csv.reader(lines, delimiter=_delimiter(lines[0]))
    try:
        head = [h.strip()[:_CELL] for h in next(reader)[:COLUMNS_AT_MOST]]
        body = []
        for cells in reader:
            body.append((reader.line_num, cells))
            if len(body) > ROWS_AT_MOST:
                break
    except (csv.Error, StopIteration):
        return None
    plain = [_plain(h) for h in head]
    case, week = _first(plain, _USE_CASE), _first(plain, _WEEK)
    if case is None or week is None or case == week:
        return None
    function, figure, value = _first(plain, _FUNCTION), _first(plain, _FIGURE), _first(plain, _VALUE)
    named = {i for i in (case, week, function, figure, value) if i is not None}
    long = figure is not None and value is not None
    if figure is not None and not long:
        named.discard(figure)
    wholes = _wholes(head, plain, named)
    rows = []
    for line, cells in body[:ROWS_AT_MOST]:
        get = _getter(cells)
        if not any(c.strip() for c in cells):
            continue
        if long and figure is not None and value is not None:
            of = next(
                (i for i, p in enumerate(plain) if p in ("of", "total", "outof") and i not in named), None
            )
            found: tuple[tuple[str, str, str], ...] = ((get(figure), get(value), get(of)),)
        else:
            found = tuple(
                (head[i], get(i), get(wholes.get(i)))
                for i in range(len(head))
                if i not in named and i not in wholes.values() and get(i)
            )
        rows.append(Row(line, get(case), get(week), get(function), found))
    read = {*named, *wholes.values()}
    columns = tuple(head[i] for i in range(len(head)) if i not in read and head[i])
    return Table(tuple(rows), () if long else columns, len(body) > ROWS_AT_MOST)


def week_said(text: str, today: date) -> date | None:
    """The Monday of the week or day that is written there: ``2026-11-16``, ``2026-W47``, ``16 Nov``."""
    iso = _ISO_WEEK.search(text)
    try:
        if iso:
            return date.fromisocalendar(int(iso["year"]), int(iso["week"]), 1)
        return week_of(date.fromisoformat(text.strip()[:10]))
    except ValueError:
        pass
    found = find_date(text, today, past=True)
    return week_of(found.day) if isinstance(found, FoundDate) else None


def function_said(text: str, program: Program) -> str | None:
    """The id of the function that is named; empty for none, ``None`` for one that there is not."""
    said = _plain(text)
    if not said:
        return ""
    return next((f.id for f in program.functions.values() if said in (_plain(f.id), _plain(f.label))), None)


def told_in(
    t: Telling, row: Row, function: str
) -> tuple[tuple[Told, ...], tuple[tuple[str, str], ...], frozenset[str]]:
    """The numbers of a row, the cells without one (column, text), and the columns that were read."""
    own = {m.id: {_plain(w) for w in words_of_figure(m)} for m in t.measured.values()}
    asked = {a.figure: a for a in asked_for(t)}
    found: list[Told] = []
    wrong: list[tuple[str, str]] = []
    read: set[str] = set()
    for column, text, whole in row.cells:
        id = figure_named(column, own)
        if id is None or id not in asked:
            continue
        read.add(column)
        cell = f"{text} of {whole}" if whole else text
        given = read_figure(cell, asked[id])
        if given is None or given.needs_whole:
            wrong.append((column, cell))
        elif all(f.figure != id for f in found):
            found.append(
                Told(
                    figure=id,
                    value=given.value,
                    of=given.of,
                    function=function,
                    by=t.user,
                    at=t.circ.now,
                    note="",
                )
            )
    return tuple(found), tuple(wrong), frozenset(read)


def figure_named(column: str, own: Mapping[str, set[str]]) -> str | None:
    """The figure that a column's head names: by a use case's own words, else by the catalogue's."""
    said = _plain(column)
    if said in BY_ID or column.strip().lower() in BY_ID:
        return column.strip().lower() if column.strip().lower() in BY_ID else said
    mine = [id for id, words in own.items() if said in words]
    if len(mine) == 1:
        return mine[0]
    return _CATALOGUE.get(said)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"\(.*?\)", "", text).casefold())


_CATALOGUE = {_plain(w): f.id for f in reversed(FIGURES) for w in (*f.names, f.label, f.id)}


def _first(plain: Sequence[str], wanted: set[str]) -> int | None:
    return next((i for i, name in enumerate(plain) if name in wanted), None)


def _wholes(head: Sequence[str], plain: Sequence[str], named: set[int]) -> dict[int, int]:
    """Which column holds what another is a part of: ``active_users`` and ``active_users_of``."""
    found: dict[int, int] = {}
    for i, name in enumerate(plain):
        part = _OF.sub("", name)
        if i in named or part == name or not part:
            continue
        same = next((j for j, other in enumerate(plain) if other == part and j not in named), None)
        if same is not None:
            found[same] = i
    return found


def _getter(cells: Sequence[str]) -> Callable[[int | None], str]:
    def get(index: int | None) -> str:
        return cells[index].strip()[:_CELL] if index is not None and index < len(cells) else ""

    return get


def _delimiter(head: str) -> str:
    return max(";\t,|", key=head.count) if any(c in head for c in ";\t,|") else ","
