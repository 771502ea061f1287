"""Everything that is kept about one person, or was said by them, for them to read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.aggregates import LAYOUTS
from storage.people import groups_of
from storage.personal import log_naming, may_name, other_tables, rows_naming, told_in
from storage.schema import People
from workflows.personal.fragments import fragments
from workflows.personal.mask import Mask, Named


def named(connection: Connection, who: str) -> Named | None:
    """Somebody by id, handle (with or without ``@``) or e-mail; ``None`` where nobody or several fit."""
    wanted = who.strip().removeprefix("@").casefold()
    rows = connection.execute(select(People.id, People.name, People.handle, People.email)).all()
    fits = [r for r in rows if wanted in (r.id.casefold(), r.handle.casefold(), r.email.casefold())]
    exact = [r for r in fits if r.id.casefold() == wanted] or fits
    if len(exact) != 1 or not wanted:
        return None
    row = exact[0]
    return Named(id=row.id, name=row.name, handle=row.handle, email=row.email)


def own_data(connection: Connection, who: Named, now: datetime) -> dict[str, Any]:
    """All of it as JSON: ``person``, ``groups``, ``things`` (by kind, with the parts that name them), ``log``
    (what they did, and where they are named) and ``tables`` (rows of everything else)."""
    mask = Mask(who, "erased-0000")
    things: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, layout in LAYOUTS.items():
        table = layout.table
        wanted = select(table.c.id, table.c.state).where(may_name((table.c.id, table.c.state), mask))
        for row in connection.execute(wanted.order_by(table.c.id)):
            parts = [{"at": f.at, "says": f.says} for f in fragments(row.state, mask)]
            if parts:
                things[kind].append({"id": row.id, "parts": parts})
    tables = {
        t.name: [_plain(row, [c.name for c in told_in(t)]) for row in rows_naming(connection, t, mask)]
        for t in other_tables()
    }
    person = connection.execute(select(People.__table__).where(People.id == who.id)).mappings().first()
    return {
        "made_at": now.isoformat(),
        "person": dict(person) if person else who.model_dump(),
        "groups": list(groups_of(connection, who.id)),
        "things": dict(things),
        "log": [_logged(row, who.id) for row in log_naming(connection, mask)],
        "tables": {name: rows for name, rows in tables.items() if rows},
    }


def _logged(row: dict[str, Any], user: str) -> dict[str, Any]:
    """Who else acted is not theirs to read; where they are only named, what was done is."""
    return {
        "row": row["seq"],
        "at": row["at"].isoformat(),
        "by_them": row["actor"] == user,
        "door": row["door"],
        "action": row["action"],
        "about": f"{row['subject_type']}/{row['subject_id']}",
        "detail": row["detail"] if row["actor"] == user else {},
    }


def _plain(row: dict[str, Any], told: list[str]) -> dict[str, Any]:
    dates = {k: v.isoformat() for k, v in row.items() if isinstance(v, datetime)}
    return {**{k: row[k] for k in told if row[k] not in (None, "", {}, [])}, **dates}
