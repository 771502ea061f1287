"""Questions to the playbook: what is kept and told, whom they go to, and what becomes of the answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.workflows.office import (
    ADA,
    DANA,
    DIRECTORY,
    INES,
    LEE,
    MO,
    NOW,
    OLD,
    PRIYA,
    ROLES,
    TOM,
    kinds,
    posts,
    program,
    refusal,
    role,
)
from tests.workflows.office import circ as circumstances
from workflows import consulting, promoting, referring
from workflows.champions import Champion, next_champion
from workflows.consultation import Consultation, Quote, Told
from workflows.consulting import Found
from workflows.decision import Decision
from workflows.gaps import gaps, next_day, same_question
from workflows.ids import ConsultationId, Place, UserId
from workflows.people import Directory
from workflows.program import Consulting, Function, GapList, Resolve
from workflows.promoting import Page

GROUPS = {
    **DIRECTORY.groups,
    "fn-claims": (DANA, LEE),
    "fn-legal": (INES, TOM),
    "champions": (LEE, INES, OLD),
    "owners": (PRIYA, ADA),
}
PEOPLE = Directory(people=DIRECTORY.people, groups=GROUPS)
OFFICE = program(
    consulting=Consulting(champions="champion", corpus_owner="owner_of_the_playbook")
).model_copy(
    update={
        "roles": {
            **ROLES,
            "champion": role("champion", Resolve(group="champions")),
            "owner_of_the_playbook": role("owner_of_the_playbook", Resolve(group="owners")),
        },
        "functions": {
            "claims": Function(id="claims", label="Claims", group="fn-claims"),
            "legal": Function(id="legal", label="Legal", group="fn-legal"),
        },
        "messages": {
            key: key
            for key in (
                "answer_needed",
                "text_too_long",
                "owner_is_away",
                "pass_on_to_asker",
                "pass_on_again",
                "pass_on_too_far",
                "page_needs",
                "due_is_past",
            )
        },
    }
)
HERE = Place(channel="D0DANA", thread="1.1")
CHANNEL = Place(channel="C0GENERAL", thread="2.2")
TODAY = date(2026, 11, 23)
PAGE = Page(title="Fines", section="How high", text="Seven per cent.", review_date="2027-05-01")


def quote(text: str = "Seven per cent.", audiences: tuple[str, ...] = ("all",), **fields: Any) -> Quote:
    given: dict[str, Any] = {
        "document": "Jurisdictions",
        "section": "The AI Act",
        "path": "law.md",
        "source": "playbook",
        "passage": 1,
        "start": 0,
        "end": len(text),
        "score": 10.0,
        "date": "2027-03-15",
        "reviewed": True,
        "stale": False,
        "link": "",
        "owner": "Legal",
        "function": "legal",
        **fields,
    }
    return Quote(text=text, audiences=audiences, **given)


def asked(place: Place = HERE, asker: UserId = DANA, question: str = "How high is the fine?") -> Consultation:
    decision = consulting.ask(
        ConsultationId("Q-0001"), question, asker, place, place is HERE, circumstances(asker)
    )
    return stored(decision)


def stored(decision: Decision) -> Consultation:
    """What the store would keep of it."""
    (kept,) = decision.changed
    assert isinstance(kept, Consultation)
    return kept.model_copy(update={"revision": kept.revision + 1})


def told(state: Any, *quotes: Quote, probability: float = 0.5, **how: Any) -> tuple[Consultation, Told]:
    found = Found(state=state, how="quotes", probability=probability, corpus_version=3)
    decision, kept = consulting.answered(
        asked(**how), found, Told(quotes=quotes), OFFICE, PEOPLE, circumstances(DANA)
    )
    return stored(decision), kept


def abstained(**how: Any) -> Consultation:
    return told("abstain", **how)[0]


def do(consultation: Consultation, rule: Callable[..., Decision], user: UserId, **more: Any) -> Decision:
    now = more.pop("now", NOW)
    directory = more.pop("directory", PEOPLE)
    return rule(consultation, OFFICE, directory, circumstances(user, now), **more)


# --- answering -------------------------------------------------------------------------------------------


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


# --- rating ----------------------------------------------------------------------------------------------


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


# --- whom it goes to -------------------------------------------------------------------------------------


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


# --- the champion ----------------------------------------------------------------------------------------


def referred() -> Consultation:
    return stored(do(abstained(), referring.refer, DANA))


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


# --- into the playbook -----------------------------------------------------------------------------------


def offered() -> Consultation:
    return stored(do(referred(), referring.answer_referral, LEE, referral="R1", text="Seven."))


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


# --- gaps ------------------------------------------------------------------------------------------------

WEEK = (NOW - timedelta(days=3), NOW + timedelta(days=4))


def report(
    *consultations: Consultation, audiences: frozenset[str] = frozenset(), said: Told | None = None
) -> Any:
    found = said or Told()
    return gaps(consultations, lambda _: found, OFFICE, PEOPLE, *WEEK, audiences)


def numbered(consultation: Consultation, number: int, **fields: Any) -> Consultation:
    return consultation.model_copy(update={"id": ConsultationId(f"Q-{number:04d}"), **fields})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("what does the canteen serve on Fridays?", "What does our canteen serve on friday", True),
        ("who can stop a release?", "who may stop the release", True),
        ("who can stop a release?", "who can approve a release?", False),
        ("how long is data kept in France?", "how long is data kept in Spain?", False),
        ("why?", "how?", False),
    ],
)
def test_questions_are_one_where_they_differ_in_small_words_endings_and_slips(
    one: str, other: str, same: bool
) -> None:
    assert same_question(one, other) is same


def test_a_gap_counts_people_once_and_says_why() -> None:
    first = abstained()
    here = report(
        first,
        numbered(first, 2, asker=MO),
        numbered(first, 3),
        numbered(stored(do(first, referring.refer, DANA)), 4),
    )
    (gap,) = here.gaps
    assert (gap.askers, gap.times, gap.why, gap.function) == (2, 4, ("unanswered", "referred"), "claims")


def test_what_was_answered_well_or_is_in_the_playbook_now_is_no_gap() -> None:
    good, _ = told("answer", quote())
    liked = stored(do(good, consulting.rate, DANA, of="playbook", helpful=True, at=HERE))
    added = stored(do(offered(), promoting.add, ADA, page=PAGE, today=TODAY))
    assert report(good, liked, added).empty


def test_what_happened_in_another_week_is_in_that_weeks_list() -> None:
    before = numbered(abstained(), 2, asked_at=NOW - timedelta(days=10))
    assert report(before).empty
    rated = stored(do(before, consulting.rate, DANA, of="playbook", helpful=False, at=HERE))
    assert report(rated).gaps[0].why == ("unhelpful",)


def test_what_rests_on_a_document_for_a_few_is_neither_listed_nor_counted_for_others() -> None:
    here, kept = told("answer", quote("Forty.", ("exec",), stale=True))
    disliked = stored(do(here, consulting.rate, DANA, of="playbook", helpful=False, at=HERE))
    assert report(disliked, said=kept).empty
    seen = report(disliked, said=kept, audiences=frozenset({"exec"}))
    assert (len(seen.gaps), len(seen.stale)) == (1, 1)


def test_the_list_comes_on_the_same_morning_whatever_the_clocks_do() -> None:
    when = GapList()
    sunday = datetime(2027, 3, 28, 12, tzinfo=UTC)  # the clocks of London went forward that night
    assert next_day(sunday, "Europe/London", when) == date(2027, 3, 29)
    assert next_day(datetime(2027, 3, 29, 7, 29, tzinfo=UTC), "Europe/London", when) == date(2027, 3, 29)
    assert next_day(datetime(2027, 3, 29, 7, 30, tzinfo=UTC), "Europe/London", when) == date(2027, 4, 5)
