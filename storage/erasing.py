"""Erasing a person: a pseudonym in their place everywhere, and the log still proves what it proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage import audit, erased, people
from storage.aggregates import LAYOUTS, columns
from storage.corpus_schema import CorpusDocuments
from storage.errors import StaleState
from storage.patches import patch_between, patched, without_nulls
from storage.personal import documents_naming, log_naming, other_tables, rows_naming, subjects_naming, told_in
from storage.redaction import Rewritten
from storage.removing import remove
from storage.schema import AuditHead, Cards, Groups, OutboxRows, People
from storage.traces import AnswerTraces
from storage.transaction import Tx
from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Refresh
from workflows.ids import Subject
from workflows.personal.mask import Mask, Named
from workflows.personal.words import belongs_to, blanked

_FIRST = ("walk", "use_case", "approval")


@dataclass
class Erasure:
    """What an erasure changes, or would: how many of each kind."""

    changed: dict[str, int] = field(default_factory=dict)
    """Kinds of things whose state names the person or holds their words."""
    removed: dict[str, int] = field(default_factory=dict)
    """Kinds of things that are theirs alone."""
    rows: dict[str, int] = field(default_factory=dict)
    """Rows of other tables, by table."""
    log: int = 0
    """Rows of the audit log."""
    documents: tuple[str, ...] = ()
    """Documents of the playbook in whose text they are named: those are changed where they are kept."""


@dataclass(frozen=True)
class _Folded:
    """One subject: its state after the last row, as it will be (``None``: it goes), and its rows."""

    subject: Subject
    state: dict[str, Any] | None
    changed: bool
    rows: tuple[Rewritten, ...]


def preview(connection: Connection, named: Named) -> Erasure:
    """What erasing them would change."""
    mask = Mask(named, "erased-0000")
    found = Erasure()
    for folded in _folded(connection, mask, sorted(subjects_naming(connection, mask))):
        _count(found, folded)
    found.log = sum(1 for _ in log_naming(connection, mask))
    found.documents = documents_naming(connection, mask)
    for table in other_tables():
        number = sum(1 for _ in rows_naming(connection, table, mask))
        if number:
            found.rows[table.name] = number
    return found


def erase(tx: Tx, named: Named, pseudonym: str, reason: str, circ: Circumstances) -> Erasure:
    """Put the pseudonym in the person's place, in this transaction.

    ``reason`` is kept in the log. Raises :class:`StaleState` where something about them was stored meanwhile:
    then it is to be tried again.
    """
    connection, mask, found = tx.connection, Mask(named, pseudonym), Erasure()
    seen = connection.execute(select(AuditHead.seq)).scalar_one()
    subjects = sorted(subjects_naming(connection, mask), key=_in_order)
    for kind, id in subjects:
        if kind in LAYOUTS:
            connection.execute(LAYOUTS[kind].lock, {"wanted": id})
    audit.lock_head(connection)
    if subjects_naming(connection, mask, after=seen) - set(subjects):
        raise StaleState("Something about this person was stored at this moment. Try again.")
    folded = list(_folded(connection, mask, subjects))
    entry = Entry(
        action="person.erased",
        subject=Subject(type="person", id=pseudonym),
        detail={"because": "erasure", "reason": mask.text(reason), "person": pseudonym},
    )
    found.log = tx.redact([row for one in folded for row in one.rows], entry, circ)
    for one in folded:
        _count(found, one)
        _store(tx, one, mask, circ)
    _forget(connection, named.id)
    for table in other_tables():
        number = _rewrite(connection, table, mask)
        if number:
            found.rows[table.name] = number
    found.documents = documents_naming(connection, mask)
    owned = update(CorpusDocuments).where(func.lower(CorpusDocuments.owner) == named.name.lower())
    connection.execute(owned.values(owner=pseudonym))
    _person(connection, named, pseudonym, circ.now)
    if not found.log:
        tx.apply(Decision(entries=(entry,)), circ)
    return found


def _in_order(subject: tuple[str, str]) -> tuple[int, str, str]:
    kind, id = subject
    return (_FIRST.index(kind) if kind in _FIRST else len(_FIRST), kind, id)


def _folded(connection: Connection, mask: Mask, subjects: Iterable[tuple[str, str]]) -> Iterator[_Folded]:
    for kind, id in subjects:
        # Subjects that are no aggregates, such as a person or a delivery, have no state.
        subject = Subject(type=kind, id=id)
        yield _fold(connection, subject, mask)


def _fold(connection: Connection, subject: Subject, mask: Mask) -> _Folded:
    """Replay its rows, redact each state, and take the patches between those: so they fit again."""
    user = mask.named.id
    rows = list(audit.rows_after(connection, 0, subject))
    states = _states(rows)
    last = states[-1] if states else None
    goes = last is not None and belongs_to(subject.type, subject.id, last, user)
    redacted: list[Rewritten] = []
    old: dict[str, Any] = {}
    new: dict[str, Any] | None = None
    for row, state in zip(rows, states, strict=True):
        patch = row["patch"]
        if patch is not None:
            new = without_nulls(mask.value(blanked(subject.type, state or {}, user)))
            patch = None if goes else patch_between(old, new)
            old = new
        redacted.append(
            Rewritten(
                row,
                mask.text(row["actor"]),
                mask.text(row["subject_id"]),
                mask.value(row["detail"]),
                patch,
            )
        )
    return _Folded(subject, None if goes else new, goes or new != last, tuple(redacted))


def _states(rows: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The state after each row."""
    state: dict[str, Any] | None = None
    found = []
    for row in rows:
        if row["patch"] is not None:
            state = patched(state or {}, row["patch"])
        found.append(state)
    return found


