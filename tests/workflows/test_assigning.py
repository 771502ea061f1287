"""One question handed to the person who knows: asked, answered, given back, handed on, reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.workflows.shared import CHECKLIST, DANA, INES, LEE, MO, PRIYA, PROGRAM, Shared
from tests.workflows.talk import DIRECTORY, Talk, finished
from workflows import assigning, conversation, inviting
from workflows.decision import Circumstances
from workflows.ids import QuestionId, UserId
from workflows.words.handing import Handed, not_me, read_handed, read_invited

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "to", "question", "due", "note"),
    [
        ("ask @lee", LEE, None, None, ""),
        ("@lee knows", LEE, None, None, ""),
        ("<@U0LEE> would know that", LEE, None, None, ""),
        ("Lee knows", LEE, None, None, ""),
        ("I don't know, ask @mo", MO, None, None, ""),
        ("assign to @lee by Friday", LEE, None, date(2026, 11, 27), ""),
        ("ask @lee about the evaluation", LEE, "evaluation", None, ""),
        ("assign training to @ines by 30 November", INES, "training", date(2026, 11, 30), ""),
        ("ask @lee: you ran the test", LEE, None, None, "you ran the test"),
    ],
)
def test_a_question_is_handed_on_in_plain_words(
    said: str, to: UserId, question: str | None, due: date | None, note: str
) -> None:
    found = read_handed(said, CHECKLIST, NOW, "Europe/Berlin", DIRECTORY, DANA)
    asked = QuestionId(question) if question else None
    assert found == Handed(to=to, due=due, note=note, question=asked)


@pytest.mark.parametrize(
    "said",
    [
        "ask the agents how they feel",
        "everyone knows",
        "ask me later",
        "we asked them",
        "yes",
        "ask somebody",
    ],
)
def test_words_that_hand_nothing_on_are_left_alone(said: str) -> None:
    assert read_handed(said, CHECKLIST, NOW, "UTC", DIRECTORY, DANA) is None


def test_who_is_invited_and_who_gives_a_question_back_is_understood() -> None:
    assert read_invited("invite @lee", DIRECTORY, DANA) == ("invite", LEE)
    assert read_invited("let @mo help", DIRECTORY, DANA) == ("invite", MO)
    assert read_invited("remove @lee", DIRECTORY, DANA) == ("remove", LEE)
    assert read_invited("add more users", DIRECTORY, DANA) is None
    assert not_me("not me: Ines runs that") == "Ines runs that"
    assert not_me("sorry, that's not mine") == ""
    assert not_me("not yet") is None


def test_the_person_asked_gets_one_card_a_day_and_a_planned_reminder() -> None:
    list_ = Shared()
    list_.says(DANA, "ask @ines: you wrote the runbook")
    found = list_.handed
    assert (found.to, found.by, found.note) == (INES, DANA, "you wrote the runbook")
    assert list_.told(INES) == ["assignment"]
    assert list_.told(DANA) == ["assigned", "question"]
    assert list_.walk.asking == "evaluation"
    # Two whole working days after Monday 9:02.
    assert found.due == datetime(2026, 11, 25, 9, 2, tzinfo=UTC)
    (reminder,) = list_.planned
    assert reminder.name == "nudge_assignment"
    assert found.at < reminder.due < found.due


def test_a_stranger_to_the_list_who_was_asked_may_answer_that_one_item_and_no_other() -> None:
    list_ = Shared()
    list_.says(DANA, "ask @ines")
    list_.replies(INES, "T1", "yes")
    assert list_.told(INES) == ["assignment_correction"]
    list_.replies(INES, "T1", "by hand, tried on 3 November")
    assert list_.walk.answers[QuestionId("fallback")].by == INES
    assert list_.handed.done_at == list_.now
    assert list_.told(DANA) == ["assignment_answered"]
    list_.fills(INES, "training", state="yes")
    assert list_.refused == ["walk.acted_on_by_another"]


def test_nobody_answers_for_somebody_else_from_their_card() -> None:
    list_ = Shared()
    list_.says(DANA, "ask @ines")
    list_.replies(PRIYA, "T1", "yes, by hand, tried on 3 November")
    assert list_.refused == ["assignment.answered"]
    assert list_.check("fallback") is None


def test_answered_by_somebody_else_meanwhile_the_card_is_closed_and_a_late_answer_changes_nothing() -> None:
    list_ = Shared()
    list_.says(DANA, "ask @ines")
    list_.fills(LEE, "fallback", state="no", reason="there is none")
    assert (list_.handed.ended, list_.handed.ended_by) == ("answered", LEE)
    assert not list_.handed.open
    list_.replies(INES, "T1", "yes, by hand, tried on 3 November")
    assert list_.refused == ["assignment.answered"]
    assert list_.told(INES) == ["assignment_answered_already"]
    assert list_.check("fallback").state == "no"  # type: ignore[union-attr]


def test_given_back_it_is_asked_again_and_the_reason_is_told() -> None:
    list_ = Shared()
    list_.says(DANA, "ask @ines")
    list_.do(assigning.decline, INES, "T1", reason="I left that team")
    assert list_.handed.ended == "declined"
    assert list_.told(DANA) == ["assignment_declined_why"]
    assert QuestionId("fallback") not in list_.walk.skipped


def test_handed_on_it_comes_back_to_whoever_asked_first() -> None:
    list_ = Shared()
    list_.says(DANA, "ask @ines")
    list_.asks(INES, "fallback", PRIYA)
    first, second = list_.walk.assignments
    assert (first.ended, second.by, second.via) == ("handed_on", DANA, INES)
    list_.replies(PRIYA, "T2", "no, there is none")
    assert list_.told(DANA) == ["assignment_answered"]


@pytest.mark.parametrize(
    ("to", "problem"),
    [(DANA, "yourself"), (UserId("U0GONE"), "cannot be reached"), (INES, "asked already")],
)
def test_nobody_is_asked_who_cannot_answer(to: UserId, problem: str) -> None:
    list_ = Shared()
    list_.asks(DANA, "training", INES)
    list_.asks(DANA, "training", to)
    assert problem in list_.last.problems["to"]


def test_no_answer_is_due_on_a_day_that_has_passed() -> None:
    list_ = Shared()
    assert "due" in list_.asks(DANA, "training", INES, due=date(2026, 11, 20)).problems


def by_clock(list_: Shared, at: datetime) -> None:
    """The planned reminder falls due."""
    list_.now = at - timedelta(minutes=1)
    circ: Circumstances = list_.circ(DANA, "clock")
    list_.take(assigning.nudge(list_.walk, list_.use_case, "T1", PROGRAM, DIRECTORY, circ))


def test_the_clock_reminds_in_working_hours_at_most_as_often_as_the_program_says() -> None:
    list_ = Shared()
    list_.asks(DANA, "training", INES)
    due = list_.planned[0].due
    seen = 0
    while True:
        by_clock(list_, due)
        seen += list_.told(INES).count("assignment_nudge")
        if not list_.planned:
            break
        due = list_.planned[0].due
    assert seen == PROGRAM.assignments.nudges_at_most
    by_clock(list_, datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    assert list_.told(INES) == []


def test_people_remind_once_a_day() -> None:
    list_ = Shared()
    list_.asks(DANA, "training", INES)
    list_.do(assigning.nudge, DANA, "T1")
    assert list_.told(INES) == ["assignment_nudge"]
    list_.do(assigning.nudge, LEE, "T1")
    assert list_.refused == ["assignment.nudged"]
    assert list_.told(LEE) == ["nudged_today"]
    list_.now += timedelta(days=1)
    list_.do(assigning.nudge, LEE, "T1")
    assert list_.told(INES) == ["assignment_nudge"]


def test_a_reminder_of_what_was_answered_is_not_sent() -> None:
    list_ = Shared()
    list_.asks(DANA, "training", INES)
    list_.fills(DANA, "training", state="yes")
    by_clock(list_, datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert list_.last.effects == ()


def test_one_answer_of_a_draft_is_asked_of_the_one_who_knows_and_is_theirs() -> None:
    talk = Talk("we spend ages writing summaries of claims calls, could AI do that?")
    talk.say("after call work, 9 min now, 5 would be great, by end of june")
    asked = talk.walk.asking
    talk.say("ask @ines")
    assert talk.walk.asking != asked
    talk.do(assigning.answer, "T1", user=INES, text="recordings")
    assert asked is not None
    assert talk.walk.answers[asked].by == INES


def test_a_helper_changes_answers_under_their_own_name_and_does_not_submit_or_cancel() -> None:
    talk = finished()
    talk.do(inviting.set_helpers, (LEE,))
    talk.say("make users 55", user=LEE)
    kept = talk.walk.answers[QuestionId("users_expected")]
    assert (kept.value, kept.by) == (55, LEE)
    talk.say("submit", user=LEE)
    assert talk.sentence == "helpers_cannot"
    talk.do(conversation.cancel, user=LEE)
    assert [e.action for e in talk.last.entries if e.refused] == ["walk.acted_on_by_another"]
    assert talk.walk.status == "reviewing"


def test_only_the_owner_says_who_helps_and_whoever_is_taken_out_is_out() -> None:
    talk = finished()
    talk.do(inviting.set_helpers, (LEE,))
    talk.do(inviting.set_helpers, (LEE, MO), user=LEE)
    assert talk.walk.helpers == (LEE,)
    talk.do(inviting.set_helpers, ())
    talk.say("make users 99", user=LEE)
    assert talk.value("users_expected") != 99


def test_what_was_asked_for_a_draft_is_no_longer_wanted_once_it_is_submitted_or_put_away() -> None:
    for end in ("submit", "cancel"):
        talk = finished()
        talk.do(assigning.assign, QuestionId("volume"), INES)
        assert talk.walk.assignments[0].open
        talk.submit() if end == "submit" else talk.do(conversation.cancel)
        assert talk.walk.status in ("submitted", "cancelled")
        assert not talk.walk.assignments[0].open
        talk.do(assigning.answer, "T1", user=INES, text="300 a day")
        assert [e.action for e in talk.last.entries if e.refused] == ["assignment.answered"]
