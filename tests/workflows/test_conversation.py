"""The conversation of a walk as people hold it: scene 2, and how it begins."""

from __future__ import annotations

from tests.workflows.talk import DANA, DEFAULT, HERE, STORY, Talk, finished
from workflows import conversation
from workflows.effects import ToPerson
from workflows.ids import Place, QuestionId
from workflows.questionnaire import missing, progress

# ------------------------------------------------------------------ scene 2


def test_the_first_sentence_is_not_asked_again() -> None:
    talk = Talk(STORY)
    assert talk.shown("name") == "Summarise claims calls"
    assert talk.value("users_expected") == 40
    assert talk.value("volume") == "300 calls a day"
    assert talk.value("problem") == STORY
    assert talk.walk.answers[QuestionId("users_expected")].how == "suggested"
    assert talk.question["picked"][:3] == ["name", "users_expected", "volume"]
    assert talk.question["question"] == "outcome_metric"
    left = progress(DEFAULT.intake, talk.walk)
    assert (left.steps_left, left.minutes_left) == (11, 6)


def test_a_vague_outcome_is_challenged_and_a_measurable_one_fills_all_its_parts() -> None:
    talk = Talk(STORY)
    talk.say("it should be more helpful for the agents")
    assert talk.question["challenge"] is True
    assert talk.value("outcome_metric") is None
    talk.say("after call work, 9 min now, 5 would be great, by end of june")
    assert (talk.value("outcome_metric"), talk.value("outcome_unit")) == ("after call work", "minutes")
    assert (talk.value("outcome_baseline"), talk.value("outcome_target")) == (9, 5)
    assert talk.value("outcome_by") == "2027-06-30"
    assert talk.at == "3 of 12"
    assert talk.question["noted"][0] == "outcome_metric"


def test_an_answer_and_a_question_in_one_message_are_both_taken() -> None:
    talk = Talk(STORY)
    talk.say("after call work from 9 to 5 minutes by end of june")
    talk.say("recordings and the claims system. wait, does a recording count as personal data?")
    assert talk.value("data_sources") == ["recordings", "core_system"]
    assert talk.value("personal_data") is True
    assert "personal_data" in talk.question["noted"]
    assert talk.asked_of_the_playbook == "does a recording count as personal data?"
    assert talk.walk.asking == "data_owner"


def test_a_question_alone_answers_nothing_and_the_walk_stays_where_it_was() -> None:
    talk = Talk(STORY)
    before = talk.walk
    talk.say("what counts as personal data?")
    assert talk.asked_of_the_playbook == "what counts as personal data?"
    assert talk.walk.answers == before.answers
    assert (talk.walk.asking, talk.walk.ask) == (before.asking, before.ask)


def test_the_second_vague_outcome_is_kept_and_its_figures_are_needed_to_submit() -> None:
    talk = Talk(STORY)
    talk.say("more helpful")
    talk.say("just more helpful")
    assert talk.value("outcome_metric") == "just more helpful"
    assert talk.walk.asking == "data_sources"
    gaps = {q.id for q in missing(DEFAULT.intake, talk.walk)}
    assert {"outcome_baseline", "outcome_target", "outcome_by"} <= gaps


def test_a_measurable_form_offered_in_the_challenge_is_taken_by_one_click() -> None:
    talk = Talk(STORY)
    talk.say("more helpful")
    talk.click("Minutes per case")
    assert talk.value("outcome_metric") == "Minutes per case"
    assert talk.walk.asking == "outcome_baseline"
    talk.say("9 now, 5 would be great by end of june")
    assert (talk.value("outcome_baseline"), talk.value("outcome_target")) == (9, 5)
    assert talk.value("outcome_by") == "2027-06-30"


def test_a_relative_aim_is_measured_against_the_figure_of_today() -> None:
    talk = Talk(STORY)
    talk.click("Minutes per case")
    talk.say("10 minutes")
    talk.say("20% less")
    assert talk.value("outcome_target") == 8


def test_what_must_not_get_worse_is_kept_beside_the_outcome() -> None:
    talk = Talk(STORY)
    talk.say("customer satisfaction from 3.9 to 4.4 by june. complaints must not rise")
    assert talk.value("outcome_metric") == "customer satisfaction"
    assert talk.value("outcome_constraints") == "complaints must not rise"


