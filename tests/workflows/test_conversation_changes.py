"""Out of order and changes of mind: a walk as people hold it, in conversation and in the form."""

from __future__ import annotations

import pytest

from tests.workflows.talk import DEFAULT, DIRECTORY, LEE, MO, STORY, Talk, finished
from workflows import conversation
from workflows.effects import Refresh
from workflows.ids import QuestionId
from workflows.questionnaire import missing


def test_answers_to_other_questions_are_taken_and_the_asked_one_stays() -> None:
    talk = Talk(STORY)
    talk.say("oh and Lee owns the system, it's internal only")
    assert talk.value("data_owner") == LEE
    assert talk.value("audience") == "internal"
    assert talk.walk.asking == "outcome_metric"
    assert talk.value("outcome_metric") is None
    assert set(talk.question["noted"]) >= {"data_owner", "audience"}


@pytest.mark.parametrize(
    ("words", "question", "value"),
    [
        ("make the owner @mo", "business_owner", MO),
        ("no wait, 60 users", "users_expected", 60),
        ("change users to 60", "users_expected", 60),
        ("actually the number of users is 55", "users_expected", 55),
        ("please change the name to Call notes", "name", "Call notes"),
    ],
)
def test_an_earlier_answer_is_changed_in_passing(words: str, question: str, value: object) -> None:
    talk = Talk(STORY)
    talk.say(words)
    assert talk.value(question) == value
    assert talk.walk.asking == "outcome_metric"
    assert talk.question["changed"] is True


def test_changing_without_saying_to_what_asks_that_question_and_comes_back() -> None:
    talk = finished()
    talk.say("change the harm")
    assert talk.walk.asking == "harm"
    talk.say("hardly noticeable")
    assert talk.value("harm") == "negligible"
    assert talk.walk.status == "reviewing"
    assert [p.kind for p in talk.posted] == ["question", "review"]


def test_a_change_that_does_not_fit_is_corrected_and_asked() -> None:
    talk = finished()
    talk.say("change the pilot date to 31 February")
    assert talk.walk.asking == "release_by"
    assert "does not exist" in talk.question["correction"]["text"]
    talk.say("28 February")
    assert talk.walk.status == "reviewing"
    assert talk.value("release_by") == "2027-02-28"


def test_a_change_that_opens_new_questions_asks_them_before_the_review() -> None:
    talk = finished()
    talk.say("change the harm to severe")
    assert talk.value("harm") == "severe"
    assert talk.walk.status == "asking"
    assert talk.walk.asking == "decides_about_people"


def test_back_goes_from_question_to_question_and_keeps_the_answers() -> None:
    talk = Talk(STORY)
    talk.say("after call work from 9 to 5 minutes by end of june")
    talk.say("recordings")
    talk.say("go back")
    assert talk.walk.asking == "data_sources"
    assert talk.value("data_sources") == ["recordings"]
    talk.say("one back please")
    assert talk.walk.asking == "outcome_metric"
    talk.say("back")
    assert talk.sentence == "nothing_before"
    talk.say("keep it")
    assert talk.walk.asking == "data_owner"
    assert talk.value("outcome_metric") == "after call work"


def test_only_what_is_optional_is_skipped_and_otherwise_the_reason_is_told() -> None:
    talk = Talk(STORY)
    talk.say("skip")
    assert talk.sentence == "cannot_skip"
    assert talk.walk.asking == "outcome_metric"
    talk.do(conversation.change, QuestionId("link"))
    talk.say("skip it")
    assert "link" in talk.walk.skipped
    assert talk.walk.asking == "outcome_metric"


def test_nobody_is_stuck_on_what_they_do_not_know() -> None:
    talk = Talk(STORY)
    talk.say("after call work from 9 to 5 minutes by end of june")
    talk.say("I don't know")
    assert "guess" in talk.question["correction"]["text"]
    talk.say("no idea")
    assert talk.sentence == "put_aside"
    assert talk.walk.asking == "data_owner"
    assert "data_sources" in {q.id for q in missing(DEFAULT.intake, talk.walk)}


