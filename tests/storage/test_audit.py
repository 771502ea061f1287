from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update

import storage.store
from storage import audit
from storage.aggregates import FACETS
from storage.audit import START, row_hash
from storage.errors import StorageError
from storage.patches import canonical, patch_between, patched, same, without_nulls
from storage.schema import Approvals, Audit, AuditHead, Inbound, UseCases, Waits, Walks
from storage.store import Store
from tests.storage.records import CIRC, DANA, NOW, answers, approval, decision, post, stored, use_case, walk
from workflows.decision import Decision, Entry
from workflows.ids import Subject

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
STATES = st.dictionaries(st.text(max_size=3), JSON, max_size=5)


@given(STATES, STATES)
def test_a_patch_leads_from_any_state_to_any_other_exactly(old: object, new: object) -> None:
    before, after = without_nulls(old), without_nulls(new)
    patch = json.loads(canonical(patch_between(before, after)))
    assert same(patched(before, patch), json.loads(canonical(after)))


def test_a_patch_holds_only_what_changed() -> None:
    old = {"status": "asking", "answers": {"a": 1, "b": 2}, "asking": "c"}
    new = {"status": "asking", "answers": {"a": 1, "b": 3, "c": [1]}}
    assert patch_between(old, new) == {"answers": {"b": 3, "c": [1]}, "asking": None}


def test_true_one_and_one_point_zero_are_not_the_same() -> None:
    assert not same({"a": 1}, {"a": True})
    assert not same([1], [1.0])
    assert patch_between({"a": 1}, {"a": True}) == {"a": True}


def history(store: Store) -> None:
    """A use case, a walk in three steps, an approval."""
    stored(store, use_case(), walk())
    for status in ("asking", "reviewing"):
        with store.write() as tx:
            found = tx.lock_walk("W-0001")
            assert found is not None
            changed = found.model_copy(
                update={"status": status, "answers": answers(problem=status, users=40.0)}
            )
            tx.apply(decision(changed, action=f"walk.{status}"), CIRC)
    stored(store, approval())


