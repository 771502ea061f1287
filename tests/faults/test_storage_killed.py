"""kill -9 at every statement of a transaction: afterwards all of it is there, or nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.store import Store
from tests.databases import Place
from tests.storage.records import CIRC, DANA, HOUR, NOW, approval, post, stored, use_case, walk
from workflows.decision import Decision, Entry
from workflows.effects import Later, Work

pytestmark = pytest.mark.faults
FORK = multiprocessing.get_context("fork")


def one_interaction(store: Store, number: int) -> None:
    """What a listener does, with everything in it."""
    with store.write() as tx:
        if not tx.first_time(f"event-{number}", NOW):
            return
        record = use_case(tx.new_id("use_case"))
        step = walk(tx.new_id("walk"), about=record.id)
        case = approval(tx.new_id("approval"), use_case=record.id)
        tx.lock_walk(step.id)
        effects = (
            post(card="ask:1", subject=step.subject),
            Work(name="open_walk", subject=step.subject),
            Later(key=f"nudge/{step.id}", due=NOW + HOUR, name="nudge_draft", subject=step.subject),
        )
        entry = Entry(action="begun", subject=record.subject)
        tx.apply(Decision(changed=(record, step, case), entries=(entry,), effects=effects), CIRC)


def killed_at(place: Place, statement: int, number: int) -> bool:
    """Whether the process was killed before it had finished; the last moment is just before the commit."""

    def doomed() -> None:
        seen = count(1)

        def strike(*_: Any, **__: Any) -> None:
            if next(seen) == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        store = Store(place.url, place.data_dir)
        event.listen(Engine, "before_cursor_execute", strike)
        event.listen(Engine, "commit", strike)
        one_interaction(store, number)
        os._exit(0)

    process = FORK.Process(target=doomed)
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def test_a_process_killed_anywhere_in_a_transaction_leaves_all_of_it_or_nothing(place: Place) -> None:
    finished = 0
    for statement in count(1):
        killed = killed_at(place, statement, number=statement)
        finished += not killed
        store = place.open()
        verified = store.verify()
        assert verified.sound, verified.problems
        assert verified.rows == 3 * finished
        assert verified.subjects == 3 * finished
        assert store.outbox.backlog().open == 2 * finished
        with store.read() as reading:
            assert len(reading.planned("nudge")) == finished
            assert len(reading.drafts_of(DANA)) == finished
        store.close()
        if not killed:
            break
    assert statement > 10
    # Slack sends again what was never acknowledged: it is new, and is done now.
    store = place.open()
    one_interaction(store, 1)
    one_interaction(store, statement)
    assert store.verify().rows == 6
    store.close()


def test_a_worker_killed_after_claiming_leaves_its_rows_to_others(place: Place) -> None:
    store = place.open()
    stored(store, walk(), effects=(post(), post()))
    store.close()

    def doomed() -> None:
        assert len(Store(place.url, place.data_dir).outbox.claim(5, "doomed", NOW)) == 1
        os.kill(os.getpid(), signal.SIGKILL)

    process = FORK.Process(target=doomed)
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    store = place.open()
    assert store.outbox.claim(5, "w", NOW) == []
    (row,) = store.outbox.claim(5, "w", NOW + HOUR)
    assert row.attempts == 2
    store.close()
