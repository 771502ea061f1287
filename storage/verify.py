"""Checks the audit log against itself and against the state: is what is stored what the log says happened?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage.aggregates import FACETS, LAYOUTS, columns
from storage.audit import START, row_hash, rows_after
from storage.patches import patched, same, without_nulls
from storage.redaction import ACTION, Redacted, Redacting, told
from storage.schema import AuditHead, Waits
from workflows.ids import Subject
from workflows.waiting import Wait, waits_of


@dataclass(frozen=True)
class Problem:
    """Something that does not fit. ``seq`` is the audit row at which, or after which, it went wrong."""

    seq: int
    subject: str
    problem: str


@dataclass(frozen=True)
class Verified:
    """What was checked, and what does not fit, in the order of the log."""

    rows: int
    newest_hash: str
    subjects: int
    problems: tuple[Problem, ...]
    redactions: tuple[Redacted, ...] = ()
    """Rows whose words were taken out since, by the entries that tell of it."""

    @property
    def sound(self) -> bool:
        """Whether everything fits."""
        return not self.problems


@dataclass
class _Replayed:
    state: Any
    seq: int


def verify(connection: Connection) -> Verified:
    """Recompute every hash, fold every patch, and compare the outcome with each stored row.

    A row that was redacted must say what the last entry that redacted it says it does. After a break in the
    chain the rows that follow are still replayed, so that one report shows the extent.
    """
    problems: list[Problem] = []
    redacting, entries = Redacting(connection), dict[int, Mapping[str, Any]]()
    replayed: dict[tuple[str, str], _Replayed] = {}
    number, prev = 0, START
    for row in rows_after(connection, 0):
        broken = _broken(row, number, prev, redacting.of(row["seq"]))
        if broken:
            problems.append(Problem(number + 1, f"{row['subject_type']}/{row['subject_id']}", broken))
        number, prev = row["seq"], row["hash"]
        if row["action"] == ACTION:
            entries[number] = row["detail"]
        if row["patch"] is not None:
            key = (row["subject_type"], row["subject_id"])
            before = replayed[key].state if key in replayed else {}
            replayed[key] = _Replayed(patched(before, row["patch"]), row["seq"])
    head = connection.execute(select(AuditHead.seq, AuditHead.hash)).one()
    if (head.seq, head.hash) != (number, prev):
        missing = (
            f"the log ends at row {number}, but {head.seq} rows were written: the end was cut off or changed"
        )
        problems.append(Problem(min(number, head.seq) + 1, "", missing))
    problems += _compared(connection, replayed)
    redacting.finish()
    redactions, wrong = told(redacting.found, entries)
    problems += (Problem(seq, "", what) for seq, what in wrong)
    return Verified(number, prev, len(replayed), tuple(sorted(problems, key=lambda p: p.seq)), redactions)


def _broken(row: dict[str, Any], number: int, prev: str, redacted: str | None) -> str:
    if row["seq"] != number + 1:
        return f"rows {number + 1} to {row['seq'] - 1} are missing"
    if row["prev_hash"] != prev:
        return "it does not follow the row before it"
    if redacted is not None and redacted != row_hash(row):
        return "its content is not what it was when it was redacted"
    if redacted is None and row["hash"] != row_hash(row):
        return "its content is not what it was when it was written"
    return ""


def _compared(connection: Connection, replayed: dict[tuple[str, str], _Replayed]) -> Iterator[Problem]:
    for kind, layout in LAYOUTS.items():
        seen = set()
        waits = _waits(connection, kind)
        found = FACETS if kind == "use_case" else ()  # they follow the program, not the log
        for row in connection.execute(select(layout.table).order_by(layout.table.c.id)).mappings():
            subject = str(Subject(type=kind, id=row["id"]))
            seen.add(row["id"])
            told = replayed.get((kind, row["id"]))
            if told is None:
                yield Problem(0, subject, "it is stored, but the log never speaks of it")
                continue
            if not same(without_nulls(row["state"]), told.state):
                yield Problem(told.seq, subject, "its stored state is not what the log says it became")
                continue
            aggregate = layout.model.model_validate(row["state"])
            expected = {"id": aggregate.subject.id, "revision": aggregate.revision, **columns(aggregate)}
            wrong = [name for name, value in expected.items() if row[name] != value and name not in found]
            if waits.get(row["id"], set()) != waits_of(aggregate):
                wrong.append("waiting")
            if wrong:
                yield Problem(told.seq, subject, f"its columns do not fit its state: {', '.join(wrong)}")
        for (told_kind, id), told in replayed.items():
            if told_kind == kind and id not in seen:
                yield Problem(told.seq, f"{kind}/{id}", "the log speaks of it, but it is not stored")


def _waits(connection: Connection, kind: str) -> dict[str, set[Wait]]:
    waits: dict[str, set[Wait]] = {}
    for id, what, item, person, due in connection.execute(
        select(Waits.subject_id, Waits.kind, Waits.item, Waits.person, Waits.due).where(
            Waits.subject_type == kind
        )
    ):
        waits.setdefault(id, set()).add(Wait(what, item, person, due))
    return waits