def tamper(store: Store, statement: object) -> None:
    """Change rows behind the log's back, with its triggers out of the way."""
    with store.write() as tx:
        connection = tx.connection
        if store.local:
            connection.execute(text("DROP TRIGGER IF EXISTS audit_stays"))
            connection.execute(text("DROP TRIGGER IF EXISTS audit_is_kept"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(statement)  # type: ignore[call-overload]


def found(store: Store) -> list[tuple[int, str]]:
    return [(problem.seq, problem.problem) for problem in store.verify().problems]


def test_the_log_says_who_what_when_where_and_under_which_program(store: Store) -> None:
    with store.write() as tx:
        entry = Entry(action="walk.begun", subject=walk().subject, detail={"entry": "message"})
        tx.apply(Decision(changed=(walk(),), entries=(entry,)), CIRC)
    (row,) = store.export()
    assert row["at"] == "2026-11-20T09:00:00.000000+00:00"
    assert (row["actor"], row["door"], row["action"]) == (DANA, "message", "walk.begun")
    assert (row["subject_type"], row["subject_id"], row["detail"]) == ("walk", "W-0001", {"entry": "message"})
    assert (row["program_label"], row["program_hash"]) == ("2026.1", "abc")
    assert row["patch"]["status"] == "opening"
    assert row["prev_hash"] == START


def test_what_changed_beside_the_entrys_subject_is_in_the_log_too(store: Store) -> None:
    with store.write() as tx:
        entry = Entry(action="submitted", subject=use_case().subject)
        tx.apply(Decision(changed=(use_case(), walk()), entries=(entry,)), CIRC)
    assert [(r["subject_id"], r["action"]) for r in store.export()] == [
        ("UC-0001", "submitted"),
        ("W-0001", "changed"),
    ]
    assert store.verify().sound


def test_an_untouched_history_is_sound(store: Store) -> None:
    history(store)
    verified = store.verify()
    assert verified.sound
    assert (verified.rows, verified.subjects) == (5, 3)
    assert store.verify().newest_hash == list(store.export())[-1]["hash"]


def test_an_empty_log_is_sound(store: Store) -> None:
    assert store.verify().sound
    assert list(store.export()) == []


def test_the_export_alone_suffices_to_recompute_the_chain(store: Store) -> None:
    history(store)
    prev = START
    for line in [json.dumps(row) for row in store.export()]:
        row = json.loads(line)
        row["at"] = NOW.fromisoformat(row["at"])
        assert row["prev_hash"] == prev
        assert row["hash"] == row_hash(row)
        prev = row["hash"]


def test_the_log_is_read_in_parts_and_about_one_subject(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_BATCH", 2)
    monkeypatch.setattr(storage.store, "_EXPORTED_AT_ONCE", 3)
    history(store)
    with store.read() as reading:
        assert [row["seq"] for row in reading.audit()] == [1, 2, 3, 4, 5]
        assert [row["seq"] for row in reading.audit(since=3)] == [4, 5]
        about_walk = reading.audit(subject=Subject(type="walk", id="W-0001"))
        assert [row["action"] for row in about_walk] == ["changed", "walk.asking", "walk.reviewing"]
    assert [row["seq"] for row in store.export()] == [1, 2, 3, 4, 5]
    assert [row["seq"] for row in store.export(since=2)] == [3, 4, 5]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'UEVE'",
        "DELETE FROM audit",
        "UPDATE audit_head SET seq = 0",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(store: Store, change: str) -> None:
    history(store)
    with pytest.raises(StorageError, match="append-only"), store.write() as tx:
        tx.connection.execute(text(change))
    assert store.verify().sound


def test_a_changed_row_is_named(store: Store) -> None:
    history(store)
    tamper(store, update(Audit).where(Audit.seq == 3).values(actor="UEVE"))
    assert found(store) == [(3, "its content is not what it was when it was written")]


def test_a_changed_row_with_its_hash_made_to_fit_breaks_the_next(store: Store) -> None:
    history(store)
    with store.read() as reading:
        row = next(iter(audit.rows_after(reading.connection, 2)))
    forged = row_hash({**row, "actor": "UEVE"})
    tamper(store, update(Audit).where(Audit.seq == 3).values(actor="UEVE", hash=forged))
    assert found(store) == [(4, "it does not follow the row before it")]


def test_a_removed_row_is_named(store: Store) -> None:
    history(store)
    tamper(store, delete(Audit).where(Audit.seq == 2))
    assert found(store)[0] == (2, "rows 2 to 2 are missing")


def test_rows_cut_off_the_end_are_missed(store: Store) -> None:
    history(store)
    tamper(store, delete(Audit).where(Audit.seq > 3))
    assert (4, "the log ends at row 3, but 5 rows were written: the end was cut off or changed") in found(
        store
    )


def test_a_slipped_in_row_is_named(store: Store) -> None:
    history(store)
    with store.read() as reading:
        last = next(iter(audit.rows_after(reading.connection, 4)))
    with store.write() as tx:
        tx.connection.execute(insert(Audit).values(**{**last, "seq": 6, "action": "approve"}))
    assert found(store)[0] == (6, "it does not follow the row before it")


def test_a_state_changed_behind_the_log_is_named_with_the_row_that_knew_better(store: Store) -> None:
    history(store)
    with store.read() as reading:
        found_walk = reading.walk("W-0001")
    assert found_walk is not None
    state = found_walk.model_copy(update={"status": "submitted"}).model_dump(mode="json")
    tamper(store, update(Walks).values(state=state, status="submitted"))
    assert found(store) == [(4, "its stored state is not what the log says it became")]


def test_a_column_that_does_not_fit_its_state_is_named(store: Store) -> None:
    history(store)
    tamper(store, update(UseCases).values(stage="production"))
    tamper(store, update(Waits).where(Waits.person == "UTOM").values(person="UEVE"))
    assert found(store) == [
        (1, "its columns do not fit its state: stage"),
        (5, "its columns do not fit its state: waiting"),
    ]


def test_something_stored_or_removed_behind_the_log_is_named(store: Store) -> None:
    history(store)
    state = use_case("UC-0009").model_dump(mode="json")
    values = {"title": "", "stage": "production", "submitter": DANA, "source": "slack", "source_key": "x"}
    values |= {**dict.fromkeys(FACETS, ""), "users": None}
    tamper(store, insert(UseCases).values(id="UC-0009", revision=1, state=state, created_at=NOW, **values))
    tamper(store, delete(Waits))
    tamper(store, delete(Approvals))
    assert found(store) == [
        (0, "it is stored, but the log never speaks of it"),
        (5, "the log speaks of it, but it is not stored"),
    ]


def test_a_transaction_without_a_decision_leaves_the_log_alone(store: Store) -> None:
    with store.write() as tx:
        tx.first_time("event-1")
    stored(store, walk(), effects=(post(),))
    with store.read() as reading:
        head = reading.connection.execute(AuditHead.__table__.select()).mappings().one()
        assert reading.connection.execute(Inbound.__table__.select()).first() is not None
    assert (head["seq"], head["decisions"]) == (1, 1)