def _store(tx: Tx, one: _Folded, mask: Mask, circ: Circumstances) -> None:
    layout = LAYOUTS.get(one.subject.type)
    if layout is None or not one.changed:
        return
    if one.state is None:
        remove(tx.connection, one.subject)
        return
    # The log cannot tell a null from nothing, so the state itself is redacted; verifying holds both together.
    stored = tx.connection.execute(layout.one, {"id": one.subject.id}).scalar_one()
    state = mask.value(blanked(one.subject.type, stored, mask.named.id))
    aggregate = layout.model.model_validate(state)
    values = {**columns(aggregate), "state": aggregate.model_dump(mode="json")}
    tx.connection.execute(layout.update, {"wanted": one.subject.id, "revision": aggregate.revision, **values})
    # Its revision rises by one, with a row of its own: whoever read it before cannot store it any more. Its
    # cards in Slack are drawn again without the name.
    again = (Refresh(subject=aggregate.subject),) if tx.cards_of(aggregate.subject) else ()
    entry = Entry(action="person.erased", subject=aggregate.subject)
    tx.apply(Decision(changed=(aggregate,), entries=(entry,), effects=again), circ)


def _count(found: Erasure, one: _Folded) -> None:
    if one.changed and one.subject.type in LAYOUTS:
        where = found.removed if one.state is None else found.changed
        where[one.subject.type] = where.get(one.subject.type, 0) + 1


def _forget(connection: Connection, user: str) -> None:
    """What was only for them: traces of their questions, cards in their conversation, what is on its way."""
    connection.execute(delete(AnswerTraces).where(AnswerTraces.asker == user))
    connection.execute(delete(Cards).where(Cards.reader == user))
    theirs = OutboxRows.conversation.in_([f"person/{user}", f"home/{user}"])
    connection.execute(delete(OutboxRows).where(theirs))


def _rewrite(connection: Connection, table: Any, mask: Mask) -> int:
    """Put the pseudonym into every row of a table that names the person; returns how many."""
    keys = [c.name for c in table.primary_key.columns]
    number = 0
    for row in list(rows_naming(connection, table, mask)):
        values: dict[str, Any] = {c.name: mask.value(row[c.name]) for c in told_in(table)}
        if "vector" in table.c:
            values["vector"] = None  # was made from the text as it was
        mine = [table.c[k] == row[k] for k in keys]
        connection.execute(update(table).where(*mine).values(values))
        number += 1
    return number


def _person(connection: Connection, named: Named, pseudonym: str, now: datetime) -> None:
    connection.execute(delete(People).where(People.id == named.id))
    nobody = {"handle": "", "title": "", "email": "", "tz": "UTC", "active": False}
    connection.execute(insert(People), {"id": pseudonym, "name": pseudonym, **nobody})
    for handle, members in connection.execute(select(Groups.handle, Groups.members)).all():
        if named.id in members:
            left = [m for m in members if m != named.id]
            connection.execute(update(Groups).where(Groups.handle == handle).values(members=left))
    erased.remember(connection, named.id, pseudonym, now)
    people.out_of_date(connection)
