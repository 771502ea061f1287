"""From a finished draft to a submission, and back: one who talks and one who clicks submit the same."""

from __future__ import annotations

from tests.workflows.talk import DEFAULT, DIRECTORY, HERE, LEE, STORY, Talk, finished
from workflows import intake
from workflows.effects import ToPerson, Work
from workflows.ids import QuestionId, UseCaseId
from workflows.use_case import UseCase

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


def test_a_draft_that_opens_again_has_the_answers_as_they_were_changed_in_the_record() -> None:
    talk = finished()
    talk.submit()
    audience = QuestionId("audience_users")
    before = talk.walk.answers[audience]
    changed = before.model_copy(update={"value": "Claims agents in Leeds"})
    risk_owner = before.model_copy(update={"value": LEE})
    record = {
        **{q: a for q, a in talk.use_case.answers.items() if q != "release_by"},
        audience: changed,
        QuestionId("risk_owner"): risk_owner,
    }
    talk.use_case = talk.use_case.model_copy(update={"answers": record, "stage": "rejected"})
    hidden = before.model_copy(update={"value": "Acme"})
    talk.walk = talk.walk.model_copy(update={"answers": {**talk.walk.answers, QuestionId("vendor"): hidden}})
    talk.do(intake.reopen_for_changes)
    there = talk.walk.answers
    assert there[audience].value == "Claims agents in Leeds"
    assert there[QuestionId("risk_owner")].value == LEE
    assert QuestionId("release_by") not in there
    assert there[QuestionId("vendor")].value == "Acme"  # not asked now, and kept for when it is


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
