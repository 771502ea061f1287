"""Questions to the playbook: what is kept, what is told to whom, and what people say of it."""

from __future__ import annotations

from tests.workflows.asking import (
    CHANNEL,
    HERE,
    OFFICE,
    PEOPLE,
    asked,
    do,
    quote,
    stored,
    told,
)
from tests.workflows.office import (
    DANA,
    MO,
    posts,
    refusal,
)
from tests.workflows.office import circ as circumstances
from workflows import consulting
from workflows.consultation import Consultation, Told
from workflows.consulting import Found
from workflows.decision import Decision
from workflows.ids import ConsultationId


def test_a_question_is_kept_and_answered_after_the_commit() -> None:
    decision = consulting.ask(ConsultationId("Q-0001"), " Why? ", DANA, HERE, True, circumstances(DANA))
    (kept,) = decision.changed
    assert isinstance(kept, Consultation)
    assert (kept.question, kept.state) == ("Why?", "pending")
    assert [e.name for e in decision.effects if e.effect == "work"] == ["answer_question"]


def test_an_answer_goes_into_the_thread_as_a_card() -> None:
    found = Found(state="answer", how="quotes", probability=0.9, corpus_version=3)
    decision, _ = consulting.answered(
        asked(), found, Told(quotes=(quote(),)), OFFICE, PEOPLE, circumstances(DANA)
    )
    (post,) = posts(decision, "answer")
    assert (post.to.place, post.card) == (HERE, "answer")


def test_what_is_not_for_everybody_is_left_out_where_others_read_along() -> None:
    narrow = quote("Forty per cent.", ("exec",))
    here, kept = told("answer", narrow)
    assert (here.state, here.narrow, kept.quotes) == ("answer", True, (narrow,))
    there, kept = told("answer", narrow, place=CHANNEL)
    assert (there.state, there.narrow, kept.quotes) == ("abstain", False, ())


def test_nothing_that_was_quoted_is_in_the_state_which_the_audit_log_keeps() -> None:
    here, _ = told("answer", quote("Forty per cent.", ("exec",)))
    assert "Forty" not in here.model_dump_json()
    assert "Jurisdictions" not in here.model_dump_json()


def test_the_second_answer_to_a_question_changes_nothing() -> None:
    here, _ = told("answer", quote())
    found = Found(state="abstain", how="quotes", probability=0.0, corpus_version=4)
    decision, _ = consulting.answered(here, found, Told(), OFFICE, PEOPLE, circumstances(DANA))
    assert decision == Decision()


def test_quotes_far_behind_the_best_are_not_shown() -> None:
    here, kept = told("answer", quote(score=10.0), quote("b", score=6.0), quote("c", score=3.0))
    assert [q.text for q in consulting.shown(here.state, kept)] == ["Seven per cent.", "b"]


def test_what_is_nearest_to_nothing_is_neither_shown_nor_followed() -> None:
    here, kept = told("abstain", quote(), probability=0.02)
    assert (kept.quotes, here.functions) == ((), ())
    here, kept = told("abstain", quote(), probability=0.2)
    assert (len(kept.quotes), here.functions) == (1, ("legal",))


def test_each_person_has_one_rating_and_may_change_it() -> None:
    here, _ = told("answer", quote(), place=CHANNEL)
    here = stored(do(here, consulting.rate, MO, of="playbook", helpful=True, at=CHANNEL))
    here = stored(do(here, consulting.rate, MO, of="playbook", helpful=False, at=CHANNEL))
    here = stored(do(here, consulting.rate, DANA, of="playbook", helpful=True, at=CHANNEL))
    assert [(r.by, r.helpful) for r in here.ratings] == [(MO, False), (DANA, True)]


def test_an_answer_in_a_direct_message_is_rated_by_nobody_else() -> None:
    here, _ = told("answer", quote())
    decision = do(here, consulting.rate, MO, of="playbook", helpful=True, at=HERE)
    assert refusal(decision) == "not_your_question"
    assert not decision.changed
