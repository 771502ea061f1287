"""Questions to the playbook in the store: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from storage import consultations, corpus
from storage.corpus_sections import section_text
from storage.store import Store
from tests.storage.records import CIRC, DANA, HOUR, NOW, PRIYA, decision, stored
from tests.storage.test_corpus import document, put
from workflows.consultation import Consultation, Quote, Referral, Told
from workflows.ids import ConsultationId, Place

HERE = Place(channel="C1", thread="1.0")


def asked(number: int = 1, at: datetime = NOW, **fields: Any) -> Consultation:
    given: dict[str, Any] = {
        "asker": DANA,
        "question": "Why?\x00 \ud83d",
        "place": HERE,
        "private": False,
        "touched_at": at,
        **fields,
    }
    return Consultation(id=ConsultationId(f"Q-{number:04d}"), asked_at=at, **given)


def ids(found: tuple[Consultation, ...]) -> list[str]:
    return [c.id for c in found]


def test_numbers_are_given_once(store: Store) -> None:
    with store.write() as tx:
        assert [tx.new_id("consultation"), tx.new_id("consultation")] == ["Q-0001", "Q-0002"]


def test_a_thread_leads_to_its_last_question_and_a_person_to_theirs(store: Store) -> None:
    stored(
        store, asked(1), asked(2, NOW + HOUR), asked(3, NOW + 2 * HOUR, place=Place(channel="C1", thread="2"))
    )
    stored(store, asked(4, NOW + 3 * HOUR, asker=PRIYA, place=Place(channel="C2", thread="1.0")))
    with store.read() as reading:
        last = reading.consultation_at("C1", "1.0")
        assert last is not None
        assert last.id == "Q-0002"
        assert reading.consultation_at("C1", "9") is None
        mine = reading.consultation_of(DANA, "C1", NOW)
        assert mine is not None
        assert mine.id == "Q-0003"
        assert reading.consultation_of(DANA, "C1", NOW + 3 * HOUR) is None
        assert reading.consultation_of(DANA, "C2", NOW) is None


def test_a_week_holds_what_was_asked_before_its_end_and_touched_since_its_beginning(store: Store) -> None:
    stored(store, asked(1), asked(2, touched_at=NOW + 2 * HOUR), asked(3, NOW + 5 * HOUR))
    with store.read() as reading:
        assert ids(reading.consultations_since(NOW + HOUR, NOW + 5 * HOUR)) == ["Q-0002"]
        assert ids(reading.consultations_since(NOW, NOW + 6 * HOUR)) == ["Q-0001", "Q-0002", "Q-0003"]


def test_a_champion_finds_what_is_in_their_hands(store: Store) -> None:
    first = Referral(id="R1", to=PRIYA, asked_at=NOW)
    stored(store, asked(1, referrals=(first,)), asked(2))
    with store.read() as reading:
        assert ids(reading.consultations_put_to(PRIYA)) == ["Q-0001"]
        assert reading.consultations_put_to(DANA) == ()
    done = first.model_copy(update={"status": "answered"})
    with store.write() as tx:
        there = tx.lock_consultation("Q-0001")
        assert there is not None
        tx.apply(decision(there.model_copy(update={"referrals": (done,)})), CIRC)
    with store.read() as reading:
        assert reading.consultations_put_to(PRIYA) == ()
    assert store.verify().sound


def told(text: str) -> Told:
    quote = Quote(
        text=text, document="D", section="S", path="p", source="s", passage=1, start=0, end=1, score=1.5,
        date="", reviewed=False, stale=False, link="", owner="", function="", audiences=("exec",),
    )  # fmt: skip
    return Told(quotes=(quote,))


def test_what_was_told_is_kept_beside_it_and_not_in_the_log(store: Store) -> None:
    with store.write() as tx:
        tx.apply(decision(asked()), CIRC)
        tx.save_told("Q-0001", told("a secret"))
        tx.save_told("Q-0001", told("the secret"))
    with store.read() as reading:
        assert reading.told("Q-0001").quotes[0].text == "the secret"
        assert reading.told("Q-0009") == Told()
        assert "secret" not in "".join(str(row) for row in reading.audit())
    assert store.verify().sound


def test_a_lost_commit_keeps_neither_the_question_nor_what_was_told(store: Store) -> None:
    def killed() -> None:
        with store.write() as tx:
            tx.apply(decision(asked()), CIRC)
            tx.save_told("Q-0001", told("x"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    with store.read() as reading:
        assert reading.consultation("Q-0001") is None
        assert reading.told("Q-0001") == Told()


def test_the_state_and_its_columns_agree_after_a_change(store: Store) -> None:
    stored(store, asked())
    with store.write() as tx:
        there = tx.lock_consultation("Q-0001")
        assert there is not None
        later = there.model_copy(update={"state": "answer", "touched_at": NOW + HOUR, "narrow": True})
        tx.apply(decision(later), CIRC)
    assert store.verify().sound
    with store.read() as reading:
        found = reading.consultation("Q-0001")
        assert found is not None
        assert (found.revision, found.question) == (2, "Why?\x00 \ud83d")


def test_whom_passages_are_meant_for(store: Store) -> None:
    put(store, document("a.md"), document("b.md", audiences=("exec", "legal")))
    with store.read() as reading:
        passages = sorted(p for p, _ in corpus.without_vectors(reading.connection, "other", 10))
        found = consultations.meant_for(reading.connection, passages)
    assert found == {passages[0]: (("all",), ""), passages[1]: (("exec", "legal"), "")}


def test_a_section_is_read_whole_by_those_it_is_for(store: Store) -> None:
    put(store, document("a.md", "One. ", "Two."), document("b.md", "Secret.", audiences=("exec",)))
    with store.read() as reading:
        read = reading.connection
        assert section_text(read, "book", "a.md", "Part", ()) == "One. Two."
        assert section_text(read, "book", "a.md", "Other", ()) == ""
        assert section_text(read, "book", "b.md", "Part", ("hr",)) == ""
        assert section_text(read, "book", "b.md", "Part", ("exec",)) == "Secret."
