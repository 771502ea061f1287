from __future__ import annotations

import contextlib
from datetime import timedelta

from sqlalchemy import insert, text

from storage.outbox import CLAIMABLE, LEASE, conversation_of
from storage.schema import OutboxRows
from storage.store import Store
from tests.storage.records import CIRC, DANA, HOUR, LEE, NOW, PRIYA, post, said
from workflows.decision import Decision
from workflows.effects import Forget, Later, Post, Refresh, ShowHome, ToPlace, ToRoom, Whisper, Work
from workflows.ids import Place, Subject

WALK = Subject(type="walk", id="W-0001")
SECOND = timedelta(seconds=1)


def kinds(store: Store, n: int = 10, worker: str = "w") -> list[str]:
    return [row.effect.kind for row in store.outbox.claim(n, worker, NOW) if isinstance(row.effect, Post)]


def later(key: str, due_in: timedelta = HOUR, **data: str) -> Later:
    return Later(key=key, due=NOW + due_in, name="remind", subject=WALK, data=data)


def test_one_conversation_is_carried_out_in_order_and_one_at_a_time(store: Store) -> None:
    said(store, post(kind="first"), post(PRIYA, "other"), post(kind="second"))
    said(store, post(kind="third"))
    first, other = store.outbox.claim(10, "w1", NOW)
    assert isinstance(first.effect, Post)
    assert isinstance(other.effect, Post)
    assert (first.effect.kind, other.effect.kind) == ("first", "other")
    assert kinds(store, worker="w2") == []
    store.outbox.delivered(first, "D1", "1.0", now=NOW)
    assert kinds(store) == ["second"]


def test_a_room_a_person_and_a_channel_are_conversations_of_their_own() -> None:
    here = Place(channel="C1", thread="1.0")
    assert conversation_of(post(DANA)) == "person/UDANA"
    assert conversation_of(post().model_copy(update={"to": ToPlace(place=here)})) == "place/C1"
    assert conversation_of(post().model_copy(update={"to": ToRoom(name="legal")})) == "room/legal"
    assert conversation_of(Whisper(place=here, user=DANA, kind="said", subject=WALK)) == "place/C1"
    assert conversation_of(ShowHome(user=DANA)) == "home/UDANA"
    assert conversation_of(Work(name="consult", subject=WALK)) == "work/walk/W-0001"
    crowd = [Subject(type="subscription", id=f"SB-{n:04d}") for n in range(40)]
    lanes = {conversation_of(Work(name="digest", subject=one)) for one in crowd}
    assert lanes == {"work/digest/0", "work/digest/1"}, "a crowd leaves workers for what people wait for"


def test_a_row_to_be_tried_again_keeps_its_conversation_waiting_until_its_time(store: Store) -> None:
    said(store, post(kind="first"), post(kind="second"))
    (row,) = store.outbox.claim(10, "w", NOW)
    store.outbox.retry(row, NOW + 5 * SECOND, "ratelimited")
    assert store.outbox.claim(10, "w", NOW + 4 * SECOND) == []
    (again,) = store.outbox.claim(10, "w", NOW + 5 * SECOND)
    assert (again.id, again.attempts) == (row.id, 2)


def test_a_row_given_up_lets_the_next_one_go_and_says_why(store: Store) -> None:
    said(store, post(kind="first"), post(kind="second"))
    (row,) = store.outbox.claim(10, "w", NOW)
    assert store.outbox.dead(row, "channel_not_found", now=NOW)
    assert not store.outbox.dead(row, "again", now=NOW)
    assert kinds(store) == ["second"]
    (given_up,) = store.outbox.undeliverable()
    assert (given_up.key, given_up.error, given_up.at) == (row.key, "channel_not_found", NOW)
    assert store.outbox.backlog().dead == 1


def test_what_a_dead_worker_held_can_be_claimed_when_its_lease_runs_out(store: Store) -> None:
    said(store, post(kind="first"), post(kind="second"))
    (held,) = store.outbox.claim(10, "gone", NOW)
    assert store.outbox.claim(10, "w", NOW + LEASE - SECOND) == []
    (taken,) = store.outbox.claim(10, "w", NOW + LEASE)
    assert (taken.id, taken.attempts) == (held.id, 2)
    # The first worker was only slow: what it gives back late is no longer its to give back.
    store.outbox.retry(held, NOW, "late")
    assert store.outbox.claim(10, "w", NOW + LEASE) == []


