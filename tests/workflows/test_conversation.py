"""The conversation of a walk as people hold it: scene 2, digressions, changes of mind, clicks, time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.talk import DANA, DEFAULT, DIRECTORY, HERE, LEE, MO, STORY, Talk
from workflows import conversation, intake
from workflows.effects import Forget, Later, Post, Refresh, ToPerson, Whisper, Work
from workflows.ids import Place, QuestionId, UseCaseId
from workflows.questionnaire import missing, progress
from workflows.use_case import UseCase

REST = [
    "claims "
    "agents", "it drafts and people decide", "our own people", "a nuisance", "none of these", "internal",
    "the EU", "we have a licence", "next March", "@lee",
]  # fmt: skip


def finished() -> Talk:
    """A walk on its review card."""
    talk = Talk(STORY)
    for words in (
        "after call work, 9 min now, 5 would be great, by end of june",
        "recordings",
        "@lee",
        "internal",
    ):
        talk.say(words)
    for words in REST:
        talk.say(words)
    assert talk.walk.status == "reviewing", (talk.walk.asking, talk.last)
    return talk


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


# ------------------------------------------------------------------ out of order, and changes of mind


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


# ------------------------------------------------------------------ commands


@pytest.mark.parametrize(
    ("words", "kind"), [("show what I have", "summary"), ("why?", "why"), ("help", "walk_help")]
)
def test_asking_about_the_walk_leaves_it_where_it_is(words: str, kind: str) -> None:
    talk = Talk(STORY)
    before = (talk.walk.asking, talk.walk.ask, talk.walk.answers)
    talk.say(words)
    assert [p.kind for p in talk.posted] == [kind]
    assert (talk.walk.asking, talk.walk.ask, talk.walk.answers) == before


@pytest.mark.parametrize(
    ("words", "key"), [("give me the form", "form_offer"), ("where is my use case?", "where_draft")]
)
def test_a_form_or_the_whereabouts_are_told_in_a_sentence(words: str, key: str) -> None:
    talk = Talk(STORY)
    talk.say(words)
    assert talk.sentence == key


def test_a_saved_draft_goes_on_where_it_was_with_a_word_or_with_an_answer() -> None:
    talk = Talk(STORY)
    talk.say("let's continue tomorrow")
    assert talk.walk.status == "saved"
    talk.say("I'm back")
    assert (talk.walk.status, talk.walk.asking) == ("asking", "outcome_metric")
    assert talk.sentence == "resumed"
    talk.say("save for later")
    talk.say("after call work from 9 to 5 minutes by end of june")
    assert talk.value("outcome_target") == 5
    assert talk.walk.asking == "data_sources"


def test_cancelling_in_words_asks_once_and_a_no_goes_on() -> None:
    talk = Talk(STORY)
    talk.say("cancel")
    assert (talk.walk.status, talk.sentence) == ("asking", "cancel_sure")
    talk.say("no")
    assert talk.walk.status == "asking"
    assert talk.walk.asking == "outcome_metric"
    talk.say("forget it")
    talk.say("yes")
    assert talk.walk.status == "cancelled"
    assert talk.use_case.stage == "archived"
    assert {e.key for e in talk.last.effects if isinstance(e, Forget)} == {"nudge/W-1", "expire/W-1"}


def test_after_are_you_sure_an_answer_is_an_answer() -> None:
    talk = Talk(STORY)
    talk.say("cancel")
    talk.say("after call work from 9 to 5 minutes by end of june")
    assert talk.walk.asking == "data_sources"


def test_a_cancelled_draft_is_taken_up_again_with_all_its_answers() -> None:
    talk = Talk(STORY)
    talk.do(conversation.cancel)
    answers = talk.walk.answers
    talk.do(conversation.resume)
    assert (talk.walk.status, talk.use_case.stage) == ("asking", "draft")
    assert talk.walk.answers == answers


# ------------------------------------------------------------------ other people, old buttons


def test_someone_elses_message_is_no_answer_and_is_told_so_once() -> None:
    talk = Talk(STORY)
    before = talk.walk.answers
    talk.say("from 9 to 5 minutes", user=LEE)
    told = [e for e in talk.last.effects if isinstance(e, Whisper)]
    assert [(w.user, w.data["message"]) for w in told] == [(LEE, "not_yours")]
    assert talk.walk.answers == before
    talk.say("really, from 9 to 5 minutes", user=LEE)
    assert talk.last.effects == ()


def test_someone_elses_click_changes_nothing_and_is_recorded() -> None:
    talk = finished()
    for decision in (
        talk.click("internal", "data_sensitivity", user=LEE),
        talk.do(conversation.fill, {QuestionId("name"): "Mine"}, user=LEE),
    ):
        assert decision.changed == ()
        assert decision.entries[0].refused


def test_an_old_button_is_kindly_refused_and_the_same_click_twice_is_harmless() -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId("autonomy"))
    number = talk.walk.ask
    talk.click("assist")
    talk.click("assist", "autonomy", number)
    assert talk.last.changed == ()
    assert talk.last.effects == ()
    talk.click("act_alone", "autonomy", number)
    assert talk.sentence == "old_button"
    assert talk.value("autonomy") == "assist"


def test_the_card_of_an_earlier_time_the_same_question_was_asked_is_old() -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId("autonomy"))
    number = talk.walk.ask
    talk.say("thanks for asking, but 12 and 15")
    assert (talk.walk.asking, talk.walk.ask) == ("autonomy", number + 1)
    talk.click("assist", "autonomy", number)
    assert talk.value("autonomy") is None
    assert talk.sentence == "old_button"


def test_a_forged_value_is_corrected_and_not_kept() -> None:
    talk = Talk(STORY)
    talk.do(conversation.change, QuestionId("autonomy"))
    talk.click("become_king")
    assert talk.value("autonomy") is None
    assert talk.question["correction"]


def test_the_card_that_was_answered_is_redrawn_without_its_buttons() -> None:
    talk = Talk(STORY)
    number = talk.walk.ask
    talk.say("after call work from 9 to 5 minutes by end of june")
    assert Refresh(subject=talk.walk.subject, card=f"ask:{number}") in talk.last.effects


# ------------------------------------------------------------------ the form


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


# ------------------------------------------------------------------ time


def test_every_touch_moves_the_nudge_and_the_expiry() -> None:
    talk = Talk(STORY)
    talk.say("thanks")
    due = {e.name: e.due for e in talk.last.effects if isinstance(e, Later)}
    assert due["nudge_draft"] == talk.now + timedelta(hours=DEFAULT.drafts.nudge_after_hours)
    assert due["expire_draft"] == talk.now + timedelta(days=DEFAULT.drafts.expire_after_days)


def test_an_idle_draft_is_nudged_once_and_a_touched_one_is_left_alone() -> None:
    talk = Talk(STORY)
    assert talk.do(conversation.nudge).effects == ()
    talk.now += timedelta(hours=DEFAULT.drafts.nudge_after_hours)
    assert [p.kind for p in talk.do(conversation.nudge).effects if isinstance(p, Post)] == ["nudge"]
    talk.now += timedelta(days=3)
    assert talk.do(conversation.nudge).effects == ()


def test_a_draft_that_nobody_touches_expires_and_can_be_taken_up_again() -> None:
    talk = Talk(STORY)
    assert talk.do(conversation.expire).changed == ()
    talk.now += timedelta(days=DEFAULT.drafts.expire_after_days)
    talk.do(conversation.expire)
    assert (talk.walk.status, talk.sentence, talk.use_case.stage) == ("expired", "expired", "archived")
    talk.do(conversation.resume)
    assert (talk.walk.status, talk.use_case.stage) == ("asking", "draft")


# ------------------------------------------------------------------ one who talks, one who clicks


def test_whoever_talks_with_typos_out_of_order_and_changing_their_mind_submits_what_a_clicker_does() -> None:
    talker = Talk(STORY)
    for words in (
        "oh and Lee owns the system, it's internal only",
        "it should be more helpful",
        "hm ok: after call work, 9 min now, 4 would be great, by end of june",
        "recordigns and the core system",
        "sorry, the target is 5 minutes",
        "confidental",
        "yes, callers",
        "claims agents",
        "what happens if it acts alone?",
        "the first one",
        "our own poeple",
        "serious. no wait, a nuisence",
        "none of them",
        "EU",
        "we have a licence",
        "next Mrach",
        "back",
        "end of february",
        "@mo and",
        "actually, make the technical owner @lee",
    ):
        talker.say(words)
    assert talker.walk.status == "reviewing", talker.walk.asking
    clicker = Talk(STORY)
    clicks = {
        "outcome_metric": None,
        "data_sources": ["core_system", "recordings"],
        "data_owner": LEE,
        "data_sensitivity": "confidential",
        "personal_data": True,
        "audience_users": None,
        "autonomy": "assist",
        "affected": "employees",
        "harm": "inconvenience",
        "prohibited_uses": ["none"],
        "audience": "internal",
        "jurisdictions": ["eu"],
        "build_or_buy": "existing",
        "release_by": "2027-02-28",
        "technical_owner": LEE,
    }
    typed = {
        "outcome_metric": "after call work from 9 to 5 minutes by end of june",
        "audience_users": "claims agents",
    }
    while clicker.walk.asking:
        asked = clicker.walk.asking
        if asked in typed:
            clicker.say(typed[asked])
        else:
            clicker.click(clicks[asked])
    for talk in (talker, clicker):
        talk.submit()
        assert talk.walk.status == "submitted"

    def answers(talk: Talk) -> dict[str, object]:
        derived = ("system_of_record",)  # read out of the words, so only the talker's
        return {q: a.value for q, a in talk.use_case.answers.items() if q not in derived}

    assert answers(talker) == answers(clicker)
    assert talker.use_case.assessment == clicker.use_case.assessment


# ------------------------------------------------------------------ submission


def test_submitting_copies_the_answers_that_count_and_opens_the_approval() -> None:
    talk = finished()
    talk.say("looks good")
    assert any(isinstance(e, Work) and e.name == "submit_walk" for e in talk.last.effects)
    talk.submit()
    assert talk.walk.status == "submitted"
    assert talk.use_case.title == "Summarise claims calls"
    assert talk.use_case.assessment is not None
    assert talk.use_case.home == HERE
    assert talk.use_case.stage in ("in_review", "approved_for_pilot")
    assert talk.approval is not None
    assert talk.approval.use_case == talk.use_case.id
    assert all(a.how != "suggested" for a in talk.use_case.answers.values())


def test_hidden_answers_stay_with_the_draft_and_are_not_submitted() -> None:
    talk = finished()
    talk.say("change build or buy to buy")
    talk.say("Contoso")
    talk.say("change build or buy to build")
    assert talk.value("vendor") == "Contoso"
    talk.submit()
    assert QuestionId("vendor") not in talk.use_case.answers


def test_an_incomplete_draft_is_not_submitted_and_says_what_is_missing() -> None:
    talk = Talk(STORY)
    talk.submit()
    assert talk.use_case.stage == "draft"
    assert talk.last.entries[0].refused
    assert "outcome_target" in talk.last.entries[0].detail["missing"]
    assert [p.kind for p in talk.posted] == ["review"]


def test_submitting_twice_submits_once() -> None:
    talk = finished()
    talk.submit()
    first = talk.use_case
    talk.submit()
    assert talk.last.changed == ()
    assert talk.last.entries[0].refused
    assert talk.use_case == first


def test_a_submission_taken_back_keeps_every_answer_and_can_be_submitted_again() -> None:
    talk = finished()
    talk.fill({"data_sensitivity": "restricted"})
    talk.submit()
    assert talk.approval is not None
    answers = {q: a.value for q, a in talk.walk.answers.items()}
    talk.take(intake.withdraw(talk.walk, talk.use_case, talk.approval, talk.program, DIRECTORY, talk.circ()))
    assert (talk.use_case.stage, talk.walk.status) == ("draft", "reviewing")
    assert {q: a.value for q, a in talk.walk.answers.items()} == answers
    talk.submit()
    assert talk.walk.status == "submitted"


def test_after_a_rejection_the_draft_opens_again_with_every_answer() -> None:
    talk = finished()
    talk.submit()
    talk.use_case = talk.use_case.model_copy(update={"stage": "rejected"})
    talk.do(intake.reopen_for_changes)
    assert (talk.use_case.stage, talk.walk.status) == ("draft", "reviewing")


def test_a_score_is_corrected_with_a_reason_and_taken_back_by_the_computed_one() -> None:
    talk = finished()
    card = DEFAULT.scorecard
    dimension = DEFAULT.scorecards[card].dimensions[0].id
    assert set(talk.do(intake.override_score, card, "nonsense", 9, " ").problems) == {
        "dimension",
        "value",
        "reason",
    }
    computed = next(v for v in range(1, 6) if not _overridden(talk, card, dimension, v))
    other = 1 if computed != 1 else 2
    talk.do(intake.override_score, card, dimension, other, "we know better")
    assert [(o.value, o.reason) for o in talk.use_case.overrides] == [(other, "we know better")]
    talk.do(intake.override_score, card, dimension, computed, "after all")
    assert talk.use_case.overrides == ()


def _overridden(talk: Talk, card: str, dimension: str, value: int) -> bool:
    decision = intake.override_score(
        talk.walk, talk.use_case, card, dimension, value, "why", talk.program, DIRECTORY, talk.circ()
    )
    return any(isinstance(a, UseCase) and a.overrides for a in decision.changed)


def test_joining_another_use_case_puts_the_draft_away_and_tells_its_owner() -> None:
    talk = finished()
    other = UseCase(
        id=UseCaseId("UC-9"), title="Chat wrap-up", submitter=LEE, program=DEFAULT.stamp, created_at=talk.now
    )
    talk.do(intake.join, other)
    assert talk.walk.status == "cancelled"
    said = {p.data["message"]: p.to for p in talk.posted}
    assert said["wants_to_join"] == ToPerson(user=LEE)
    assert "joined" in said


def test_building_on_another_use_case_is_noted_and_the_draft_goes_on() -> None:
    talk = finished()
    other = UseCase(
        id=UseCaseId("UC-9"), title="Chat wrap-up", submitter=LEE, program=DEFAULT.stamp, created_at=talk.now
    )
    talk.do(intake.reuse, other)
    assert talk.walk.status == "reviewing"
    assert talk.sentence == "reuse_noted"


def test_every_sentence_that_a_walk_says_is_in_the_program() -> None:
    keys = {
        "not_yours",
        "old_button",
        "nothing_before",
        "cannot_skip",
        "which_change",
        "saved",
        "resumed",
        "cancel_sure",
        "not_cancelled",
        "cancelled",
        "expired",
        "finished_thread",
        "nod",
        "form_offer",
        "where_draft",
        "put_aside",
        "not_yet_complete",
        "a_guess_will_do",
        "joined",
        "wants_to_join",
        "reuse_noted",
        "score_unknown",
        "score_range",
        "score_reason_needed",
    }
    assert keys <= set(DEFAULT.messages)
