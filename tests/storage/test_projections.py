"""What measures are counted from says what the states say, and can be made from them anew."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from storage import projections
from storage.measure_schema import Answers, Spans
from storage.store import Store
from tests.storage.records import CIRC as AT
from tests.storage.records import (
    DANA,
    HOUR,
    NOW,
    PRIYA,
    PROGRAM,
    answer,
    answers,
    approval,
    decision,
    seat,
    use_case,
    walk,
)
from workflows.approval import Verdict
from workflows.ids import QuestionId
from workflows.use_case import UseCase


def stored(store: Store, *changed: object, hours: int = 0) -> None:
    with store.write() as tx:
        tx.apply(decision(*changed), AT.model_copy(update={"now": NOW + hours * HOUR}))  # type: ignore[arg-type]


def spans(store: Store) -> list[tuple[object, ...]]:
    """Kind, label, outcome, hours since the beginning of begins, due and ends."""
    wanted = select(Spans.kind, Spans.label, Spans.outcome, Spans.begins, Spans.due, Spans.ends)
    with store.read() as reading:
        rows = reading.connection.execute(wanted.order_by(Spans.kind, Spans.item)).all()
    return [(*r[:3], *(None if m is None else (m - NOW) / HOUR for m in r[3:])) for r in rows]


def test_the_stages_of_a_use_case_follow_one_another(store: Store) -> None:
    stored(store, use_case(stage="draft"))
    for hours, stage in ((2, "submitted"), (5, "pilot")):
        with store.write() as tx:
            found = tx.lock_use_case("UC-0001")
            assert found is not None
            there = found.model_copy(update={"stage": stage})
            tx.apply(decision(there), AT.model_copy(update={"now": NOW + hours * HOUR}))
    assert spans(store) == [
        ("stage", "draft", "", 0, None, 2),
        ("stage", "submitted", "", 2, None, 5),
        ("stage", "pilot", "", 5, None, None),
    ]


def test_a_seat_stands_until_its_quorum_is_reached(store: Store) -> None:
    asked = approval(seats=(seat(quorum=2, due=NOW + 8 * HOUR),))
    stored(store, asked)
    assert spans(store) == [("seat", "risk", "", 0, 8, None)]
    said = tuple(
        Verdict(by=by, choice="approve", at=NOW + n * HOUR, program=PROGRAM)
        for by, n in ((PRIYA, 3), (DANA, 6))
    )
    with store.write() as tx:
        found = tx.lock_approval("A-0001")
        assert found is not None
        one = found.seats[0].model_copy(update={"verdicts": said})
        tx.apply(decision(found.model_copy(update={"seats": (one,)})), AT)
    assert spans(store) == [("seat", "risk", "approved", 0, 8, 6)]


def test_evidence_is_counted_by_the_day_it_runs_out(store: Store) -> None:
    piece = {"kind": "link", "owner": DANA, "at": NOW.isoformat(), "expires_at": (NOW + HOUR).isoformat()}
    check = {"state": "yes", "reason": "", "evidence": [piece]}
    stored(store, walk(questionnaire="pilot", answers={QuestionId("tested"): answer(check)}))
    assert spans(store) == [("evidence", "pilot", "tested", 0, 1, None)]
    with store.write() as tx:
        found = tx.lock_walk("W-0001")
        assert found is not None
        tx.apply(decision(found.model_copy(update={"answers": {}})), AT)
    assert spans(store) == []


def test_numbers_days_choices_and_people_are_kept_and_sentences_are_not(store: Store) -> None:
    given = answers(
        target=5, by="2026-12-31", kind="assist", owner=DANA, story="We spend ages on calls.", ok=True
    )
    stored(store, use_case(answers=given))
    with store.read() as reading:
        rows = reading.connection.execute(select(Answers.question, Answers.number, Answers.word)).all()
    assert {tuple(r) for r in rows} == {
        ("target", 5.0, ""),
        ("by", None, "2026-12-31"),
        ("kind", None, "assist"),
        ("owner", None, DANA),
        ("ok", None, "yes"),
    }


def test_a_changed_answer_takes_the_place_of_the_old_one(store: Store) -> None:
    stored(store, use_case(answers=answers(target=5, kind="assist")))
    with store.write() as tx:
        found = tx.lock_use_case("UC-0001")
        assert found is not None
        tx.apply(decision(found.model_copy(update={"answers": answers(target=6)})), AT)
    with store.read() as reading:
        rows = reading.connection.execute(select(Answers.question, Answers.number)).all()
    assert [tuple(r) for r in rows] == [("target", 6.0)]


def test_all_of_it_can_be_made_anew_from_the_states(store: Store) -> None:
    stored(store, use_case(stage="pilot", decided_at=NOW, answers=answers(target=5)))
    stored(store, approval(seats=(seat(due=NOW + timedelta(days=1)),)))
    before = spans(store)
    with store.write() as tx:
        tx.connection.execute(delete(Spans))
        tx.connection.execute(delete(Answers))
        assert projections.missing(tx.connection)
        projections.rebuild(tx.connection)
        assert not projections.missing(tx.connection)
    assert spans(store) == before
    with store.read() as reading:
        assert reading.connection.execute(select(Answers.number)).scalars().all() == [5.0]
        assert isinstance(reading.use_case("UC-0001"), UseCase)