def test_only_the_first_to_mark_a_row_as_delivered_is_told_so(store: Store) -> None:
    said(store, post())
    (row,) = store.outbox.claim(1, "w", NOW)
    assert store.outbox.delivered(row, "D1", "1.0", now=NOW)
    assert not store.outbox.delivered(row, "D1", "1.0", now=NOW)


def test_a_server_that_starts_again_takes_back_what_it_held(store: Store) -> None:
    said(store, post(), post(PRIYA), post(LEE))
    assert len(store.outbox.claim(2, "here", NOW)) == 2
    assert len(store.outbox.claim(2, "there", NOW)) == 1
    assert store.outbox.take_back(NOW, "there") == 1
    assert store.outbox.take_back(NOW) == 2
    assert len(store.outbox.claim(10, "here", NOW)) == 3


def test_what_is_marked_inside_a_transaction_that_fails_is_not_marked(store: Store) -> None:
    said(store, post(card="ask:1"))
    (row,) = store.outbox.claim(1, "w", NOW)

    def failing() -> None:
        with store.write() as tx:
            assert tx.delivered(row, "D1", "1.0", now=NOW)
            raise RuntimeError

    with contextlib.suppress(RuntimeError):
        failing()
    with store.read() as reading:
        assert reading.cards_of(WALK) == ()
    assert store.outbox.delivered(row, "D1", "1.0", now=NOW)


def test_the_same_key_is_carried_out_once_across_decisions(store: Store) -> None:
    said(store, post(kind="nudge", key="nudge/W-0001/1"))
    said(store, post(kind="nudge", key="nudge/W-0001/1"), post(PRIYA, "other"))
    assert kinds(store) == ["nudge", "other"]


def test_effects_without_a_key_get_one_of_their_own(store: Store) -> None:
    said(store, post(), post(PRIYA))
    with store.write() as tx:
        tx.apply(Decision(effects=(post(LEE),)), CIRC)
        tx.apply(Decision(effects=(ShowHome(user=DANA),)), CIRC)
    assert [row.key for row in store.outbox.claim(10, "w", NOW)] == ["1.0", "1.1", "2.0", "3.0"]


def test_redraws_of_the_same_card_collapse_but_one_asked_for_while_drawing_does_not(store: Store) -> None:
    redraw = Refresh(subject=WALK, card="review")
    said(store, redraw, redraw, Refresh(subject=WALK, card="ask:1"))
    said(store, redraw, ShowHome(user=DANA), ShowHome(user=DANA), ShowHome(user=LEE))
    claimed = store.outbox.claim(10, "w", NOW)
    assert [row.conversation for row in claimed] == [
        "refresh/walk/W-0001/review",
        "refresh/walk/W-0001/ask:1",
        "home/UDANA",
        "home/ULEE",
    ]
    said(store, redraw)
    assert [store.outbox.delivered(row, now=NOW) for row in claimed] == [True] * 4
    assert len(store.outbox.claim(10, "w", NOW)) == 1


def test_a_planned_job_becomes_work_when_it_is_due_and_once(store: Store) -> None:
    said(store, later("remind/A-0001/risk", data="x"))
    assert store.outbox.due(NOW) == 0
    assert store.outbox.next_at() == NOW + HOUR
    assert store.outbox.due(NOW + HOUR) == 1
    assert store.outbox.due(NOW + HOUR) == 0
    (row,) = store.outbox.claim(1, "w", NOW + HOUR)
    assert isinstance(row.effect, Work)
    assert (row.effect.name, row.effect.subject, row.effect.data) == ("remind", WALK, {"data": "x"})


