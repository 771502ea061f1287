"""Deleting what is older than the policy keeps it, a little at a time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, literal, select, update

from storage import audit
from storage.aggregates import LAYOUTS
from storage.consultation_schema import Consultations
from storage.matter_schema import DigestIssues, Feedbacks
from storage.removing import emptied, remove
from storage.schema import Approvals, Events, OutboxRows, UseCases, Walks
from storage.transaction import Tx
from workflows.decision import Circumstances, Entry
from workflows.ids import Subject
from workflows.retention import Retention
from workflows.use_case import UseCase

_MADE = re.compile(r"^\d+\.\d+$")
"""A key that the outbox made itself, from a decision: nothing ever asks for it again."""
_AGED = "aged/"

Counts = dict[str, int]
"""How many of each kind went."""


def retire(tx: Tx, policy: Retention, circ: Circumstances) -> Counts:
    """Delete up to ``policy.batch`` of the first kind that has something too old; empty when nothing is left.

    What is removed whole keeps its rows in the log without their words, told by an entry of the log.
    """
    for name, days, work in (
        ("messages", policy.messages_days, _messages),
        ("keys", policy.keys_days, _keys),
        ("people_in_events", policy.people_days, _people),
        ("questions", policy.questions_days, _questions),
        ("feedback", policy.feedback_days, _feedback),
        ("digests", policy.digests_days, _digests),
        ("drafts", policy.drafts_days, _drafts),
        ("records", policy.records_days, _records),
    ):
        if days is None:
            continue
        number = work(tx, policy, circ, circ.now - timedelta(days=days))
        if number:
            return {name: number}
    return {}


def _messages(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    """Rows that were carried out: those with a key of their own keep it, and nothing else."""
    old = (
        select(OutboxRows.id, OutboxRows.key)
        .where(OutboxRows.status == "delivered", OutboxRows.done_at < before, OutboxRows.conversation != "")
        .order_by(OutboxRows.id)
        .limit(policy.batch)
    )
    rows = tx.connection.execute(old).all()
    gone = [r.id for r in rows if _MADE.match(r.key)]
    kept = [r.id for r in rows if not _MADE.match(r.key)]
    if gone:
        tx.connection.execute(delete(OutboxRows).where(OutboxRows.id.in_(gone)))
    if kept:
        bare = update(OutboxRows).where(OutboxRows.id.in_(kept)).values(conversation="", effect={})
        tx.connection.execute(bare)
    return len(rows)


def _keys(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    old = select(OutboxRows.id).where(
        OutboxRows.status == "delivered", OutboxRows.done_at < before, OutboxRows.conversation == ""
    )
    ids = tx.connection.execute(old.order_by(OutboxRows.id).limit(policy.batch)).scalars().all()
    if ids:
        tx.connection.execute(delete(OutboxRows).where(OutboxRows.id.in_(ids)))
    return len(ids)


def _people(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    """Events of a person become nobody's. Their key may name the person as well, so it becomes another."""
    old = select(Events.key).where(Events.person != "", Events.at < before).order_by(Events.key)
    keys = tx.connection.execute(old.limit(policy.batch)).scalars().all()
    for key in keys:
        aged = _AGED + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
        values = {"key": aged, "person": "", "told_by": "", "detail": {}}
        tx.connection.execute(update(Events).where(Events.key == key).values(values))
    return len(keys)


