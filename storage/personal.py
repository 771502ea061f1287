"""Where somebody is named, in every table there is: new tables are looked through without being listed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Connection, Table, Text, and_, cast, or_, select

from storage.aggregates import LAYOUTS
from storage.corpus_schema import CorpusDocuments
from storage.schema import Audit, Words, table_of
from storage.schema import Table as Tables
from workflows.personal.mask import Mask

APART = frozenset(
    {
        "audit",  # is redacted, and verified
        "audit_head",
        "redactions",
        "erased",
        "people",  # is replaced
        "user_groups",
        "directory_version",
        "serials",
        "programs",  # texts of the company's policy, bound to their hash
        "inbound",  # keys of what was heard, forgotten after some days
        "spending",
    }
)
"""Tables that are dealt with in their own way, or name nobody."""
CORPUS = "corpus"
"""How the tables of the playbook begin: documents of the company."""


def other_tables() -> tuple[Table, ...]:
    """Every table that may name people, but for those of aggregates and :data:`APART`."""
    own = {layout.table.name for layout in LAYOUTS.values()}
    return tuple(
        t
        for t in Tables.metadata.sorted_tables
        if t.name not in own | APART and not t.name.startswith(CORPUS) and told_in(t)
    )


def told_in(table: Table) -> tuple[Column[Any], ...]:
    """The columns in which words or ids stand."""
    return tuple(c for c in table.columns if isinstance(c.type, Words | Text | JSON))


def may_name(columns: Iterable[ColumnElement[Any]], mask: Mask) -> ColumnElement[bool]:
    """Rows in which the person may be named; whether they are is for :class:`Mask` to say."""
    wanted = []
    for needle in mask.needles:
        for form in dict.fromkeys((needle, json.dumps(needle)[1:-1])):
            escaped = form.replace("!", "!!").replace("%", "!%").replace("_", "!_")
            wanted += [cast(c, Text).ilike(f"%{escaped}%", escape="!") for c in columns]
    return or_(*wanted)


def rows_naming(connection: Connection, table: Table, mask: Mask) -> Iterator[dict[str, Any]]:
    """The rows of a table in which the person is named, complete."""
    columns = told_in(table)
    for row in connection.execute(select(table).where(may_name(columns, mask))).mappings():
        if any(mask.named_in(row[c.name]) for c in columns):
            yield dict(row)


def log_naming(connection: Connection, mask: Mask, after: int = 0) -> Iterator[dict[str, Any]]:
    """The rows of the audit log in which the person is named, in order."""
    audit = table_of(Audit)
    columns = (audit.c.actor, audit.c.subject_id, audit.c.detail, audit.c.patch)
    wanted = select(audit).where(and_(audit.c.seq > after, may_name(columns, mask))).order_by(audit.c.seq)
    for row in connection.execute(wanted).mappings():
        if any(mask.named_in(row[c.name]) for c in columns):
            yield dict(row)


def subjects_naming(connection: Connection, mask: Mask, after: int = 0) -> set[tuple[str, str]]:
    """Whatever the log says of the person is about these: (type, id). Its states are made of the log."""
    return {(row["subject_type"], row["subject_id"]) for row in log_naming(connection, mask, after)}


def documents_naming(connection: Connection, mask: Mask) -> tuple[str, ...]:
    """The documents of the playbook in whose title or text the person is named, as ``FOLDER/PATH``."""
    table = table_of(CorpusDocuments)
    named = may_name((table.c.title, table.c.text), mask)
    rows = connection.execute(select(table.c.root, table.c.path, table.c.title, table.c.text).where(named))
    found = (f"{r.root}/{r.path}" for r in rows if mask.names(r.title) or mask.names(r.text))
    return tuple(sorted(found))
