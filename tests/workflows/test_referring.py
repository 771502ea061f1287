"""Whom a question goes to that the playbook does not answer, and what becomes of the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.workflows.asking import (
    GROUPS,
    HERE,
    OFFICE,
    PAGE,
    PEOPLE,
    TODAY,
    abstained,
    do,
    offered,
    quote,
    referred,
    stored,
    told,
)
from tests.workflows.office import (
    ADA,
    DANA,
    INES,
    LEE,
    MO,
    NOW,
    OLD,
    PRIYA,
    kinds,
    posts,
    refusal,
)
from workflows import promoting, referring
from workflows.champions import Champion, next_champion
from workflows.consultation import Consultation
from workflows.decision import Decision
from workflows.people import Directory
from workflows.program import Consulting
from workflows.promoting import Page


def champion(consultation: Consultation, directory: Directory = PEOPLE) -> Champion | None:
    return next_champion(consultation, OFFICE, directory, NOW)


def test_the_champion_of_the_nearest_document_comes_first() -> None:
    here, _ = told("abstain", quote(function="Legal"), probability=0.3)
    assert champion(here) == Champion(user=INES, function="legal")


def test_then_the_champion_of_the_askers_own_function() -> None:
    assert champion(abstained()) == Champion(user=LEE, function="claims")


def test_and_last_the_program_team_so_that_it_never_goes_nowhere() -> None:
    assert champion(abstained(asker=MO)) == Champion(user=ADA)
    alone = Directory(people=PEOPLE.people, groups={"ai-program": (MO,), "exec": ()})
    assert champion(abstained(), alone) == Champion(user=MO)


def test_champions_do_not_answer_themselves() -> None:
    assert champion(abstained(asker=LEE)) == Champion(user=MO)


def test_a_champion_who_left_is_passed_over() -> None:
    gone = {**PEOPLE.people, LEE: PEOPLE.person(LEE).model_copy(update={"active": False})}
    assert champion(abstained(), Directory(people=gone, groups=GROUPS)) == Champion(user=MO)


def test_a_program_without_champions_asks_its_team() -> None:
    plain = OFFICE.model_copy(update={"consulting": Consulting()})
    assert next_champion(abstained(), plain, PEOPLE, NOW) == Champion(user=MO)


def test_asking_tells_the_champion_and_plans_one_reminder_and_an_end() -> None:
    decision = do(abstained(), referring.refer, DANA)
    assert [p.to.user for p in posts(decision, "referral")] == [LEE]
    planned = {e.name: e.due for e in decision.effects if e.effect == "later" and "referral" in e.name}
    # Lee works from nine to five in New York, where it is four in the morning.
    assert planned == {
        "remind_referral": datetime(2026, 11, 23, 18, tzinfo=UTC),
        "expire_referral": datetime(2026, 11, 24, 22, tzinfo=UTC),
    }


def test_asking_twice_asks_once_and_only_the_asker_may() -> None:
    here = stored(do(abstained(), referring.refer, DANA))
    assert refusal(do(here, referring.refer, DANA)) == "asked_already"
    assert refusal(do(abstained(), referring.refer, MO)) == "only_the_asker"
    assert refusal(do(abstained(asker=OLD), referring.refer, OLD)) == "not_your_question"


def test_where_nobody_is_left_it_is_said_and_listed() -> None:
    empty = Directory(people=PEOPLE.people, groups={"owners": (PRIYA,)})
    decision = do(abstained(), referring.refer, DANA, directory=empty)
    (whisper,) = [e for e in decision.effects if e.effect == "whisper"]
    assert whisper.data["message"] == "nobody_to_ask"
    assert [e.name for e in decision.effects if e.effect == "later"] == ["list_gaps"]
    assert not decision.changed


def test_an_answer_goes_to_the_asker_and_is_offered_to_the_owners_of_the_playbook() -> None:
    decision = do(referred(), referring.answer_referral, LEE, referral="R1", text="Seven.")
    assert [p.to.place for p in posts(decision, "champion_answer")] == [HERE]
    assert [p.to.user for p in posts(decision, "promotion")] == [PRIYA, ADA]
    assert [e.key for e in decision.effects if e.effect == "forget"] == ["referral/Q-0001"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 3001])
def test_an_answer_says_something_that_fits(text: str) -> None:
    assert set(do(referred(), referring.answer_referral, LEE, referral="R1", text=text).problems) == {"text"}


def test_only_the_person_asked_answers_and_only_once() -> None:
    here = referred()
    assert refusal(do(here, referring.answer_referral, MO, referral="R1", text="x")) == "referral_not_yours"
    assert refusal(do(here, referring.answer_referral, LEE, referral="R9", text="x")) == "referral_gone"
    here = stored(do(here, referring.answer_referral, LEE, referral="R1", text="Seven."))
    again = do(here, referring.answer_referral, LEE, referral="R1", text="Eight.")
    assert refusal(again) == "referral_answered_by_you"


def test_passing_on_goes_to_somebody_new_who_is_there() -> None:
    here = referred()
    for to in (DANA, LEE, OLD):
        assert set(do(here, referring.pass_on, LEE, referral="R1", to=to).problems) == {"to"}
    decision = do(here, referring.pass_on, LEE, referral="R1", to=INES)
    here = stored(decision)
    assert [(r.to, r.function, r.status) for r in here.referrals] == [
        (LEE, "claims", "passed"),
        (INES, "legal", "open"),
    ]
    assert refusal(do(here, referring.answer_referral, LEE, referral="R1", text="x")) == "referral_passed"
    assert refusal(do(here, referring.not_known, LEE, referral="R1")) == "referral_passed"


def test_who_does_not_know_is_not_asked_again() -> None:
    here = stored(do(referred(), referring.not_known, LEE, referral="R1"))
    assert champion(here) == Champion(user=MO)
    assert refusal(do(here, referring.pass_on, LEE, referral="R1", to=INES)) == "referral_over"
    here = stored(do(here, referring.refer, DANA))
    assert here.referral is not None
    assert here.referral.to == MO


def test_a_late_answer_counts_and_settles_what_was_asked_meanwhile() -> None:
    here = stored(do(referred(), referring.expire, DANA, referral="R1"))
    here = stored(do(here, referring.refer, DANA))
    here = stored(do(here, referring.answer_referral, LEE, referral="R1", text="Seven."))
    assert [r.status for r in here.referrals] == ["answered", "settled"]
    late = do(here, referring.answer_referral, MO, referral="R2", text="Eight.")
    assert refusal(late) == "referral_answered_already"


def test_what_falls_due_after_an_answer_does_nothing() -> None:
    here = stored(do(referred(), referring.answer_referral, LEE, referral="R1", text="Seven."))
    for rule in (referring.remind, referring.expire):
        assert do(here, rule, DANA, referral="R1") == Decision()


def test_a_champion_who_left_hands_the_question_to_the_next() -> None:
    gone = {**PEOPLE.people, LEE: PEOPLE.person(LEE).model_copy(update={"active": False})}
    directory = Directory(people=gone, groups=GROUPS)
    decision = do(referred(), referring.remind, DANA, referral="R1", directory=directory)
    here = stored(decision)
    assert [(r.to, r.status) for r in here.referrals] == [(LEE, "left"), (MO, "open")]
    assert "referral_news" in kinds(decision)


def test_an_owner_takes_the_page_in_as_they_wrote_it_and_its_text_is_not_in_the_state() -> None:
    decision = do(offered(), promoting.add, ADA, page=PAGE, today=TODAY)
    (work,) = [e for e in decision.effects if e.effect == "work"]
    assert (work.name, work.data["text"]) == ("add_to_corpus", "Seven per cent.")
    here = stored(decision)
    assert here.promotion is not None
    assert (here.promotion.status, here.promotion.path) == ("added", "q-0001.md")
    assert "Seven per cent." not in here.model_dump_json()


def test_only_owners_decide_and_only_once() -> None:
    here = offered()
    assert refusal(do(here, promoting.add, LEE, page=PAGE, today=TODAY)) == "not_your_playbook"
    declined = stored(do(here, promoting.decline, PRIYA))
    assert refusal(do(declined, promoting.add, ADA, page=PAGE, today=TODAY)) == "promotion_declined_already"
    added = stored(do(here, promoting.add, PRIYA, page=PAGE, today=TODAY))
    assert refusal(do(added, promoting.decline, ADA)) == "promotion_added_already"
    assert refusal(do(abstained(), promoting.add, ADA, page=PAGE, today=TODAY)) == "promotion_gone"


def test_a_page_needs_words_and_a_day_to_come() -> None:
    bad = Page(title=" ", section="x" * 200, text="…", review_date="2026-11-23")
    problems = do(offered(), promoting.add, ADA, page=bad, today=TODAY).problems
    assert set(problems) == {"title", "section", "text", "review_date"}
