"""Evaluations compared with their plans: thresholds by tier, small numbers, and what is still lacking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from tests.program.office import PROGRAM, assessed, summaries
from tests.workflows.results import DANA, NOW, given
from workflows.dossier import Dossier
from workflows.evaluating import ways
from workflows.evaluation import cases_to_show, evaluation_gaps, evaluation_of, wilson_low
from workflows.evaluation_files import NotResults, read_file
from workflows.ids import QuestionId, UseCaseId, WaiverId, WalkId
from workflows.release import Parts, Release
from workflows.results import result_of
from workflows.use_case import UseCase
from workflows.waiver import Waiver
from workflows.walk import Origin, Walk
from workflows.words.evaluation import read_results
from workflows.words.shares import read_share

RULES = PROGRAM.evaluation
assert RULES is not None
CLASSES, MEASURES = ways(RULES)
MEDIUM = assessed(personal_data=True)
USE_CASE = UseCase(
    id=UseCaseId("UC-0001"),
    title="Claims notes",
    stage="pilot",
    submitter=DANA,
    program=PROGRAM.stamp,
    answers=summaries(),
    assessment=MEDIUM,
    created_at=NOW,
)
GOOD: dict[str, Any] = {
    **{f"{c.id}_right": 20.0 for c in RULES.classes},
    **{f"{c.id}_of": 20.0 for c in RULES.classes},
    "version": "1.4.2",
    "tested_on": "2026-11-20",
    "hurtful_cases": 0.0,
}
PLAN: dict[str, Any] = {
    "right_result": "right", "hurtful": "wrong", "quotes_sources": False, "answers_questions": False,
    "hands_over": False, "somebody_waits": False, "languages": 1.0, "real_share": 60.0, "chosen_apart": True,
    "marker": "U0INES", "left_out": ["none"],
}  # fmt: skip


def walk(questionnaire: str, **values: Any) -> Walk:
    answers = given(**{k: v for k, v in values.items() if v is not None})
    result = result_of(PROGRAM.questionnaires[questionnaire], answers, PROGRAM)
    return Walk(
        id=WalkId(f"W-{questionnaire}"),
        questionnaire=questionnaire,
        about=USE_CASE.id,
        owner=DANA,
        status="submitted",
        answers=answers,
        origin=Origin(entry="command"),
        program=PROGRAM.stamp,
        started_at=NOW,
        touched_at=NOW,
        result=result.model_copy(update={"at": NOW}),
    )


def dossier(*walks: Walk, **more: Any) -> Dossier:
    return Dossier(use_case=USE_CASE, walks=walks, **more)


def lacks(*walks: Walk, days: int = 0, **more: Any) -> dict[str, str]:
    """What is lacking, by key: the message that says it."""
    found = evaluation_gaps(dossier(*walks, **more), PROGRAM, NOW + timedelta(days=days))
    return {g.key.removeprefix("evaluation."): g.message for g in found}


def test_without_plan_and_results_both_are_lacking() -> None:
    assert lacks() == {"plan": "evaluation_no_plan", "results": "evaluation_no_results"}


def test_results_that_reach_everything_lack_nothing_until_they_are_too_old() -> None:
    walks = (walk("evaluation_results", **GOOD), walk("evaluation_plan", **PLAN))
    assert lacks(*walks) == {}
    assert lacks(*walks, days=91) == {}
    assert lacks(*walks, days=93) == {"expired": "evaluation_expired"}


@pytest.mark.parametrize(
    ("changed", "key", "message"),
    [
        ({"edge_cases_right": 19.0}, "edge_cases", "evaluation_class_failed"),
        ({"edge_cases_right": None, "edge_cases_of": None}, "edge_cases", "evaluation_class_missing"),
        ({"violations_right": 9.0, "violations_of": 9.0}, "violations", "evaluation_class_few"),
        ({"hurtful_cases": 1.0}, "hurtful", "evaluation_hurtful"),
    ],
)
def test_each_class_has_to_reach_its_threshold_on_its_own(
    changed: dict[str, Any], key: str, message: str
) -> None:
    found = lacks(walk("evaluation_results", **{**GOOD, **changed}), walk("evaluation_plan", **PLAN))
    assert found[key] == message


def test_at_least_one_case_in_ten_is_an_attack() -> None:
    many = {**GOOD, "happy_path_right": 400.0, "happy_path_of": 400.0}
    assert lacks(walk("evaluation_results", **many), walk("evaluation_plan", **PLAN)) == {
        "adversarial": "evaluation_class_few"
    }


def test_what_the_plan_asks_counts_and_not_what_the_rules_say() -> None:
    own = walk("evaluation_plan", **{**PLAN, "edge_cases_pass": 90.0, "edge_cases_of": 25.0})
    found = lacks(walk("evaluation_results", **{**GOOD, "edge_cases_right": 19.0}), own)
    assert found == {"edge_cases": "evaluation_class_few"}


def test_figures_are_wanted_only_where_the_plan_says_that_they_matter() -> None:
    waits = walk("evaluation_plan", **{**PLAN, "somebody_waits": True})
    assert lacks(walk("evaluation_results", **GOOD), waits) == {"response_time": "evaluation_measure_missing"}
    slow = walk("evaluation_results", **GOOD, response_time=3.0)
    assert lacks(slow, waits) == {"response_time": "evaluation_measure_failed"}
    assert lacks(walk("evaluation_results", **GOOD, response_time=2.5), waits) == {}


def test_more_languages_need_more_cases() -> None:
    two = walk("evaluation_plan", **{**PLAN, "languages": 2.0})
    assert "cases" in lacks(walk("evaluation_results", **GOOD), two)


def test_a_class_left_out_is_lacking_until_its_waiver_stands() -> None:
    plan = walk("evaluation_plan", **{**PLAN, "left_out": ["degraded"], "left_out_why": "no such thing"})
    results = walk("evaluation_results", **{**GOOD, "degraded_right": None, "degraded_of": None})
    assert lacks(results, plan) == {"degraded": "evaluation_left_out"}
    waiver = Waiver(
        id=WaiverId("WV-0001"),
        use_case=USE_CASE.id,
        status="in_force",
        checklist="production_readiness",
        control=QuestionId("evaluation"),
        role="risk_partner",
        justification="",
        compensating="",
        risk="",
        expires_at=NOW + timedelta(days=30),
        program=PROGRAM.stamp,
        opened_at=NOW,
    )
    assert lacks(results, plan, waivers=(waiver,)) == {}
    untested = walk("evaluation_plan", **PLAN)
    assert lacks(results, untested, waivers=(waiver,)) == {"degraded": "evaluation_class_missing"}
    assert lacks(results, plan, days=31, waivers=(waiver,)) == {"degraded": "evaluation_left_out"}


def test_results_of_another_version_do_not_count_for_a_release() -> None:
    walks = (walk("evaluation_results", **GOOD), walk("evaluation_plan", **PLAN))
    release = Release(
        id="RL-0001",
        use_case=USE_CASE.id,
        version="1.5.0",
        parts=Parts(),
        changed="",
        why="",
        impact="",
        proposed_by=DANA,
        program=PROGRAM.stamp,
        opened_at=NOW,
    )
    found = evaluation_gaps(dossier(*walks), PROGRAM, NOW, release)
    assert [g.message for g in found] == ["evaluation_other_version"]
    assert not evaluation_gaps(dossier(*walks), PROGRAM, NOW, release.model_copy(update={"version": "1.4.2"}))


def test_passing_on_few_cases_is_told_apart_from_showing_it() -> None:
    found = evaluation_of(dossier(walk("evaluation_results", **GOOD)), PROGRAM, NOW)
    assert found is not None
    edge = found.classes[1]
    assert edge.passed
    assert not edge.certain
    assert edge.lowest is not None
    assert 83.8 < edge.lowest < 83.9  # Wilson's interval for 20 of 20
    assert cases_to_show(98.0) == 189
    assert 100 * wilson_low(189, 189) >= 98.0 > 100 * wilson_low(188, 188)


@whatever(st.integers(0, 500), st.integers(1, 500))
def test_the_lower_end_of_the_interval_lies_below_the_share_and_never_below_nothing(
    right: int, of: int
) -> None:
    right = min(right, of)
    low = wilson_low(right, of)
    assert 0.0 <= low <= right / of + 1e-12
    assert wilson_low(right * 10, of * 10) >= low - 1e-12, "more cases of the same share show more"


# ---------------------------------------------------------------- words and files


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("46 of 50", (46, 50)), ("46/50", (46, 50)), ("46 out of the 50", (46, 50)), ("all 50", (50, 50)),
        ("none of 10", (0, 10)), ("all of 20", (20, 20)), ("1,180 of 1,200", (1180, 1200)),
        ("52 of 50", None), ("92%", None), ("46", None), ("of 50", None), ("1.5/2.5", None),
    ],
)  # fmt: skip
def test_so_many_of_so_many(text: str, share: tuple[int, int] | None) -> None:
    assert read_share(text) == share


def test_results_in_words_are_found_in_whichever_order_they_are_said() -> None:
    told = read_results(
        "v1.4.2: happy path 46 of 50, 18/20 adversarial, missing data: 9 of 10; p95 1800 ms and handovers"
        " 97%, 2 harmful",
        CLASSES,
        MEASURES,
    )
    assert {k: tuple(v) for k, v in told.shares.items()} == {
        "happy_path": (46, 50), "adversarial": (18, 20), "missing_data": (9, 10),
    }  # fmt: skip
    assert told.figures == {"response_time": 1.8, "escalation": 97.0}
    assert (told.version, told.hurtful) == ("1.4.2", 2)
    assert read_results("happy path was fine", CLASSES, MEASURES).unread == ("happy_path",)


@whatever(st.text(max_size=300))
def test_any_words_are_read_without_a_fault(text: str) -> None:
    told = read_results(text, CLASSES, MEASURES)
    assert all(0 <= s.right <= s.of for s in told.shares.values())


@whatever(st.binary(max_size=400))
def test_any_file_is_read_or_refused_with_a_sentence(data: bytes) -> None:
    said, told = "", None
    try:
        told = read_file(data, "results.csv", CLASSES, MEASURES)
    except NotResults as refused:
        said = refused.message
    assert said in PROGRAM.messages or (told is not None and told.anything)


def test_a_file_may_have_a_row_for_each_case() -> None:
    rows = b"class;result\nhappy path;pass\nhappy path;fail\nadversarial;pass\n"
    told = read_file(rows, "cases.csv", CLASSES, MEASURES)
    assert {k: tuple(v) for k, v in told.shares.items()} == {"happy_path": (1, 2), "adversarial": (1, 1)}
