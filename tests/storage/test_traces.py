"""Records of answers: kept whole, found again, and forgotten when their time is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import traces
from storage.store import Store
from storage.traces import Trace, TracedPassage, new_id

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def trace(at: datetime = NOW, question: str = "Who may stop it?") -> Trace:
    passage = TracedPassage(
        passage=7, source="book", path="a.md", section="How", start=1, end=9, score=0.5, sent=True, cited=True
    )
    return Trace(
        id=new_id(),
        at=at,
        question=question,
        asker="U1",
        state="answer",
        how="model",
        probability=0.9,
        corpus_version=3,
        retrieval="abc",
        passages=(passage,),
        outcome="written",
        dropped={"a number that is not in the quote": 2},
        tokens_in=321,
        cost=0.001,
        first_sentence_ms=200.5,
    )


def test_a_record_is_found_again_as_it_was(store: Store) -> None:
    kept = trace(question="Half \ud800 a pair, and \x00 nothing")
    store.keep_traces([kept], days=90)
    with store.read() as reading:
        found = traces.of(reading.connection, kept.id)
        assert traces.of(reading.connection, "T-nothing") is None
    assert found == kept.model_copy(update={"question": "Half \ufffd a pair, and \ufffd nothing"})


def test_the_latest_come_first(store: Store) -> None:
    made = [trace(NOW + timedelta(minutes=n)) for n in range(5)]
    store.keep_traces(made, days=90)
    with store.read() as reading:
        assert [t.id for t in traces.last(reading.connection, 3)] == [t.id for t in reversed(made)][:3]


def test_a_record_is_forgotten_when_its_days_are_over(store: Store) -> None:
    short, long = trace(), trace()
    store.keep_traces([short], days=30)
    store.keep_traces([long], days=60)
    assert store.prune(NOW + timedelta(days=29)) == 0
    assert store.prune(NOW + timedelta(days=31)) == 1
    with store.read() as reading:
        assert [t.id for t in traces.last(reading.connection, 9)] == [long.id]
