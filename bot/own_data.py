"""Somebody's own data, gathered and written as JSON and as Markdown to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from storage.own_data import own_data
from storage.reading import Reading
from workflows.personal.mask import Named
from workflows.records.markdown import escaped


def as_json(found: dict[str, Any]) -> str:
    """All of it, indented."""
    return json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n"


def as_markdown(found: dict[str, Any]) -> str:
    """All of it to read: who, what is kept, and what was done."""
    return "\n".join(_lines(found)).rstrip() + "\n"


def gathered(reading: Reading, who: Named, now: datetime) -> dict[str, Any]:
    """Everything at this moment (see :func:`storage.own_data.own_data`)."""
    return own_data(reading.connection, who, now)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    person = found["person"]
    yield f"# What is kept about {escaped(str(person.get('name') or person['id']))}"
    yield ""
    yield f"{escaped(found['made_at'])}"
    yield ""
    yield from (f"- {escaped(k)}: {escaped(str(v))}" for k, v in person.items() if v not in (None, ""))
    yield from (f"- in the group {escaped(g)}" for g in found["groups"])
    yield ""
    for kind, things in sorted(found["things"].items()):
        yield f"## {escaped(kind.replace('_', ' ').capitalize())}"
        yield ""
        for thing in things:
            yield f"### {escaped(thing['id'])}"
            yield ""
            for part in thing["parts"]:
                yield f"- {escaped(part['at']) or 'itself'}: {escaped(_said(part['says']))}"
            yield ""
    for table, rows in sorted(found["tables"].items()):
        yield f"## {escaped(table.replace('_', ' ').capitalize())}"
        yield ""
        yield from (f"- {escaped(_said(row))}" for row in rows)
        yield ""
    yield "## What you did, and where you are named"
    yield ""
    for line in found["log"]:
        who = "you" if line["by_them"] else "somebody else"
        what = f"{escaped(line['action'])} of {escaped(line['about'])}, by {who}"
        yield f"- {line['row']}, {escaped(line['at'])}: {what}"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k}: {_said(v)}" for k, v in value.items() if v not in (None, "", [], {}))
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return str(value)
