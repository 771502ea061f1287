"""Imports a list of use cases into the store: a batch of rows at a time, each row reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from storage.store import Store, Tx
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import UseCaseId
from workflows.import_evidence import sheets
from workflows.import_mapping import ImportMapping
from workflows.import_rows import Listing
from workflows.importing import (
    IMPORTER,
    Reading,
    imported,
    imported_again,
    missing_labels,
    read_list,
    unknown_columns,
)
from workflows.program import Program
from workflows.use_case import UseCase
from workflows.walk import Walk

_ROWS_A_TRANSACTION = 100
"""Few enough that a bot serving from the same database is held up for a fraction of a second."""

Result = Literal["added", "changed", "unchanged", "not taken"]


@dataclass(frozen=True)
class RowReport:
    """What came of one row of the file."""

    line: int
    key: str
    title: str
    result: Result
    id: str = ""
    tier: str = ""
    missing: tuple[str, ...] = ()
    """Labels of the answers that a submission would still need."""
    doubtful: tuple[Mapping[str, str], ...] = ()
    """Answers to look at: question, label, answer and why."""
    notes: tuple[str, ...] = ()
    """What was wrong with the row itself."""


@dataclass(frozen=True)
class ImportReport:
    """What came of a file."""

    mapping: str
    encoding: str
    program: str
    dry_run: bool
    blank: int
    columns_missing: tuple[str, ...]
    rows: tuple[RowReport, ...] = field(default_factory=tuple)

    def results(self) -> Counter[str]:
        """How many rows were added, changed, unchanged, not taken."""
        return Counter(r.result for r in self.rows)

    def tiers(self) -> Counter[str]:
        """How many rows came out in each tier."""
        return Counter(r.tier for r in self.rows if r.tier)

    def as_json(self) -> dict[str, Any]:
        """The whole, for a machine."""
        return {
            "mapping": self.mapping,
            "encoding": self.encoding,
            "program": self.program,
            "dry_run": self.dry_run,
            "rows": len(self.rows),
            "blank": self.blank,
            "columns_missing": list(self.columns_missing),
            "results": dict(self.results()),
            "tiers": dict(self.tiers()),
            "report": [
                {
                    "line": r.line,
                    "id": r.id,
                    "key": r.key,
                    "title": r.title,
                    "result": r.result,
                    "tier": r.tier,
                    "missing": list(r.missing),
                    "doubtful": [dict(d) for d in r.doubtful],
                    "notes": list(r.notes),
                }
                for r in self.rows
            ],
        }


def bring_in(
    store: Store,
    program: Program,
    files: Mapping[str, str],
    mapping: ImportMapping,
    listing: Listing,
    clock: Callable[[], datetime],
    dry_run: bool = False,
) -> ImportReport:
    """Import every row; again is harmless. With ``dry_run`` nothing is stored; the report says what would be.

    A row that cannot be taken is reported and the rest goes on. Storage errors end it: what was stored before
    stays, and running it again goes on from there.
    """
    readings = read_list(mapping, program, listing.rows)
    reports: list[RowReport] = []
    if dry_run:
        with store.read() as reading:
            known = reading.imported()
            for row in readings:
                existing = reading.use_case(known[row.key]) if row.key in known else None
                reports.append(
                    _report(row, program, *_decided(row, existing, program, clock(), UseCaseId("-")))
                )
    else:
        with store.write() as tx:
            tx.keep_program(program, files, clock())
        for start in range(0, len(readings), _ROWS_A_TRANSACTION):
            with store.write() as tx:
                batch = readings[start : start + _ROWS_A_TRANSACTION]
                reports += _batch(tx, batch, mapping, program, clock())
    return ImportReport(
        mapping=mapping.id,
        encoding=listing.encoding,
        program=program.stamp.label,
        dry_run=dry_run,
        blank=listing.blank,
        columns_missing=tuple(unknown_columns(mapping, listing.columns)),
        rows=tuple(reports),
    )


def _batch(
    tx: Tx, rows: Sequence[Reading], mapping: ImportMapping, program: Program, now: datetime
) -> list[RowReport]:
    known = tx.imported()
    circ = Circumstances(now=now, actor=Actor(user=IMPORTER, door="import"), program=program.stamp)
    reports: list[RowReport] = []
    changed: list[UseCase | Walk] = []
    entries: list[Entry] = []
    for row in rows:
        existing = tx.lock_use_case(known[row.key]) if row.key in known else None
        id = existing.id if existing else tx.new_id("use_case")
        result, use_case, problem = _decided(row, existing, program, now, id)
        reports.append(_report(row, program, result, use_case, problem))
        if use_case is None or result == "unchanged":
            continue
        action = "use_case.imported" if result == "added" else "use_case.imported_again"
        detail = {"line": row.line, "doubtful": [d.question for d in row.doubts], "notes": list(row.notes)}
        changed.append(use_case)
        entries.append(Entry(action=action, subject=use_case.subject, detail=detail))
        if result == "added":
            # What people answered since stands: the list says something of a checklist only once.
            changed += sheets(mapping, row.row, use_case, program, IMPORTER, now, lambda: tx.new_id("walk"))
    if changed:
        tx.apply(Decision(changed=tuple(changed), entries=tuple(entries)), circ)
    return reports


def _decided(
    row: Reading, existing: UseCase | None, program: Program, now: datetime, id: UseCaseId
) -> tuple[Result, UseCase | None, str]:
    """What comes of a row: the result, the use case as it is then, and what stood in the way."""
    try:
        if existing is None:
            return "added", imported(row, id, program, now), ""
        fresh = imported_again(existing, row, program, now)
        return ("changed", fresh, "") if fresh else ("unchanged", existing, "")
    except (ValueError, TypeError, KeyError) as error:
        return "not taken", existing, f"it could not be taken: {error}"


def _report(
    row: Reading, program: Program, result: Result, use_case: UseCase | None, problem: str
) -> RowReport:
    tier = use_case.assessment.tier.tier if use_case and use_case.assessment else ""
    return RowReport(
        line=row.line,
        key=row.key,
        title=row.title,
        result=result,
        id=str(use_case.id) if use_case else "",
        tier=tier,
        missing=tuple(missing_labels(use_case, program)) if use_case else (),
        doubtful=tuple(
            {"question": d.question, "label": d.label, "answer": d.shown, "why": d.why} for d in row.doubts
        ),
        notes=(*row.notes, problem) if problem else row.notes,
    )
