"""The audit log: who did what, when, through which door, under which program; append-only and hash-chained.

Every row carries the SHA-256 of its own content and of the row before it, so no row can be changed, removed
or slipped in without breaking the chain from there on. A row that changed something also carries the merge
patch from the old state to the new, so the state can be replayed from the log alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.patches import canonical
from storage.schema import Audit, AuditHead, storable, table_of
from workflows.decision import Circumstances, Entry
from workflows.ids import Subject

START = "0" * 64
"""What the first row names as the hash before it."""

_BATCH = 500
_ADD = insert(table_of(Audit))
_LOCK_HEAD = select(table_of(AuditHead)).with_for_update()
_MOVE_HEAD = update(table_of(AuditHead))


@dataclass(frozen=True)
class Line:
    """One row to be added."""

    entry: Entry
    patch: dict[str, Any] | None
    circ: Circumstances


@dataclass(frozen=True)
class Head:
    """The end of the log, locked for whoever holds it."""

    seq: int
    hash: str
    decisions: int


def lock_head(connection: Connection) -> Head:
    """The end of the log. Others who want to add wait for this transaction to end.

    It is taken last in a transaction and held over the commit, so rows become visible in the order of their
    numbers; the outbox rests on that too.
    """
    row = connection.execute(_LOCK_HEAD).one()
    return Head(row.seq, row.hash, row.decisions)


def append(connection: Connection, head: Head, lines: Sequence[Line], decisions: int) -> None:
    """Add the lines after ``head`` and move it; ``decisions`` is how many decisions they stand for."""
    rows: list[dict[str, Any]] = []
    seq, prev = head.seq, head.hash
    for line in lines:
        seq += 1
        detail = line.entry.model_dump(mode="json")["detail"]
        row: dict[str, Any] = {
            "seq": seq,
            "at": line.circ.now.astimezone(UTC),
            "actor": line.circ.actor.user,
            "door": line.circ.actor.door,
            "action": line.entry.action,
            "subject_type": line.entry.subject.type,
            "subject_id": line.entry.subject.id,
            "refused": line.entry.refused,
            "program_label": line.circ.program.label,
            "program_hash": line.circ.program.hash,
            "detail": detail,
            "patch": line.patch,
            "prev_hash": prev,
        }
        row = {key: storable(value) if isinstance(value, str) else value for key, value in row.items()}
        row["hash"] = prev = row_hash(row)
        rows.append(row)
    if rows:
        connection.execute(_ADD, rows)
    moved = {"seq": seq, "hash": prev, "decisions": head.decisions + decisions}
    connection.execute(_MOVE_HEAD, moved)


def row_hash(row: Mapping[str, Any]) -> str:
    """The SHA-256, in hex, of everything a row says, the hash before it included."""
    content = {key: value for key, value in row.items() if key != "hash"}
    content["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical(content).encode("ascii")).hexdigest()


def rows_after(connection: Connection, seq: int, subject: Subject | None = None) -> Iterator[dict[str, Any]]:
    """The rows with a higher number, in order, read in batches so that memory stays flat."""
    wanted = select(Audit.__table__).order_by(Audit.seq).limit(_BATCH)
    if subject is not None:
        wanted = wanted.where(Audit.subject_type == subject.type, Audit.subject_id == subject.id)
    while True:
        batch = connection.execute(wanted.where(Audit.seq > seq)).mappings().all()
        yield from (dict(row) for row in batch)
        if len(batch) < _BATCH:
            return
        seq = batch[-1]["seq"]


def exported(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows as JSON objects, complete: hashes can be recomputed from an export alone."""
    for row in rows:
        at: datetime = row["at"]
        yield {**row, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