def test_a_file_sent_along_with_another_answer_is_kept() -> None:
    talk = Talk(STORY)
    attached = {"id": "F1", "name": "plan.pdf", "link": "https://files.example/F1"}
    said = conversation.Said(text="after call work from 9 to 5 minutes by june", user=DANA, files=(attached,))
    talk.do(conversation.hear, said)
    assert talk.value("documents") == [attached]
    assert talk.value("outcome_target") == 5
    assert talk.walk.asking == "data_sources"


def test_make_it_is_about_the_answer_just_given_that_it_fits() -> None:
    talk = finished()
    talk.fill({"users_expected": "40"})
    talk.fill({"outcome_constraints": "no complaints"})
    talk.say("make it 50")
    assert talk.value("users_expected") == 50


def test_a_question_that_the_program_no_longer_has_is_passed_over() -> None:
    talk = Talk(STORY)
    talk.walk = talk.walk.model_copy(update={"asking": QuestionId("asked_before_the_change")})
    talk.say("hello there, my answer is 5")
    assert talk.walk.asking == "outcome_metric"


def test_figures_without_a_name_are_kept_and_only_the_name_is_asked_for() -> None:
    talk = Talk(STORY)
    talk.say("from 9 to 5 minutes by end of june")
    assert talk.walk.asking == "outcome_metric"
    assert "figures" in talk.question["correction"]["text"]
    talk.say("after-call work")
    assert (talk.value("outcome_metric"), talk.value("outcome_target")) == ("after-call work", 5)
    assert talk.walk.asking == "data_sources"


# ------------------------------------------------------------------ beginning


def test_without_first_words_the_story_is_asked_for_and_then_read_like_a_first_sentence() -> None:
    talk = Talk("", place=None, entry="home")
    opening = talk.posted[0]
    assert opening.kind == "opening"
    assert opening.anchor
    assert opening.to == ToPerson(user=DANA)
    assert talk.walk.asking == "problem"
    talk.take(conversation.anchor(talk.walk, HERE))
    talk.say(STORY)
    assert talk.value("name") == "Summarise claims calls"
    assert talk.walk.asking == "outcome_metric"


def test_the_thread_is_known_once_and_never_moves() -> None:
    talk = Talk("", place=None, entry="home")
    talk.take(conversation.anchor(talk.walk, HERE))
    assert talk.walk.place == HERE
    assert conversation.anchor(talk.walk, Place(channel="C2", thread="9")).changed == ()


def test_suggestions_of_the_model_are_marked_and_rules_and_people_override_them() -> None:
    talk = Talk.__new__(Talk)
    Talk.__init__(talk, STORY)
    begun = talk.walk.model_copy(update={"status": "opening", "answers": {}, "ask": 0, "asking": None})
    talk.walk = begun
    talk.open(
        {QuestionId("autonomy"): ("assist", "could AI do that"), QuestionId("users_expected"): (7, "wrong")}
    )
    assert talk.value("autonomy") == "assist"
    assert talk.walk.answers[QuestionId("autonomy")].reason == "could AI do that"
    assert talk.value("users_expected") == 40
    talk.say("change the autonomy to it acts by itself")
    assert talk.value("autonomy") == "act_alone"
    assert talk.walk.answers[QuestionId("autonomy")].how == "said"


def test_a_suggestion_that_is_no_option_is_left_out() -> None:
    talk = Talk("")
    talk.walk = talk.walk.model_copy(update={"status": "opening", "ask": 0, "asking": None})
    talk.open({QuestionId("autonomy"): ("nonsense", "x"), QuestionId("nowhere"): ("x", "y")})
    assert talk.value("autonomy") is None


def test_words_that_come_before_the_opening_belong_to_the_story() -> None:
    talk = Talk("we copy invoices by hand")
    talk.walk = talk.walk.model_copy(update={"status": "opening", "answers": {}, "ask": 0, "asking": None})
    talk.do(conversation.hear, conversation.Said(text="about 12 colleagues", user=DANA))
    talk.open()
    assert talk.value("problem") == "we copy invoices by hand\nabout 12 colleagues"
    assert talk.value("users_expected") == 12


def test_opening_twice_does_nothing_the_second_time() -> None:
    talk = Talk(STORY)
    assert talk.open().effects == ()
