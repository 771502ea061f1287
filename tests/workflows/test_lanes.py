"""Lanes by rule and by hand, the words for them, and pairs that are the same."""

from __future__ import annotations

import pytest

from tests.program.office import INTAKE, PROGRAM, answers
from tests.workflows.office import NOW
from workflows.decision import Actor, Circumstances
from workflows.ids import UseCaseId, UserId
from workflows.people import Directory, Person
from workflows.portfolio import sorting
from workflows.portfolio.lanes import facets_now, topic_of
from workflows.portfolio.sorting import Sorting, settled, stays
from workflows.scoring import assess
from workflows.use_case import UseCase
from workflows.words.portfolio import portfolio_words

READY = {"outcome_metric": "minutes", "outcome_baseline": 9.0, "outcome_target": 5.0, "users_expected": 40.0}
SAM, MO = UserId("U0SAM"), UserId("U0MO")
DIRECTORY = Directory(
    people={UserId(u): Person(id=UserId(u), name=u) for u in ("U0SAM", "U0MO", "U0DANA")},
    groups={"ai-program": (SAM,)},
)


def lane(**said: object) -> str:
    return assess(PROGRAM, INTAKE, answers(**{**READY, "data_owner": "U0LEE", **said})).facets.get("lane", "")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"outcome_metric": None}, "archive"),
        ({"outcome_target": None}, "archive"),
        ({"outcome_baseline": None, "users_expected": 2.0}, "archive"),
        ({"data_owner": None, "data_sensitivity": "restricted"}, "architecture"),
        ({"build_or_buy": "undecided", "autonomy": "act_alone"}, "architecture"),
        ({"harm": "inconvenience"}, "quick_win"),
        ({"harm": "serious", "audience": "customer_facing", "personal_data": True}, "strategic_bet"),
    ],
)
def test_the_first_lane_whose_condition_holds_is_it(said: dict[str, object], found: str) -> None:
    base = {"data_sensitivity": "internal", "personal_data": None}
    assert lane(**{**base, **said}) == found


def test_facets_hold_the_kind_the_function_the_owners_and_the_users() -> None:
    given = answers(**READY, category="regulated_decisions", business_function="hr", business_owner="U0DANA")
    found = assess(PROGRAM, INTAKE, given).facets
    assert {k: found[k] for k in ("bucket", "function", "business_owner", "users", "room")} == {
        "bucket": "regulated_decisions",
        "function": "hr",
        "business_owner": "U0DANA",
        "users": "40",
        "room": "hr",
    }
    assert "metric_owner" not in found


def test_a_program_without_the_file_has_no_lanes_and_goes_on() -> None:
    from tests.program.mutations import FILES
    from workflows.program_files import parse_program

    bare = parse_program({k: v for k, v in FILES.items() if k != "portfolio.yaml"})
    assert assess(bare, bare.intake, answers(**READY)).facets.keys() <= {"room"}


def test_an_imported_row_is_filed_under_what_its_list_says() -> None:
    row = {"Use Case Topic Area": "Health  &\nMedical"}
    assert topic_of("federal_2024: Read scans | VA", row, PROGRAM) == "Health & Medical"
    assert topic_of("", row, PROGRAM) == ""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("quick wins in claims", {"lane": "quick_win", "function": "claims"}),
        ("show me the low-hanging fruit", {"lane": "quick_win"}),
        ("strategic bets in pilot", {"lane": "strategic_bet", "stage": "pilot"}),
        ("my high-risk ones in production", {"tier": "high", "stage": "production", "mine": True}),
        ("software engineering", {"bucket": "software_engineering"}),
        ("archive", {"lane": "archive"}),
        ("claims letters", {"function": "claims", "rest": "letters"}),
        ("", {}),
        ("UC-0042", {"rest": "uc-0042"}),
    ],
)
def test_words_after_the_command_are_filters_and_the_rest_a_name(said: str, found: dict[str, object]) -> None:
    read = portfolio_words(said, PROGRAM).model_dump()
    assert {k: v for k, v in read.items() if v} == found


def recorded(id: str, stage: str = "pilot", **more: object) -> UseCase:
    given = answers(**READY)
    made = UseCase(
        id=UseCaseId(id),
        title=id,
        stage=stage,
        submitter=UserId("U0DANA"),
        program=PROGRAM.stamp,
        answers=given,
        assessment=assess(PROGRAM, INTAKE, given),
        created_at=NOW,
    )
    return made.model_copy(update=more)


def by(user: UserId, one: UseCase, other: UseCase | None = None) -> Sorting:
    circ = Circumstances(now=NOW, actor=Actor(user=user, door="button"), program=PROGRAM.stamp)
    return Sorting(one, PROGRAM, DIRECTORY, circ, other=other)


def test_a_lane_by_hand_needs_the_team_a_reason_and_a_lane_that_there_is() -> None:
    one = recorded("UC-0001")
    assert sorting.set_lane(by(MO, one), "archive", "x").entries[0].refused
    assert "reason" in sorting.set_lane(by(SAM, one), "archive", "  ").problems
    assert "lane" in sorting.set_lane(by(SAM, one), "nowhere", "x").problems
    assert "reason" in sorting.set_lane(by(SAM, one), "archive", "x" * 501).problems
    kept = sorting.set_lane(by(SAM, one), "archive", "Too early")
    (there,) = kept.changed
    assert isinstance(there, UseCase)
    assert there.lane
    assert (there.lane.lane, there.lane.reason, there.lane.by) == ("archive", "Too early", SAM)
    computed = facets_now(one, PROGRAM)["lane"]
    assert kept.entries[0].detail == {"lane": "archive", "by_the_rules": computed, "reason": "Too early"}
    (back,) = sorting.set_lane(by(SAM, there), "", "").changed
    assert isinstance(back, UseCase)
    assert back.lane is None


def test_a_draft_is_put_into_no_lane_and_into_no_pair() -> None:
    draft = recorded("UC-0001", stage="draft")
    assert sorting.set_lane(by(SAM, draft), "archive", "x").entries[0].refused
    assert sorting.joined(by(SAM, recorded("UC-0002"), draft)).entries[0].refused


def test_of_two_that_are_the_same_the_further_one_stays_else_the_older() -> None:
    older, younger = (
        recorded("UC-0001"),
        recorded("UC-0002").model_copy(update={"created_at": NOW.replace(year=2030)}),
    )
    assert stays(older, younger, PROGRAM) == (younger, older)
    assert stays(older, younger.model_copy(update={"stage": "production"}), PROGRAM)[0] == older


def test_what_was_said_of_a_pair_is_said_once() -> None:
    one, other = recorded("UC-0001"), recorded("UC-0002")
    assert sorting.parted(by(MO, one, other)).entries[0].refused
    (there,) = sorting.parted(by(SAM, one, other)).changed
    assert isinstance(there, UseCase)
    assert settled(there, other)
    assert settled(other, there)
    assert sorting.joined(by(SAM, other, there)).entries[0].refused
    assert sorting.joined(by(SAM, one, one)).entries[0].refused
    joined = sorting.joined(by(SAM, one, other))
    (same,) = joined.changed
    assert isinstance(same, UseCase)
    assert same.same_as == other.id
    assert same.stage == "pilot", "nothing is moved"
    assert joined.effects, "its people are told"
