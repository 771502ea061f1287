"""Scores and tiers: explained, reproducible, and never lower for a more dangerous answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.program.office import DANA, INTAKE, NOW, PROGRAM, answers, assessed, summaries
from workflows.ids import TIERS
from workflows.scoring import assess
from workflows.use_case import Assessment, Override

RISKY = (
    "autonomy",
    "affected",
    "harm",
    "audience",
    "data_sensitivity",
    "personal_data",
    "decides_about_people",
)


def option(question: str) -> st.SearchStrategy[Any]:
    found = INTAKE.question(question)
    if found.type == "yesno":
        return st.booleans()
    if found.type == "multi":
        return st.lists(st.sampled_from([c.id for c in found.choices]), min_size=1, max_size=2, unique=True)
    if found.type == "number":
        return st.sampled_from([1.0, 40.0, 999.0, 1000.0, 50000.0])
    return st.sampled_from([c.id for c in found.choices])


ANY_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        q: option(q) for q in (*RISKY, "prohibited_uses", "users_expected", "category", "jurisdictions")
    },
)


def rank(assessment: Assessment) -> int:
    return TIERS.index(assessment.tier.tier)


def test_drafts_from_recordings_are_medium_because_of_personal_data() -> None:
    found = assessed().tier
    assert found.tier == "medium"
    assert found.because == ("it reads personal data",)
    assert [(d.question, d.shown) for d in found.drivers] == [("personal_data", "Yes")]


def test_the_card_says_what_would_lower_the_tier() -> None:
    (lever,) = assessed().tier.levers
    assert (lever.tier, lever.text) == (
        "low",
        "personal data were removed or masked before it reads anything",
    )


@pytest.mark.parametrize(
    ("changed", "tier"),
    [
        ({"personal_data": False}, "low"),
        ({"personal_data": False, "audience": "customer_facing"}, "medium"),
        ({"personal_data": False, "users_expected": 5000.0}, "medium"),
        ({"harm": "severe"}, "high"),
        ({"harm": "serious", "autonomy": "act_alone"}, "high"),
        ({"autonomy": "recommend", "decides_about_people": True}, "high"),
        ({"autonomy": "act_alone", "affected": "customers"}, "high"),
        ({"data_sensitivity": "restricted", "audience": "customer_facing"}, "high"),
        ({"prohibited_uses": ["emotions"]}, "prohibited"),
        ({"prohibited_uses": ["none", "social_scoring"], "harm": "severe"}, "prohibited"),
    ],
)
def test_the_tier_follows_data_autonomy_reach_and_harm(changed: dict[str, Any], tier: str) -> None:
    assert assessed(**changed).tier.tier == tier


def test_with_nothing_answered_the_tier_is_the_default_and_nothing_drives_it() -> None:
    found = assess(PROGRAM, INTAKE, {}).tier
    assert (found.tier, found.drivers, found.levers) == ("low", (), ())


@settings(max_examples=60, deadline=None)
@given(ANY_ANSWERS, st.sampled_from(["harm", "autonomy"]))
def test_more_harm_or_more_autonomy_never_lowers_the_tier(values: dict[str, Any], question: str) -> None:
    ranks = [
        rank(assess(PROGRAM, INTAKE, answers(**{**values, question: c.id})))
        for c in INTAKE.question(question).choices
    ]
    assert ranks == sorted(ranks)


@settings(max_examples=60, deadline=None)
@given(ANY_ANSWERS)
def test_every_lever_does_what_it_says(values: dict[str, Any]) -> None:
    found = assess(PROGRAM, INTAKE, answers(**values))
    for lever in found.tier.levers:
        assert TIERS.index(lever.tier) < rank(found)
        question = INTAKE.question(lever.question)
        others: list[Any] = [True, False] if question.type == "yesno" else [c.id for c in question.choices]
        others = [[o] for o in others] if question.type == "multi" else others
        reached = {
            assess(PROGRAM, INTAKE, answers(**{**values, lever.question: o})).tier.tier
            for o in others
            if o != values[lever.question]
        }
        assert lever.tier in reached


@settings(max_examples=60, deadline=None)
@given(ANY_ANSWERS)
def test_the_same_answers_under_the_same_program_give_the_same_assessment(values: dict[str, Any]) -> None:
    first = assess(PROGRAM, INTAKE, answers(**values))
    stored = Assessment.model_validate_json(first.model_dump_json())
    again = assess(PROGRAM, INTAKE, answers(**dict(reversed(values.items()))))
    assert again == stored


@settings(max_examples=60, deadline=None)
@given(ANY_ANSWERS)
def test_every_score_stays_within_one_and_five(values: dict[str, Any]) -> None:
    for scores in assess(PROGRAM, INTAKE, answers(**values)).scorecards.values():
        assert all(1 <= s.value <= 5 for s in scores)


def test_scores_come_with_their_reasons() -> None:
    impact = assessed().scorecards["five_dimensions"][0]
    assert impact.value == 4
    assert impact.because == ("the outcome has a baseline and a target", "at least 25 people would use it")


def test_a_person_may_correct_a_score_and_both_figures_are_kept() -> None:
    earlier = Override(scorecard="five_dimensions", dimension="impact", value=1, reason="?", by=DANA, at=NOW)
    last = earlier.model_copy(update={"value": 5, "reason": "Every claim passes through it"})
    impact = assessed(earlier, last).scorecards["five_dimensions"][0]
    assert (impact.value, impact.computed) == (5, 4)
    assert (impact.overridden_by, impact.reason) == (DANA, "Every claim passes through it")
    untouched = assessed(last).scorecards["portfolio"]
    assert all(s.value == s.computed for s in untouched)


def test_an_answer_that_is_not_asked_does_not_move_the_tier() -> None:
    given = summaries(affected="nobody", prohibited_uses=["emotions"])
    assert assess(PROGRAM, INTAKE, given).tier.tier == "medium"
