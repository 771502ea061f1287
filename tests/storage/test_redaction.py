from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update

from storage import audit
from storage.audit import row_hash
from storage.errors import StorageError
from storage.redaction import Rewritten
from storage.redaction_schema import Redactions
from storage.schema import Audit, Walks
from storage.store import Store
from tests.databases import copy_ready
from tests.sizes import examples
from tests.storage.records import CIRC, NOW, decision, use_case, walk
from workflows.decision import Entry
from workflows.ids import Subject, UserId

ABOUT = Subject(type="person", id="erased-1")
ENTRY = Entry(action="erase", subject=ABOUT, detail={"because": "asked"})


def history(store: Store) -> None:
    """A walk that its owner told something, three times."""
    with store.write() as tx:
        (kept,) = tx.apply(decision(walk()), CIRC)
        for status in ("asking", "reviewing"):
            (kept,) = tx.apply(
                decision(kept.model_copy(update={"status": status}), action=f"walk.{status}"), CIRC
            )


def rows_of(store: Store) -> list[dict[str, Any]]:
    with store.read() as reading:
        return list(audit.rows_after(reading.connection, 0))


def renamed(value: Any) -> Any:
    return json.loads(json.dumps(value).replace("UDANA", "erased-1"))


def rewritten(row: dict[str, Any]) -> Rewritten:
    return Rewritten(
        row, renamed(row["actor"]), row["subject_id"], renamed(row["detail"]), renamed(row["patch"])
    )


def redact(store: Store) -> int:
    """Dana becomes somebody without a name, in the log and in the state."""
    with store.write() as tx:
        found = [rewritten(r) for r in audit.rows_after(tx.connection, 0)]
        kept = tx.walk("W-0001")
        assert kept is not None
        state = renamed(kept.model_dump(mode="json"))
        tx.connection.execute(update(Walks).values(state=state, owner="erased-1"))
        return tx.redact(found, ENTRY, CIRC)