def _questions(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    """None that a champion still has in hand."""
    old = select(Consultations.id).where(Consultations.touched_at < before, Consultations.put_to.is_(None))
    return _whole(tx, policy, circ, "consultation", _ids(tx.connection, old, Consultations.id, policy.batch))


def _feedback(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    """Feedback on something that is on hold stays."""
    old = select(Feedbacks.id, Feedbacks.use_case).where(
        Feedbacks.status == literal("done"), Feedbacks.opened_at < before
    )
    rows = tx.connection.execute(old.order_by(Feedbacks.id).limit(policy.batch)).all()
    ids = [r.id for r in rows if not (r.use_case and _held(tx, r.use_case))]
    return _whole(tx, policy, circ, "feedback", ids)


def _digests(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    old = select(DigestIssues.id).where(DigestIssues.opened_at < before)
    return _whole(tx, policy, circ, "digest_issue", _ids(tx.connection, old, DigestIssues.id, policy.batch))


def _drafts(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    """Use cases that never were submitted and whose conversations all came to an end, with these."""
    open_walks = select(Walks.id).where(
        Walks.about == UseCases.id,
        Walks.status.not_in(("cancelled", "expired")) | (Walks.touched_at >= before),
    )
    old = select(UseCases.id).where(
        UseCases.submitted_at.is_(None),
        UseCases.source == "slack",
        UseCases.created_at < before,
        ~open_walks.exists(),
        ~select(Approvals.id).where(Approvals.use_case == UseCases.id).exists(),
        select(Walks.id).where(Walks.about == UseCases.id).exists(),
    )

    def still(use_case: UseCase) -> bool:
        return bool(_ids(tx.connection, old.where(UseCases.id == use_case.id), UseCases.id, 1))

    return _cases(tx, policy, circ, _ids(tx.connection, old, UseCases.id, policy.batch), still)


def _records(tx: Tx, policy: Retention, circ: Circumstances, before: datetime) -> int:
    """Use cases that came to their end before that moment, with everything that belongs to them."""
    old = select(UseCases.id).where(UseCases.stage.in_(policy.ended), UseCases.created_at < before)
    found: list[str] = []
    after = ""
    while len(found) < policy.batch:
        ids = _ids(tx.connection, old.where(UseCases.id > after), UseCases.id, policy.batch)
        if not ids:
            break
        after = ids[-1]
        found += [id for id in ids if _ended_before(tx, id, before)]
    return _cases(tx, policy, circ, found[: policy.batch], lambda u: _end(u) < before)


def _ended_before(tx: Tx, id: str, before: datetime) -> bool:
    use_case = tx.use_case(id)
    return use_case is not None and _end(use_case) < before and not use_case.held


def _end(use_case: UseCase) -> datetime:
    """When it came into its stage, as far as is known; never too early."""
    known = (use_case.stage_since, use_case.decided_at, use_case.submitted_at, use_case.created_at)
    return max(moment for moment in known if moment is not None)


def _cases(
    tx: Tx, policy: Retention, circ: Circumstances, ids: list[str], still: Callable[[UseCase], bool]
) -> int:
    """Remove use cases with all that is theirs; each is looked at once more under its lock."""
    subjects: list[Subject] = []
    number = 0
    for id in ids:
        use_case = tx.lock_use_case(id)
        if use_case is None or use_case.held or not still(use_case):
            continue
        subjects += [*_theirs(tx, id), use_case.subject]
        number += 1
    _remove(tx, subjects, circ)
    return number


def _theirs(tx: Tx, use_case: str) -> Iterator[Subject]:
    """Everything that belongs to a use case and to no other."""
    for kind, layout in LAYOUTS.items():
        columns = layout.table.c
        about = columns.get("about") if kind == "walk" else columns.get("use_case")
        if about is None or kind in ("use_case", "contract", "portfolio_review"):
            continue
        for id in tx.connection.execute(select(columns.id).where(about == use_case)).scalars():
            yield Subject.model_validate({"type": kind, "id": id})


def _held(tx: Tx, id: str) -> bool:
    use_case = tx.use_case(id)
    return use_case is not None and use_case.held


def _ids(connection: Connection, wanted: object, column: object, at_most: int) -> list[str]:
    return list(connection.execute(wanted.order_by(column).limit(at_most)).scalars())  # type: ignore[attr-defined]


def _whole(tx: Tx, policy: Retention, circ: Circumstances, kind: str, ids: list[str]) -> int:
    _remove(tx, [Subject.model_validate({"type": kind, "id": id}) for id in ids], circ)
    return len(ids)


def _remove(tx: Tx, subjects: list[Subject], circ: Circumstances) -> None:
    if not subjects:
        return
    rows = [emptied(row) for s in subjects for row in audit.rows_after(tx.connection, 0, s)]
    detail: Mapping[str, object] = {"because": "retention", "things": len(subjects)}
    about = Subject(type="program", id=circ.program.label)
    tx.redact(rows, Entry(action="retention", subject=about, detail=dict(detail)), circ)
    for subject in subjects:
        remove(tx.connection, subject)
