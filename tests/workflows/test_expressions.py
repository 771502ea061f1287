"""Conditions: what they see, what they refuse, and that a missing answer never breaks one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.program.office import INTAKE, answers
from workflows.expressions import check, environment, holds, names_in
from workflows.questions import Choice, Question

QUESTIONS = {
    "harm": Question(
        id="harm",
        type="choice",
        label="Harm",
        ask="How bad?",
        choices=(Choice(id="small", label="Small"), Choice(id="large", label="Large")),
    ),
    "users": Question(id="users", type="number", label="Users", ask="How many?"),
    "places": Question(
        id="places",
        type="multi",
        label="Places",
        ask="Where?",
        choices=(Choice(id="eu", label="EU"), Choice(id="us", label="US")),
    ),
    "personal": Question(id="personal", type="yesno", label="Personal", ask="Is it?"),
}


def problems(source: str) -> list[str]:
    return check(source, QUESTIONS, QUESTIONS)


@pytest.mark.parametrize(
    "source",
    [
        'harm == "small"',
        'harm in ["small", "large"] && users > 5.0',
        'places.exists(p, p != "eu") || personal == true',
        '"us" in places && size(places) > 1',
        "users >= 100 ? harm == 'large' : personal",
    ],
)
def test_a_sound_condition_has_no_problem(source: str) -> None:
    assert problems(source) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('harm = "small"', "does not compile: at character"),
        ('harms == "small"', 'did you mean "harm"'),
        ('harm == "smal"', 'did you mean "small"'),
        ('"eu" == harm', "none of its options"),
        ('harm in ["small", "huge"]', '"huge"'),
        ('"asia" in places', '"asia"'),
        ('places.exists(p, p == "asia")', "compares places"),
        ("users + 1 > 2.0", "cannot be worked out"),
        ("users", "not true or false"),
        ('shout(harm) == "small"', "cannot be worked out"),
        ("harm > 3.0", "cannot be worked out"),
    ],
)
def test_an_unsound_condition_is_told_what_is_wrong(source: str, said: str) -> None:
    assert any(said in p for p in problems(source)), problems(source)


def test_loop_variables_are_not_taken_for_questions() -> None:
    assert names_in('places.exists(p, p == "eu") && harm == "small"') == {"places", "harm"}


def test_a_condition_that_needs_a_missing_answer_is_false() -> None:
    empty: dict[str, Any] = {"users": None, "personal": None, "harm": None, "places": []}
    for source in ("users > 5.0", "personal", "!personal", 'harm == "small"', '"eu" in places'):
        assert not holds(source, empty)


def test_a_missing_answer_does_not_hide_another_that_is_enough() -> None:
    assert holds("users > 5.0 || personal", {"users": None, "personal": True})


@given(st.text(max_size=40))
def test_no_text_can_make_a_condition_raise(source: str) -> None:
    assert holds(source, {"users": 1.0}) in (True, False)
    check(source, QUESTIONS, QUESTIONS)


def test_an_answer_to_a_question_that_is_not_asked_does_not_count() -> None:
    hidden = environment(INTAKE, answers(data_sensitivity="public", personal_data=True))
    shown = environment(INTAKE, answers(data_sensitivity="internal", personal_data=True))
    assert (hidden["personal_data"], shown["personal_data"]) == (None, True)


def test_what_hangs_on_a_hidden_answer_is_hidden_too() -> None:
    given = {
        "data_sensitivity": "public",
        "personal_data": True,
        "jurisdictions": ["eu"],
        "audience": "internal",
    }
    assert environment(INTAKE, answers(**given))["jurisdictions"] == []


def test_money_counts_by_its_amount_and_numbers_as_doubles() -> None:
    env = environment(INTAKE, answers(budget={"amount": 20000, "currency": "EUR"}, users_expected=40))
    assert env["budget"] == 20000.0
    assert isinstance(env["users_expected"], float)


def test_what_nobody_answered_is_null_or_empty() -> None:
    env = environment(INTAKE, {})
    assert env["harm"] is None
    assert env["data_sources"] == []
    assert set(env) == {q.id for q in INTAKE.questions()}
