from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import likenesses, retiring
from storage.likenesses import Alike
from storage.retiring import retire
from storage.schema import Events, OutboxRows
from storage.store import Store
from tests.storage.records import (
    CIRC,
    DANA,
    HOUR,
    LEE,
    NOW,
    PRIYA,
    TOM,
    approval,
    decision,
    post,
    use_case,
    walk,
)
from workflows.consultation import Consultation
from workflows.decision import Decision, Entry
from workflows.events import Event, week_of
from workflows.feedback import Feedback
from workflows.ids import Place, UseCaseId
from workflows.retention import Retention
from workflows.use_case import Hold, UseCase

DAY = timedelta(days=1)
LATER = NOW + 400 * DAY
SECRET = "words of a person"


def run(store: Store, now: datetime = LATER, **policy: Any) -> dict[str, int]:
    """Every batch of one night."""
    found: dict[str, int] = {}
    circ = CIRC.model_copy(update={"now": now})
    while True:
        with store.write() as tx:
            gone = retire(tx, Retention(**policy), circ)
        if not gone:
            return found
        for kind, number in gone.items():
            found[kind] = found.get(kind, 0) + number


def put(store: Store, *changed: Any, **more: Any) -> None:
    with store.write() as tx:
        entries = decision(*changed).entries or (Entry(action="told", subject=use_case().subject),)
        tx.apply(Decision(changed=changed, entries=entries, **more), CIRC)


def log_of(store: Store) -> str:
    return json.dumps(list(store.export()))


def asked(id: str, **more: Any) -> Consultation:
    return Consultation(
        id=id,
        asker=DANA,
        question=SECRET,
        place=Place(channel="D1"),
        private=True,
        asked_at=NOW,
        touched_at=NOW,
        **more,
    )


def ended(id: str = "UC-0001", **more: Any) -> UseCase:
    return use_case(id, title=SECRET, stage="retired", submitted_at=NOW, stage_since=NOW, **more)


RECORDS: dict[str, Any] = {"records_days": 365, "ended": ("retired",)}


def test_an_old_question_goes_and_the_log_keeps_that_it_was_asked(store: Store) -> None:
    put(store, asked("Q-0001"), asked("Q-0002"))
    assert SECRET in log_of(store)
    assert run(store, questions_days=399) == {"questions": 2}
    verified = store.verify()
    assert verified.problems == ()
    assert [(r.because, r.rows) for r in verified.redactions] == [("retention", 2)]
    assert SECRET not in log_of(store)
    assert [row["subject_id"] for row in store.export()][:2] == ["Q-0001", "Q-0002"]
    with store.read() as reading:
        assert reading.consultation("Q-0001") is None


def test_what_is_younger_or_still_in_hand_stays(store: Store) -> None:
    put(store, asked("Q-0001"))
    assert run(store, questions_days=401) == {}
    assert run(store) == {}
    with store.read() as reading:
        assert reading.consultation("Q-0001") is not None


def test_a_record_goes_with_everything_that_is_its_own(store: Store) -> None:
    mine = walk("W-0001", status="submitted"), approval("A-0001", status="approved")
    other = use_case("UC-0002", stage="retired", submitted_at=NOW, stage_since=LATER - DAY)
    figure = Event(
        key="figure/UC-0001/x",
        kind="x",
        at=NOW,
        week=week_of(NOW.date()),
        use_case="UC-0001",
        received_at=NOW,
    )
    put(store, ended(), *mine, other, events=(figure,))
    with store.write() as tx:
        tx.save_text(UseCaseId("UC-0001"), SECRET)
    assert run(store, **RECORDS) == {"records": 1}
    assert store.verify().problems == ()
    assert SECRET not in log_of(store)
    with store.read() as reading:
        assert reading.use_case("UC-0001") is None
        assert reading.walk("W-0001") is None
        assert reading.approval("A-0001") is None
        assert reading.use_case("UC-0002") is not None
        assert reading.connection.execute(select(Events.key)).first() is None


def test_a_record_goes_that_others_were_found_to_be_like(store: Store) -> None:
    put(store, ended(), *(use_case(f"UC-000{n}", stage="submitted") for n in (2, 3)))
    one, two, three = (UseCaseId(f"UC-000{n}") for n in (1, 2, 3))
    pairs = [Alike(one, two, 0.9, SECRET), Alike(three, one, 0.9, SECRET), Alike(two, three, 0.9, "both")]
    with store.write() as tx:
        likenesses.save(tx.connection, (one, two, three), pairs, "model")
    assert run(store, **RECORDS) == {"records": 1}
    with store.read() as reading:
        assert [a.other for a in likenesses.of(reading.connection, two, 9)] == [three]
        assert likenesses.number(reading.connection) == 1


def test_what_was_declared_or_imported_goes_by_the_same_rule(store: Store) -> None:
    put(store, use_case("UC-0001", stage="retired", source="import", source_key="row-1"))
    put(store, use_case("UC-0002", stage="declared"))
    assert run(store, **RECORDS, drafts_days=30) == {"records": 1}
    with store.read() as reading:
        assert reading.use_case("UC-0001") is None
        assert reading.use_case("UC-0002") is not None


