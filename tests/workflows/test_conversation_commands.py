"""Commands, other people, old buttons and time: a walk that is asked about, saved, cancelled, left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.talk import DEFAULT, LEE, STORY, Talk, finished
from workflows import conversation
from workflows.effects import Forget, Later, Post, Refresh, Whisper
from workflows.ids import QuestionId

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
