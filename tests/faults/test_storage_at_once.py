"""Several at once on one database: processes that decide, threads that hear, workers that deliver."""

from __future__ import annotations

import multiprocessing
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess

import pytest

from storage.errors import StaleState
from storage.store import Store
from tests.databases import Place
from tests.storage.records import (
    CIRC,
    HOUR,
    NOW,
    PRIYA,
    PROGRAM,
    TOM,
    answers,
    approval,
    decision,
    post,
    said,
    seat,
    stored,
    use_case,
    walk,
)
from workflows.approval import Verdict
from workflows.decision import Decision, Entry
from workflows.effects import Later, Post
from workflows.ids import Subject, UserId

pytestmark = pytest.mark.faults
FORK = multiprocessing.get_context("fork")
CASES = 40


def together(work: Callable[[int], None], times: int) -> None:
    """Run it so many times, each in a process of its own."""
    processes: list[BaseProcess] = [FORK.Process(target=work, args=(n,)) for n in range(times)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * times


def test_of_four_approvers_who_decide_every_case_at_once_one_decides_and_three_are_told(place: Place) -> None:
    store = place.open()
    stored(store, *(approval(f"A-{n:04d}") for n in range(CASES)))
    store.close()

    def approver(number: int) -> None:
        mine = place.open()
        me = UserId(f"U{number}")
        for n in range(CASES):
            with mine.write() as tx:
                case = tx.lock_approval(f"A-{n:04d}")
                assert case is not None
                told = Entry(action="approve", subject=case.subject, detail={"by": me})
                if case.status != "waiting":
                    tx.apply(Decision(entries=(told.model_copy(update={"refused": True}),)), CIRC)
                    continue
                verdict = Verdict(by=me, choice="approve", at=NOW, program=PROGRAM)
                decided = case.model_copy(
                    update={"status": "approved", "seats": (seat(verdicts=(verdict,)),)}
                )
                tx.apply(Decision(changed=(decided,), entries=(told,), effects=(post(me),)), CIRC)
        mine.close()

    together(approver, 4)
    store = place.open()
    decided: dict[str, int] = defaultdict(int)
    refused = 0
    for row in store.export(since=CASES):
        decided[row["subject_id"]] += not row["refused"]
        refused += row["refused"]
    assert set(decided.values()) == {1}
    assert refused == 3 * CASES
    assert store.outbox.backlog().open == CASES
    assert store.verify().sound
    store.close()


def test_without_a_lock_a_second_decision_on_what_was_read_before_is_refused(place: Place) -> None:
    store = place.open()
    stored(store, *(approval(f"A-{n:04d}") for n in range(CASES)))
    store.close()

    def approver(number: int) -> None:
        mine = place.open()
        for n in range(CASES):
            with mine.read() as reading:
                case = reading.approval(f"A-{n:04d}")
            assert case is not None
            try:
                if case.status == "waiting":
                    stored(mine, case.model_copy(update={"status": "approved"}))
            except StaleState:
                continue
        mine.close()

    together(approver, 3)
    store = place.open()
    assert len(list(store.export())) == 2 * CASES
    assert store.verify().sound
    store.close()


def test_an_event_delivered_to_four_threads_at_once_is_new_to_one_of_them(store: Store) -> None:
    start = threading.Barrier(4)

    def hear(_: int) -> list[str]:
        new = []
        start.wait(10)
        for n in range(50):
            with store.write() as tx:
                if tx.first_time(f"event-{n}", NOW):
                    new.append(f"event-{n}")
        return new

    with ThreadPoolExecutor(4) as pool:
        heard = [key for keys in pool.map(hear, range(4)) for key in keys]
    assert sorted(heard) == sorted(f"event-{n}" for n in range(50))


def test_ids_taken_in_four_threads_at_once_are_all_different(store: Store) -> None:
    def take(_: int) -> list[str]:
        ids: list[str] = []
        for _ in range(20):
            with store.write() as tx:
                ids += [tx.new_id("walk"), tx.new_id("use_case")]
        return ids

    with ThreadPoolExecutor(4) as pool:
        taken = [id for ids in pool.map(take, range(4)) for id in ids]
    assert len(set(taken)) == 160


def test_three_workers_beside_two_writers_deliver_each_row_once_in_order_and_one_at_a_time(
    place: Place,
) -> None:
    rows, conversations = 120, 6
    stores = [place.open() for _ in range(3)]
    lock = threading.Lock()
    carried: dict[str, list[int]] = defaultdict(list)
    flying: set[str] = set()
    overlaps: list[str] = []
    done = threading.Event()

    def write(writer: int) -> None:
        for n in range(rows):
            # Each writer has conversations of its own: only then is there an order to keep.
            user = UserId(f"U{writer}-{n % conversations}")
            said(stores[writer], post(user, data={"n": n}))

    def work(number: int) -> None:
        while True:
            finished = done.is_set()
            claimed = stores[number].outbox.claim(4, f"w{number}", NOW)
            for row in claimed:
                assert isinstance(row.effect, Post)
                with lock:
                    if row.conversation in flying:
                        overlaps.append(row.conversation)
                    flying.add(row.conversation)
                    carried[row.conversation].append(row.effect.data["n"])
            for row in claimed:
                with lock:
                    flying.discard(row.conversation)
                stores[number].outbox.delivered(row, "D1", "1.0", now=NOW)
            if finished and not claimed:
                return

    with ThreadPoolExecutor(5) as pool:
        workers = [pool.submit(work, n) for n in range(3)]
        for writer in [pool.submit(write, n) for n in range(2)]:
            writer.result(60)
        done.set()
        for worker in workers:
            worker.result(60)
    assert not overlaps
    assert len(carried) == 2 * conversations
    for numbers in carried.values():
        assert numbers == sorted(set(numbers))
    assert sum(map(len, carried.values())) == 2 * rows
    assert stores[0].verify().sound
    for store in stores:
        store.close()


def test_a_job_that_is_due_on_three_replicas_at_once_is_done_once(place: Place) -> None:
    stores = [place.open() for _ in range(3)]
    jobs = [
        Later(key=f"remind/{n}", due=NOW + HOUR, name="remind", subject=Subject(type="walk", id=f"W-{n}"))
        for n in range(30)
    ]
    said(stores[0], *jobs)
    with ThreadPoolExecutor(3) as pool:
        made = list(
            pool.map(lambda store: sum(store.outbox.due(NOW + HOUR, at_most=4) for _ in range(12)), stores)
        )
    assert sum(made) == 30
    assert stores[0].outbox.backlog().open == 30
    for store in stores:
        store.close()


def test_crossing_transactions_end_well_for_one_and_with_stale_state_for_the_other(place: Place) -> None:
    """Two that lock the same two things in opposite order: on PostgreSQL a deadlock, which must end soon."""
    store = place.open()
    stored(store, use_case(), walk())
    both_hold = threading.Barrier(2, timeout=2)

    def cross(walk_first: bool) -> str:
        try:
            with store.write() as tx:
                if walk_first:
                    tx.lock_walk("W-0001")
                else:
                    tx.lock_use_case("UC-0001")
                # On SQLite the second writer waits before its first lock, so they never both hold one.
                if not store.local:
                    both_hold.wait()
                tx.lock_use_case("UC-0001")
                tx.lock_walk("W-0001")
                found = tx.walk("W-0001")
                assert found is not None
                changed = found.model_copy(update={"answers": answers(problem=str(walk_first))})
                tx.apply(decision(changed), CIRC)
        except StaleState:
            return "stale"
        return "stored"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(cross, [True, False]))
    assert outcomes == (["stored", "stored"] if store.local else ["stale", "stored"])
    assert store.verify().sound
    store.close()


@pytest.mark.parametrize("approver", [PRIYA, TOM])
def test_a_transaction_that_waits_for_another_reads_what_that_one_stored(
    place: Place, approver: UserId
) -> None:
    store = place.open()
    stored(store, approval())
    holds, waits = threading.Event(), threading.Event()

    def first() -> None:
        with store.write() as tx:
            case = tx.lock_approval("A-0001")
            assert case is not None
            holds.set()
            assert waits.wait(10)
            verdict = Verdict(by=approver, choice="approve", at=NOW, program=PROGRAM)
            decided = case.model_copy(update={"status": "approved", "seats": (seat(verdicts=(verdict,)),)})
            tx.apply(decision(decided), CIRC)

    def second() -> str:
        assert holds.wait(10)
        waits.set()
        with store.write() as tx:
            case = tx.lock_approval("A-0001")
            assert case is not None
            return case.seats[0].verdicts[0].by

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(first), pool.submit(second)
        one.result(20)
        assert other.result(20) == approver
    store.close()
