"""A file of numbers: what each of its rows would come to, and taking it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.figures import Hearing, hearing_of, looked_at
from bot.hearing import is_refusal
from bot.registry import Moment
from bot.views.say import words_of
from storage import titles
from storage.reading import Reading
from storage.store import Tx
from workflows.decision import Circumstances, Decision
from workflows.figures.answering import TELL, give
from workflows.figures.check_in import CheckIn, Told
from workflows.figures.from_csv import ROWS_AT_MOST, Row, Table, function_said, told_in, week_said
from workflows.figures.telling import Source, Telling
from workflows.ids import UserId
from workflows.seeing import knows_of
from workflows.systems import system_name

_FAULTS = 200


@dataclass
class Report:
    """What a file comes to, row by row."""

    rows: int = 0
    counts: int = 0
    doubted: int = 0
    known: int = 0
    refused: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)
    """Line and why, of rows and cells that cannot be taken."""
    unread: tuple[str, ...] = ()
    """Columns that name no figure."""

    def fault(self, line: int, why: str) -> None:
        """Keep why something cannot be taken."""
        if len(self.faults) < _FAULTS:
            self.faults.append((line, why))


def _begun(moment: Moment, table: Table) -> Report:
    """Nothing was looked at yet; what is not read at all is said first."""
    report = Report(rows=len(table.rows))
    if table.cut:
        report.fault(table.rows[-1].line + 1, words_of(moment.program, "csv_cut", rows=f"{ROWS_AT_MOST:,}"))
    return report


def previewed(reading: Reading, moment: Moment, circ: Circumstances, table: Table) -> Report:
    """What would happen; nothing does."""
    report = _begun(moment, table)
    named = _Named(reading, circ.actor.user)
    seen: set[str] = set()
    for use_case, week, rows in _grouped(table.rows, named, moment, report):
        telling = looked_at(reading, moment, circ, use_case, week, "csv")
        if telling is not None:
            _weigh(telling, rows, moment, report, seen)
    report.unread = tuple(c for c in table.columns if c not in seen)
    return report


def taken(moment: Moment, circ: Circumstances, table: Table, key: str, source: Source = "csv") -> Report:
    """Take in what can be taken: each use case and week in a transaction of its own, so that a run that was
    cut short may be done again. Under the same ``key`` nothing is done twice."""
    report = _begun(moment, table)
    seen: set[str] = set()
    with moment.store.read() as reading:
        groups = list(_grouped(table.rows, _Named(reading, circ.actor.user), moment, report))
    for use_case, week, rows in groups:
        with moment.store.write() as tx:
            heard = hearing_of(tx, moment, circ, use_case, week)
            if heard is None:
                continue
            if tx.first_time(f"{key}/{use_case}/{week}", moment.now):
                _take(tx, heard, rows, moment, report, seen, source)
            else:
                seen |= {column for row, _ in rows for column, _, _ in row.cells}
                report.known += sum(len(row.cells) for row, _ in rows)
    report.unread = tuple(c for c in table.columns if c not in seen)
    return report


class _Named:
    """Use cases by id or name, as far as they are this person's to know of."""

    def __init__(self, reading: Reading, user: UserId) -> None:
        self._reading = reading
        self._user = None if system_name(user) else user
        known = titles.known(reading.connection, None)
        self._by_title: Mapping[str, str] = {k.title.casefold(): k.id for k in known}

    def __call__(self, said: str) -> str | None:
        """Its id; ``None`` where there is none of that name."""
        id = self._by_title.get(said.strip().casefold(), said.strip().upper())
        use_case = self._reading.use_case(id)
        if use_case is None or not knows_of(self._user, use_case.stage, use_case.submitter):
            return None
        return str(use_case.id)


def _grouped(
    rows: Iterable[Row], named: _Named, moment: Moment, report: Report
) -> list[tuple[str, date, list[tuple[Row, str]]]]:
    """Rows by use case and week, the oldest week first; what cannot be placed goes into the report."""
    found: dict[tuple[str, date], list[tuple[Row, str]]] = {}
    for row in rows:
        use_case = named(row.use_case)
        week = week_said(row.week, moment.now.date())
        function = function_said(row.function, moment.program)
        if use_case is None:
            why = words_of(moment.program, "csv_no_use_case", name=row.use_case[:80])
        elif week is None:
            why = words_of(moment.program, "csv_no_week", words=row.week[:80])
        elif function is None:
            why = words_of(moment.program, "csv_no_function", name=row.function[:80])
        else:
            found.setdefault((use_case, week), []).append((row, function))
            continue
        report.refused += 1
        report.fault(row.line, why)
    return [(u, w, those) for (u, w), those in sorted(found.items(), key=lambda g: (g[0][1], g[0][0]))]


def _weigh(
    t: Telling, rows: list[tuple[Row, str]], moment: Moment, report: Report, seen: set[str]
) -> Decision | None:
    """What the rows of one use case and week come to; the report is brought up to date."""
    if TELL.refused(t):
        for row, _ in rows:
            report.refused += 1
            report.fault(row.line, words_of(moment.program, "csv_refused"))
        return None
    figures: list[Told] = []
    for row, function in rows:
        told, wrong, read = told_in(t, row, function)
        seen |= read
        figures += told
        for column, cell in wrong:
            report.fault(
                row.line, words_of(moment.program, "csv_no_number", words=cell[:80], column=column[:80])
            )
    decision = give(t, figures)
    if decision.problems:
        report.refused += len(rows)
        for row, _ in rows:
            report.fault(row.line, next(iter(decision.problems.values())))
        return None
    counted = sum(1 for e in decision.events if e.key.startswith("figure/"))
    after = next((c for c in decision.changed if isinstance(c, CheckIn)), None)
    before = {(d.told.which, d.told.value, d.told.of) for d in t.check_in.doubts}
    doubted = sum(
        1 for d in (after.doubts if after else ()) if (d.told.which, d.told.value, d.told.of) not in before
    )
    report.counts += counted
    report.doubted += doubted
    report.known += max(0, len(figures) - counted - doubted)
    return decision


def _take(
    tx: Tx,
    heard: Hearing,
    rows: list[tuple[Row, str]],
    moment: Moment,
    report: Report,
    seen: set[str],
    source: Source,
) -> None:
    decision = _weigh(heard.telling(source=source), rows, moment, report, seen)
    if decision is not None and not is_refusal(decision) and (decision.changed or decision.events):
        tx.apply(decision, heard.circ)
