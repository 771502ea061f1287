"""Keeps the texts of every program version under which something was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.database import insert_new
from storage.schema import Programs
from workflows.ids import ProgramStamp


@dataclass(frozen=True)
class KeptProgram:
    """One version's files, path to text, as they were when it was first used here."""

    stamp: ProgramStamp
    files: Mapping[str, str]
    kept_at: datetime


def keep(connection: Connection, stamp: ProgramStamp, files: Mapping[str, str], now: datetime) -> None:
    """Keep the texts; the same version is kept once."""
    values = {"hash": stamp.hash, "label": stamp.label, "files": dict(files), "kept_at": now}
    connection.execute(insert_new(connection, Programs), values)


def kept(connection: Connection, hash: str) -> KeptProgram | None:
    """The version of that content hash."""
    row = connection.execute(select(Programs.__table__).where(Programs.hash == hash)).mappings().first()
    if row is None:
        return None
    return KeptProgram(ProgramStamp(label=row["label"], hash=row["hash"]), row["files"], row["kept_at"])