def test_planning_a_job_again_moves_it_and_after_it_ran_it_can_be_planned_anew(store: Store) -> None:
    said(store, later("nudge/W-0001"))
    said(store, later("nudge/W-0001", 3 * HOUR))
    assert store.outbox.due(NOW + 2 * HOUR) == 0
    assert store.outbox.due(NOW + 3 * HOUR) == 1
    said(store, later("nudge/W-0001", 3 * HOUR))
    assert store.outbox.due(NOW + 5 * HOUR) == 1
    assert store.outbox.backlog().open == 2


def test_a_plan_is_taken_back_with_all_below_it_and_nothing_beside_it(store: Store) -> None:
    keys = [
        "remind/A-1000",
        "remind/A-1000/risk",
        "remind/A-1000/legal",
        "remind/A-10000/risk",
        "remind/A-100",
    ]
    said(store, *(later(key) for key in keys))
    said(store, Forget(key="remind/A-1000"))
    with store.read() as reading:
        assert [job.key for job in reading.planned("remind")] == ["remind/A-100", "remind/A-10000/risk"]
    said(store, Forget(key="remind/A-10000/"), Forget(key="remind/A-1"))
    with store.read() as reading:
        assert [job.key for job in reading.planned("remind")] == ["remind/A-100"]


def test_a_plan_taken_back_and_made_in_one_decision_stands(store: Store) -> None:
    said(store, later("nudge/W-0001"))
    said(store, Forget(key="nudge/W-0001"), later("nudge/W-0001", 2 * HOUR))
    assert store.outbox.next_at() == NOW + 2 * HOUR


def test_a_message_that_will_open_a_thread_is_known_to_be_on_its_way(store: Store) -> None:
    said(store, post(anchor=True), post(PRIYA))
    with store.read() as reading:
        assert reading.anchors_under_way(DANA)
        assert not reading.anchors_under_way(PRIYA)
    for row in store.outbox.claim(2, "w", NOW):
        store.outbox.delivered(row, "D1", "1.0", now=NOW)
    with store.read() as reading:
        assert not reading.anchors_under_way(DANA)


def test_the_next_moment_is_the_earliest_of_rows_retries_and_plans(store: Store) -> None:
    assert store.outbox.next_at() is None
    said(store, post(), later("nudge/W-0001"))
    assert store.outbox.next_at() == NOW
    (row,) = store.outbox.claim(1, "w", NOW)
    assert store.outbox.next_at() == NOW + LEASE
    store.outbox.delivered(row, "D1", "1.0", now=NOW)
    assert store.outbox.next_at() == NOW + HOUR


def test_the_backlog_counts_what_is_open(store: Store) -> None:
    said(store, post(), post(PRIYA))
    assert store.outbox.pending_before(NOW) == 0
    assert store.outbox.pending_before(NOW + SECOND) == 2
    assert store.outbox.backlog().oldest == NOW


def test_a_commit_with_work_wakes_and_one_without_does_not(store: Store) -> None:
    woken: list[bool] = []
    store.on_commit(lambda: woken.append(True))
    with store.write() as tx:
        tx.first_time("event-1")
    assert not woken
    said(store, post())
    assert len(woken) == 1
    said(store, later("nudge/W-0001"))
    assert len(woken) == 2
    store.outbox.due(NOW + HOUR)
    assert len(woken) == 3


def test_claiming_reads_the_index_of_open_rows_and_not_the_delivered_ones(store: Store) -> None:
    delivered = {
        "effect": {},
        "status": "delivered",
        "attempts": 1,
        "next_at": NOW,
        "created_at": NOW,
        "done_at": NOW,
    }
    with store.write() as tx:
        rows = [{"key": f"old-{n}", "conversation": f"person/{n % 50}", **delivered} for n in range(3000)]
        tx.connection.execute(insert(OutboxRows), rows)
        tx.connection.execute(text("ANALYZE outbox"))
    said(store, post())
    with store.read() as reading:
        dialect = reading.connection.dialect
        asked = CLAIMABLE.params(now=NOW, n=5)
        query = asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if store.local else "EXPLAIN"
        steps = reading.connection.exec_driver_sql(f"{explain} {query}").all()
    told = " ".join(str(part) for step in steps for part in step)
    assert "outbox_open" in told
    assert "Seq Scan" not in told
    assert "TABLE outbox" not in told
