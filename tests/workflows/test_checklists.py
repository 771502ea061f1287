"""Items of a checklist: evidence, reasons, and several people at one list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.shared import CHECKLIST, DANA, INES, LEE, MO, PRIYA, Shared
from workflows.evidence import Check
from workflows.words.checks import read_item

PDF = {"id": "F1", "name": "pen-test.pdf", "link": "https://northwind.example/F1"}


@pytest.mark.parametrize(
    ("said", "state", "rest", "links"),
    [
        ("yes", "yes", "", 0),
        ("Yep!", "yes", "", 0),
        ("yes, see https://wiki.northwind.example/fallback", "yes", "see", 1),
        ("yes: tested on 400 cases, 92%", "yes", "tested on 400 cases, 92%", 0),
        ("done, Grafana board", "yes", "Grafana board", 0),
        ("✅", "yes", "", 0),
        ("no", "no", "", 0),
        ("no, not yet", "no", "not yet", 0),
        ("we haven't started", "no", "we haven't started", 0),
        ("n/a because no personal data", "na", "no personal data", 0),
        ("it does not apply to us, nothing is stored", "na", "nothing is stored", 0),
        ("No open findings in the pen test", None, "No open findings in the pen test", 0),
        ("missing data is covered in the tests", None, "missing data is covered in the tests", 0),
        ("see wiki.northwind.example/runbook", None, "see", 1),
        ("e.g. things", None, "e.g. things", 0),
    ],
)
def test_what_people_say_of_an_item_is_understood(said: str, state: str, rest: str, links: int) -> None:
    found = read_item(said)
    assert (found.state, found.rest, len(found.links)) == (state, rest, links)


@pytest.mark.parametrize("odd", ["ftp://files.example/x", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_link_that_nobody_should_open_is_refused(odd: str) -> None:
    list_ = Shared()
    list_.says(DANA, f"yes, see {odd}")
    assert list_.check("fallback") is None
    assert "https://" in list_.wanted


def test_a_yes_waits_for_its_evidence_and_the_next_message_completes_it() -> None:
    list_ = Shared()
    list_.says(DANA, "yes")
    assert list_.check("fallback") is None
    assert list_.wanted == "Good. What shows it? What people do when it is down."
    list_.says(DANA, "agents write the note by hand, tried on 3 November")
    found = list_.check("fallback")
    assert found is not None
    assert [(e.kind, e.owner) for e in found.evidence] == [("metric", DANA)]
    assert found.evidence[0].expires_at == list_.now + timedelta(days=180)
    assert list_.walk.asking == "evaluation"


def test_words_without_substance_are_no_evidence() -> None:
    list_ = Shared()
    list_.says(DANA, "yes we do, of course")
    assert list_.check("fallback") is None
    list_.says(DANA, "it is all there")
    assert list_.check("fallback") is None


def test_evidence_of_a_kind_that_the_item_does_not_take_is_refused_with_those_it_takes() -> None:
    list_ = Shared()
    list_.says(DANA, "later")
    list_.says(DANA, "yes, we looked at many cases and it was fine")
    assert list_.check("evaluation") is None
    assert "a figure or a link" in list_.wanted
    list_.says(DANA, "92% of 400 cases")
    found = list_.check("evaluation")
    assert found is not None
    assert found.evidence[0].kind == "metric"


def test_a_file_alone_is_a_yes() -> None:
    list_ = Shared()
    list_.says(DANA, "later")
    list_.says(DANA, "later")
    assert list_.walk.asking == "report"
    list_.says(DANA, "", files=[PDF])
    found = list_.check("report")
    assert found is not None
    assert (found.state, found.evidence[0].name) == ("yes", "pen-test.pdf")


def test_what_does_not_apply_needs_a_reason() -> None:
    list_ = Shared()
    list_.clicks(DANA, "na")
    assert list_.check("fallback") is None
    list_.says(DANA, "no agents use it yet")
    assert list_.check("fallback") == Check(state="na", reason="no agents use it yet")


def test_a_no_is_taken_at_once_with_what_is_lacking() -> None:
    list_ = Shared()
    list_.says(DANA, "no, we wait for legal")
    assert list_.check("fallback") == Check(state="no", reason="we wait for legal")


def test_evidence_is_added_to_a_yes_and_old_evidence_must_be_renewed() -> None:
    list_ = Shared()
    list_.says(DANA, "yes, by hand, tried on 3 November")
    list_.fills(LEE, "fallback", state="yes", text="", link="https://wiki.northwind.example/runbook")
    found = list_.check("fallback")
    assert found is not None
    assert [e.owner for e in found.evidence] == [DANA, LEE]
    list_.now += timedelta(days=200)
    list_.do_change(DANA, "fallback")
    list_.says(DANA, "yes")
    assert "What shows it?" in list_.wanted
    list_.says(DANA, "tried again on 12 June, by hand")
    found = list_.check("fallback")
    assert found is not None
    assert len(found.current(list_.now)) == 1


def test_a_form_marks_the_field_that_is_wanting() -> None:
    list_ = Shared()
    assert set(list_.fills(DANA, "fallback", state="yes", text="").problems) == {"fallback|text"}
    assert set(list_.fills(DANA, "fallback", state="na", reason="").problems) == {"fallback|reason"}
    assert set(list_.fills(DANA, "fallback", state="yes", link="not a link").problems) == {"fallback|link"}
    assert set(list_.fills(DANA, "report", state="yes", text="we have one from May").problems)
    assert list_.walk.answers == {}


def test_later_goes_on_to_the_next_item_and_taking_the_list_up_again_asks_it_again() -> None:
    list_ = Shared()
    for _ in range(2):
        list_.says(DANA, "later")
    assert list_.walk.asking == "report"
    list_.opens(DANA)
    list_.says(DANA, "no")
    assert list_.walk.asking == "fallback"


def test_a_checklist_never_ends() -> None:
    list_ = Shared()
    for _ in range(4):
        list_.says(DANA, "no, not yet")
    assert list_.walk.status == "reviewing"
    list_.says(DANA, "cancel")
    list_.says(DANA, "yes")
    assert list_.walk.status not in ("cancelled", "submitted", "expired")


def test_everybody_who_works_on_it_has_a_place_of_their_own_in_it() -> None:
    list_ = Shared()
    list_.opens(LEE)
    list_.says(LEE, "no, Lee says so")
    assert list_.table(LEE)[0] == "evaluation"
    list_.says(LEE, "no")
    assert list_.table(LEE)[0] == "report"
    assert list_.walk.owner == DANA


def test_of_two_at_the_same_item_the_second_hears_who_was_first_and_overwrites_nothing() -> None:
    list_ = Shared()
    list_.opens(LEE)
    number = list_.table(DANA)[1]
    list_.says(LEE, "no, the runbook is missing")
    list_.clicks(DANA, "na", "fallback", number)
    assert list_.told(DANA) == ["answered_by_other"]
    assert list_.check("fallback") == Check(state="no", reason="the runbook is missing")
    list_.says(DANA, "yes, by hand, tried on 3 November")
    assert "answered_meanwhile" in list_.told(DANA)
    assert list_.check("fallback") == Check(state="no", reason="the runbook is missing")
    assert list_.walk.asking == "evaluation"


@pytest.mark.parametrize("stranger", [PRIYA, INES])
def test_whoever_does_not_work_on_it_is_refused_kindly(stranger: object) -> None:
    list_ = Shared()
    before = list_.walk
    user = PRIYA if stranger == PRIYA else INES
    list_.opens(user)
    assert list_.refused == ["walk.acted_on_by_another"]
    assert list_.told(user) == ["not_your_checklist"]
    list_.fills(user, "fallback", state="no", reason="x")
    assert list_.refused
    assert list_.walk == before


def test_the_program_team_may_keep_it_up_to_date() -> None:
    list_ = Shared()
    list_.fills(MO, "training", state="yes")
    assert list_.walk.answers[CHECKLIST.questions()[3].id].by == MO


PEOPLE = st.sampled_from([DANA, LEE, MO, PRIYA, INES])
ITEMS = st.sampled_from([str(q.id) for q in CHECKLIST.questions()])
WORDS = st.sampled_from(
    ["yes", "no", "n/a", "n/a because it is internal", "yes, see https://wiki.northwind.example/a/b", "later",
     "yes: 92% of 400 cases", "back", "ask @lee", "@mo knows", "not me", "cancel", "yes yes",
     "by hand, tried", "skip",
     "change fallback", "change evaluation to yes", "the report is done, see https://a.example/b",
     "ftp://x.example/y", "continue", "show", "we do, of course", "submit", "400", "no wait, yes",
     "invite @ines", "remove @ines", "👍"]
)  # fmt: skip
STATES = st.sampled_from(["yes", "no", "na", "", "maybe"])
FIELDS = st.fixed_dictionaries(
    {"state": STATES},
    optional={
        "text": st.sampled_from(["", "tested on 400 cases", "well yes", "by hand, with the old form"]),
        "reason": st.sampled_from(["", "because", "no personal data"]),
        "words": st.sampled_from(["", "yes", "https://a.example/b", "40 of 50", "it is internal"]),
        "link": st.sampled_from(["", "https://a.example/b", "javascript:alert(1)", "a b"]),
        "files": st.sampled_from([[], [PDF]]),
    },
)
TURNS = st.one_of(
    st.tuples(st.just("says"), PEOPLE, WORDS, st.booleans()),
    st.tuples(st.just("clicks"), PEOPLE, STATES, st.integers(0, 9)),
    st.tuples(st.just("fills"), PEOPLE, ITEMS, FIELDS),
    st.tuples(st.just("asks"), PEOPLE, ITEMS, PEOPLE),
    st.tuples(st.just("replies"), PEOPLE, WORDS, STATES),
    st.tuples(st.just("opens"), PEOPLE, st.none(), st.none()),
    st.tuples(st.just("waits"), PEOPLE, st.none(), st.integers(1, 120)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TURNS, max_size=30))
def test_no_turn_of_anybody_makes_a_yes_without_its_evidence_or_lets_a_stranger_answer(turns: list) -> None:  # type: ignore[type-arg]
    list_ = Shared()
    for what, user, first, second in turns:
        before = list_.walk
        if what == "says":
            list_.says(user, first, files=[PDF] if second else [])
        elif what == "clicks":
            list_.clicks(user, first, number=None if second > 5 else second)
        elif what == "fills":
            list_.fills(user, first, **second)
        elif what == "asks":
            list_.asks(user, first, second)
        elif what == "replies" and list_.walk.assignments:
            value = {"value": second} if second else {}
            list_.replies(user, list_.handed.id, text=first, **value)
        elif what == "opens":
            list_.opens(user)
        elif what == "waits":
            list_.now += timedelta(days=second)
        for question in CHECKLIST.questions():
            kept = list_.walk.answers.get(question.id)
            if kept is None or kept == before.answers.get(question.id):
                continue
            _sound(kept.value, question, list_)
            asked = {a.to for a in before.assignments if a.question == question.id}
            assert kept.by in {DANA, LEE, MO, *before.helpers, *asked}


def _sound(value: object, question: object, list_: Shared) -> None:
    check = Check.model_validate(value)
    demand = question.evidence  # type: ignore[attr-defined]
    if check.state == "yes" and demand is not None:
        assert check.current(list_.now)
        assert {e.kind for e in check.evidence} <= set(demand.kinds)
    if check.state == "na":
        assert check.reason
    assert all(e.link.startswith(("https://", "http://")) for e in check.evidence if e.link)