def test_a_legal_hold_stops_it_and_its_end_lets_it_go(store: Store) -> None:
    hold = Hold(by=PRIYA, at=NOW, reason="a court asked")
    heard = Feedback(id="FB-0001", use_case="UC-0001", status="done", opened_at=NOW, text=SECRET)
    put(store, ended(holds=(hold,)), heard)
    assert run(store, **RECORDS, feedback_days=100) == {}
    with store.write() as tx:
        kept = tx.lock_use_case("UC-0001")
        assert kept is not None
        over = hold.model_copy(update={"ended_by": PRIYA, "ended_at": NOW + HOUR})
        tx.apply(decision(kept.model_copy(update={"holds": (over,)})), CIRC)
    assert run(store, **RECORDS, feedback_days=100) == {"feedback": 1, "records": 1}
    assert store.verify().sound


def test_drafts_that_were_put_away_go_and_others_stay(store: Store) -> None:
    put(store, use_case("UC-0001", stage="archived"), walk("W-0001", status="expired"))
    put(store, use_case("UC-0002"), walk("W-0002", about=UseCaseId("UC-0002"), status="saved"))
    put(
        store,
        use_case("UC-0003", submitted_at=NOW),
        walk("W-0003", about=UseCaseId("UC-0003"), status="cancelled"),
    )
    assert run(store, drafts_days=180) == {"drafts": 1}
    with store.read() as reading:
        assert reading.use_case("UC-0001") is None
        assert reading.use_case("UC-0002") is not None
        assert reading.use_case("UC-0003") is not None
    assert store.verify().sound


def test_a_draft_that_is_submitted_at_the_last_moment_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, use_case("UC-0001", submitted_at=NOW), walk("W-0001", status="cancelled"))
    found = retiring._ids
    first = iter([["UC-0001"]])  # what was found a moment before it was submitted
    monkeypatch.setattr(retiring, "_ids", lambda *asked: next(first, None) or found(*asked))
    with store.write() as tx:
        retire(tx, Retention(drafts_days=180), CIRC.model_copy(update={"now": LATER}))
    with store.read() as reading:
        assert reading.use_case("UC-0001") is not None


def test_what_was_posted_goes_but_what_was_given_up_and_keys_stay(store: Store) -> None:
    digest = "digest/SB-0001/2026-W47"
    put(store, use_case(), effects=(post(DANA), post(PRIYA, key=digest), post(TOM), post(LEE)))
    first, second, third, _ = store.outbox.claim(9, "w", NOW)
    store.outbox.delivered(first, "D1", "1.0", now=NOW)
    store.outbox.delivered(second, "D2", "1.0", now=NOW)
    store.outbox.dead(third, "gone", now=NOW)
    kept: dict[str, Any] = {"messages_days": 30, "keys_days": 800}
    assert run(store, **kept) == {"messages": 2}
    with store.read() as reading:
        rows = reading.connection.execute(select(OutboxRows.key, OutboxRows.status, OutboxRows.effect)).all()
    assert sorted(r.status for r in rows) == ["claimed", "dead", "delivered"]
    assert [(r.key, r.effect) for r in rows if r.status == "delivered"] == [(digest, {})]
    put(store, effects=(post(PRIYA, key=digest),))
    assert len(store.outbox.claim(9, "w", LATER)) == 1, (
        "only what was in hand: the digest is not posted again"
    )
    assert run(store, NOW + 801 * DAY, **kept) == {"keys": 1}


def test_old_deeds_are_counted_and_nobody_is_named_in_them(store: Store) -> None:
    learned = Event(
        key=f"learned/{DANA}/a", kind="learned", at=NOW, week=week_of(NOW.date()), person=DANA, by=DANA,
        received_at=NOW, value=1.0, function="it",
    )  # fmt: skip
    put(store, events=(learned,))
    assert run(store, people_days=399) == {"people_in_events": 1}
    with store.read() as reading:
        row = reading.connection.execute(select(Events.__table__)).mappings().one()
    assert DANA not in json.dumps(dict(row), default=str)
    assert (row["kind"], row["value"], row["function"]) == ("learned", 1.0, "it")
    assert run(store, people_days=399) == {}


def test_it_goes_in_small_portions(store: Store) -> None:
    put(store, *(asked(f"Q-000{n}") for n in range(5)))
    with store.write() as tx:
        circ = CIRC.model_copy(update={"now": LATER})
        assert retire(tx, Retention(questions_days=30, batch=2), circ) == {"questions": 2}
    assert run(store, questions_days=30, batch=2) == {"questions": 3}
    assert store.verify().sound


def test_a_second_night_finds_nothing(store: Store) -> None:
    put(store, asked("Q-0001"))
    run(store, questions_days=30)
    rows = store.verify().rows
    assert run(store, questions_days=30) == {}
    assert store.verify().rows == rows
