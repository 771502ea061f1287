from __future__ import annotations

import pytest

from storage.errors import StaleState
from storage.store import Store
from storage.transaction import Tx
from tests.databases import Place as DatabasePlace
from tests.storage.records import (
    CIRC,
    DANA,
    NOW,
    PRIYA,
    answers,
    approval,
    decision,
    post,
    stored,
    use_case,
    walk,
)
from workflows.decision import Decision, Entry
from workflows.effects import Later
from workflows.ids import Place, Subject


def seen(store: Store) -> tuple[int, int, int]:
    """How many audit rows, open outbox rows and planned jobs there are."""
    with store.read() as reading:
        rows, jobs = len(list(reading.audit())), len(reading.planned("nudge"))
    return rows, store.outbox.backlog().open, jobs


def test_what_is_stored_is_read_back_as_it_was(store: Store) -> None:
    odd = "naïve \x00 \ud800 😀 <!channel>"
    record = use_case(answers=answers(problem=odd, users=40.0, parts=[1, 2.5, None], money={"amount": 1e22}))
    stored(store, record, walk(place=Place(channel="D1", thread="1.0")), approval(home=None))
    with store.read() as reading:
        assert reading.use_case("UC-0001") == record.model_copy(update={"revision": 1})
        found, case = reading.walk("W-0001"), reading.approval("A-0001")
        assert found is not None
        assert found.place == Place(channel="D1", thread="1.0")
        assert case is not None
        assert case.home is None


def test_state_audit_rows_effects_and_plans_are_stored_together(store: Store) -> None:
    later = Later(key="nudge/W-0001", due=NOW, name="nudge_draft", subject=walk().subject)
    stored(store, walk(), effects=(post(), later))
    assert seen(store) == (1, 1, 1)


def test_a_transaction_that_fails_leaves_nothing_behind(store: Store) -> None:
    later = Later(key="nudge/W-0001", due=NOW, name="nudge_draft", subject=walk().subject)

    def interrupted() -> None:
        with store.write() as tx:
            assert tx.first_time("event-1")
            tx.apply(decision(walk(), effects=(post(), later)), CIRC)
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError):
        interrupted()
    assert seen(store) == (0, 0, 0)
    with store.write() as tx:
        assert tx.walk("W-0001") is None
        assert tx.first_time("event-1")


def test_a_change_of_something_that_changed_meanwhile_is_refused(store: Store) -> None:
    stored(store, walk())
    with store.read() as reading:
        before = reading.walk("W-0001")
    assert before is not None
    stored(store, before.model_copy(update={"status": "asking"}))
    with pytest.raises(StaleState, match="Read it again"):
        stored(store, before.model_copy(update={"status": "cancelled"}))
    with store.read() as reading:
        after = reading.walk("W-0001")
    assert after is not None
    assert (after.status, after.revision) == ("asking", 2)
    assert seen(store)[0] == 2


def test_a_second_thing_of_the_same_id_is_refused(store: Store) -> None:
    stored(store, walk())
    with pytest.raises(StaleState):
        stored(store, walk(owner=PRIYA))


def test_a_change_without_a_word_in_the_log_is_a_mistake(store: Store) -> None:
    with pytest.raises(ValueError, match="audit log"), store.write() as tx:
        tx.apply(Decision(changed=(walk(),)), CIRC)


def test_what_apply_returns_can_be_changed_on_in_the_same_transaction(store: Store) -> None:
    with store.write() as tx:
        (first,) = tx.apply(decision(walk()), CIRC)
        tx.apply(decision(first.model_copy(update={"status": "asking"})), CIRC)
        again = tx.lock_walk("W-0001")
    assert again is not None
    assert (again.revision, again.status) == (2, "asking")
    assert store.verify().sound


def test_ids_are_given_once_and_count_each_kind_for_itself(store: Store) -> None:
    with store.write() as tx:
        assert [tx.new_id("use_case"), tx.new_id("use_case"), tx.new_id("walk")] == [
            "UC-0001",
            "UC-0002",
            "W-0001",
        ]
    with store.write() as tx:
        assert tx.new_id("use_case") == "UC-0003"
        assert tx.new_id("approval") == "A-0001"


def test_a_key_is_new_once(store: Store) -> None:
    with store.write() as tx:
        assert tx.first_time("event-1", NOW)
    with store.write() as tx:
        assert not tx.first_time("event-1", NOW)
        assert tx.first_time("event-2", NOW)


def test_keys_are_forgotten_after_three_days(store: Store) -> None:
    with store.write() as tx:
        tx.first_time("old", NOW.replace(day=10))
        tx.first_time("new", NOW)
    assert store.prune(NOW) == 1
    with store.write() as tx:
        assert tx.first_time("old", NOW)
        assert not tx.first_time("new", NOW)


def test_locking_something_unknown_finds_nothing(store: Store) -> None:
    with store.write() as tx:
        assert tx.lock_use_case("UC-9999") is None
        assert tx.lock_walk("\x00\ud800") is None
        assert tx.lock_approval("") is None


def test_a_refusal_is_logged_and_changes_nothing(store: Store) -> None:
    refusal = Entry(action="approve", subject=Subject(type="approval", id="\x00forged"), refused=True)
    with store.write() as tx:
        tx.apply(Decision(entries=(refusal,)), CIRC)
    with store.read() as reading:
        (row,) = reading.audit()
    assert (row["action"], row["refused"], row["patch"], row["actor"]) == ("approve", True, None, DANA)
    assert store.verify().sound


def test_a_write_inside_a_write_is_caught_instead_of_hanging(sqlite_place: DatabasePlace) -> None:
    store = sqlite_place.open()

    def inner() -> Tx:
        with store.write() as tx:
            return tx

    with store.write(), pytest.raises(RuntimeError, match="inside another"):
        inner()
    store.close()