def test_a_wrong_answer_gets_a_specific_correction_with_an_example() -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId("release_by"))
    talk.say("31 February")
    assert talk.question["correction"] == {
        "text": "I read 31 February, which does not exist: February 2027 has 28 days.",
        "example": "28 February 2027",
    }
    assert talk.walk.asking == "release_by"


@pytest.mark.parametrize("words", ["thanks", "ok", "hmm", "let me think"])
def test_small_talk_is_no_answer(words: str) -> None:
    talk = Talk(STORY)
    before = talk.walk
    talk.say(words)
    assert talk.walk.answers == before.answers
    assert talk.walk.ask == before.ask
    assert talk.sentence == "nod"


def test_emoji_and_nothing_at_all_are_kindly_corrected() -> None:
    talk = Talk(STORY)
    talk.say(":tada:")
    assert talk.question["correction"]
    talk.say("")
    assert talk.question["correction"]


def test_a_thumb_answers_yes_or_no_and_nothing_else() -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId("data_owner"))
    talk.say(":thumbsup:")
    assert "no words" in talk.question["correction"]["text"]
    talk.do(conversation.change, QuestionId("personal_data"))
    talk.say(":thumbsup:")
    assert talk.value("personal_data") is True


def test_forty_thousand_characters_lose_nothing() -> None:
    talk = Talk(STORY)
    before = talk.walk.answers
    talk.say("word " * 8000)
    assert "nothing is lost" in talk.question["correction"]["text"]
    assert talk.walk.answers == before


def test_a_form_writes_the_same_draft_and_the_conversation_goes_on_after_it() -> None:
    talk = Talk(STORY)
    talk.fill(
        {"outcome_metric": "after call "
                           "work", "outcome_baseline": "9", "outcome_target": "5", "outcome_by": "2027-06-30",
         "data_sources": ["core_system", "recordings"], "data_owner": "U0LEE", "name": "Summarise claims "
             "calls"}
    )  # fmt: skip
    assert talk.value("data_sources") == ["recordings", "core_system"]
    assert talk.value("outcome_baseline") == 9
    assert talk.walk.answers[QuestionId("name")].how == "form"
    assert talk.walk.asking == "data_sensitivity"


def test_problems_in_a_form_are_told_field_by_field_and_nothing_changes() -> None:
    talk = Talk(STORY)
    decision = talk.fill(
        {"outcome_metric": "more helpful", "outcome_baseline": "lots", "data_owner": "U0LEE"}
    )
    assert set(decision.problems) == {"outcome_metric", "outcome_baseline"}
    assert decision.changed == ()


def test_a_field_left_empty_takes_its_answer_away_but_not_a_file() -> None:
    talk = Talk(STORY)
    attached = [{"id": "F1", "name": "plan.pdf", "link": ""}]
    talk.fill({"documents": attached})
    talk.fill({"volume": None, "documents": None})
    assert talk.value("volume") is None
    assert talk.value("documents") == attached


def test_a_pencil_changes_one_answer_and_redraws_the_review() -> None:
    talk = finished()
    talk.fill({"users_expected": "60"}, single=True)
    assert talk.walk.status == "reviewing"
    assert talk.posted == []
    assert Refresh(subject=talk.walk.subject, card="review") in talk.last.effects


def test_a_form_half_filled_in_shows_the_questions_that_now_apply() -> None:
    talk = Talk(STORY)
    seen = conversation.as_if(
        talk.walk,
        {QuestionId("build_or_buy"): "buy", QuestionId("users_expected"): "lots"},
        DEFAULT,
        DIRECTORY,
        talk.circ(),
    )
    assert seen.answers[QuestionId("build_or_buy")].value == "buy"
    assert seen.answers[QuestionId("users_expected")].value == 40