def tamper(store: Store, *statements: Any) -> None:
    """Change things behind the log's back, with its triggers out of the way."""
    with store.write() as tx:
        connection = tx.connection
        if store.local:
            for name in ("audit_stays", "audit_is_kept", "redactions_stay", "redactions_are_kept"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(text("DROP TRIGGER IF EXISTS redactions_are_told"))
        else:
            for table in ("audit", "redactions"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(statement)


def found(store: Store) -> list[tuple[int, str]]:
    return [(problem.seq, problem.problem) for problem in store.verify().problems]


def test_a_redacted_log_is_sound_and_says_which_rows_and_why(store: Store) -> None:
    history(store)
    before = rows_of(store)
    assert redact(store) == 3
    verified = store.verify()
    assert verified.problems == ()
    (redaction,) = verified.redactions
    assert (redaction.entry, redaction.rows, redaction.ranges, redaction.because) == (4, 3, "1-3", "asked")
    after = rows_of(store)
    assert [r["hash"] for r in after[:3]] == [r["hash"] for r in before]
    assert "UDANA" not in json.dumps([{**r, "at": ""} for r in after[:3]])
    assert after[3]["action"] == "log.redacted"


def test_an_export_tells_what_was_redacted_and_can_still_be_checked_alone(store: Store) -> None:
    history(store)
    redact(store)
    prev, digest, told = "0" * 64, hashlib.sha256(), {}
    for row in [json.loads(json.dumps(r)) for r in store.export()]:
        row["at"] = NOW.fromisoformat(row["at"])
        mark = row.pop("redacted", None)
        assert row["prev_hash"] == prev
        assert row_hash(row) == (mark["content_hash"] if mark else row["hash"])
        if mark:
            digest.update(f"{row['seq']}:{mark['content_hash']}\n".encode())
        if row["action"] == "log.redacted":
            told = row["detail"]
        prev = row["hash"]
    assert told["digest"] == digest.hexdigest()


def test_the_log_goes_on_after_a_redaction_and_may_be_redacted_again(store: Store) -> None:
    history(store)
    redact(store)
    with store.write() as tx:
        kept = tx.lock_walk("W-0001")
        assert kept is not None
        tx.apply(decision(kept.model_copy(update={"status": "saved"})), CIRC)
    with store.write() as tx:
        rows = [r for r in audit.rows_after(tx.connection, 0) if r["seq"] in (1, 2)]
        again = [Rewritten(r, "erased-2", r["subject_id"], r["detail"], r["patch"]) for r in rows]
        assert tx.redact(again, ENTRY, CIRC) == 2
    verified = store.verify()
    assert verified.problems == ()
    assert [(r.entry, r.ranges) for r in verified.redactions] == [(4, "1-3"), (6, "1-2")]


def test_nothing_is_told_where_nothing_changes(store: Store) -> None:
    history(store)
    with store.write() as tx:
        same = [
            Rewritten(r, r["actor"], r["subject_id"], r["detail"], r["patch"])
            for r in audit.rows_after(tx.connection, 0)
        ]
        assert tx.redact(same, ENTRY, CIRC) == 0
    assert store.verify().rows == 3


def test_a_state_that_was_not_made_to_fit_is_named(store: Store) -> None:
    history(store)
    with store.write() as tx:
        tx.redact([rewritten(r) for r in audit.rows_after(tx.connection, 0)], ENTRY, CIRC)
    assert found(store) == [(3, "its stored state is not what the log says it became")]


def test_the_database_refuses_a_redaction_that_no_entry_will_tell_of(store: Store) -> None:
    history(store)
    redact(store)
    for entry in (1, 4):
        with pytest.raises(StorageError), store.write() as tx:
            tx.connection.execute(insert(Redactions).values(entry=entry, seq=2, content_hash="x"))
    with pytest.raises(StorageError, match="append-only"), store.write() as tx:
        tx.connection.execute(update(Audit).where(Audit.seq == 2).values(actor="UEVE"))
    for change in ("UPDATE redactions SET content_hash = 'x'", "DELETE FROM redactions"):
        with pytest.raises(StorageError, match="append-only"), store.write() as tx:
            tx.connection.execute(text(change))
    assert store.verify().sound


@pytest.mark.parametrize("column", ["action", "door", "hash", "prev_hash", "program_hash", "subject_type"])
def test_a_redaction_may_take_words_and_nothing_else(store: Store, column: str) -> None:
    history(store)

    def forge() -> None:
        with store.write() as tx:
            tx.connection.execute(insert(Redactions).values(entry=9, seq=2, content_hash="x"))
            tx.connection.execute(update(Audit).where(Audit.seq == 2).values({column: "other"}))

    with pytest.raises(StorageError, match="append-only"):
        forge()


def test_rows_that_are_rewritten_without_an_entry_are_found(store: Store) -> None:
    history(store)
    row = rows_of(store)[1]
    forged = row_hash({**row, "actor": "UEVE"})
    with store.write() as tx:
        tx.connection.execute(insert(Redactions).values(entry=4, seq=2, content_hash=forged))
        tx.connection.execute(update(Audit).where(Audit.seq == 2).values(actor="UEVE"))
    untold = "rows were redacted under its number, but the log does not tell of that"
    assert found(store) == [(4, untold)]
    with store.write() as tx:
        tx.apply(decision(use_case()), CIRC)
    assert found(store) == [(4, untold)]


def test_a_redaction_that_was_taken_back_or_widened_is_found(store: Store) -> None:
    history(store)
    original = rows_of(store)[1]
    redact(store)
    tamper(
        store, update(Audit).where(Audit.seq == 2).values(actor="UDANA", detail={}, patch=original["patch"])
    )
    assert (2, "its content is not what it was when it was redacted") in found(store)
    tamper(store, delete(Redactions).where(Redactions.seq == 2))
    assert (4, "the rows that are marked as redacted by it are not those that it tells of") in found(store)


def test_a_row_cannot_be_smuggled_into_an_old_redaction(store: Store) -> None:
    history(store)
    redact(store)
    with store.write() as tx:
        tx.apply(decision(use_case()), CIRC)
    row = rows_of(store)[4]
    forged = {**row, "actor": "UEVE"}
    tamper(
        store,
        insert(Redactions).values(entry=4, seq=5, content_hash=row_hash(forged)),
        update(Audit).where(Audit.seq == 5).values(actor="UEVE"),
    )
    assert found(store) == [(4, "the rows that are marked as redacted by it are not those that it tells of")]


WORDS = st.text(max_size=4)


@pytest.fixture(scope="module")
def redacted_store(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    place = copy_ready(sqlite_template, tmp_path_factory.mktemp("redacted") / "data")
    store = place.open()
    history(store)
    redact(store)
    tamper(store)
    yield store
    store.close()


@given(st.integers(1, 3), st.sampled_from(["actor", "subject_id", "detail", "patch", "hash", "at"]), WORDS)
@settings(max_examples=examples(60), deadline=None)
def test_any_change_of_a_redacted_row_is_found(
    redacted_store: Store, seq: int, column: str, word: str
) -> None:
    store = redacted_store
    row = copy.deepcopy(rows_of(store)[seq - 1])
    old = row[column]
    if column in ("detail", "patch"):
        new: Any = {**(old or {}), "status": word} if column == "patch" else {**old, "x": word}
    elif column == "at":
        new = old.replace(microsecond=(old.microsecond + 1 + len(word)) % 10**6)
    else:
        new = old + "x" + word.replace("\x00", "")
    tamper(store, update(Audit).where(Audit.seq == seq).values({column: new}))
    try:
        assert not store.verify().sound
    finally:
        tamper(store, update(Audit).where(Audit.seq == seq).values({column: old}))
    assert store.verify().sound
    assert UserId("erased-1") == rows_of(store)[seq - 1]["actor"]
