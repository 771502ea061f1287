"""Only the listed moves are possible, and a refusal says what is."""

from __future__ import annotations

from itertools import product

import pytest

from tests.program.office import DANA, NOW, PROGRAM
from workflows.ids import UseCaseId
from workflows.life_cycle import NotAMove, move, moves_from, stage_of
from workflows.use_case import UseCase

STAGES = [s.id for s in PROGRAM.life_cycle.stages]


def use_case(stage: str, before: str = "") -> UseCase:
    return UseCase(
        id=UseCaseId("UC-0001"),
        stage=stage,
        stage_before=before,
        submitter=DANA,
        program=PROGRAM.stamp,
        created_at=NOW,
    )


def test_the_default_program_has_the_published_stages_and_one_for_what_was_declared() -> None:
    assert STAGES == [
        "idea", "declared", "draft", "submitted", "in_review", "approved_for_pilot", "pilot",
        "platform_candidate",
        "production", "paused", "archived", "retired", "rejected",
    ]  # fmt: skip


def test_exactly_the_listed_moves_are_possible() -> None:
    listed = {(m.from_, m.to, m.by) for m in PROGRAM.life_cycle.moves}
    made = set()
    movers = sorted({m.by for m in PROGRAM.life_cycle.moves} | {"clock", "technical_owner"})
    for start, end, by in product(STAGES, STAGES, movers):
        try:
            assert move(use_case(start, before=end), end, by, PROGRAM).stage == end
        except NotAMove:
            continue
        made.add((start, end, by))
    assert made == listed


def test_a_refused_move_says_where_it_is_and_what_is_possible() -> None:
    with pytest.raises(
        NotAMove, match=r"UC-0001 is in “Draft”.*“In production”.*Possible from here: Submitted"
    ):
        move(use_case("draft"), "production", "submitter", PROGRAM)
    with pytest.raises(NotAMove, match="already in “Draft”"):
        move(use_case("draft"), "draft", "submitter", PROGRAM)


def test_what_was_paused_goes_back_to_where_it_was_and_nowhere_else() -> None:
    paused = move(use_case("pilot"), "paused", "program_team", PROGRAM)
    assert paused.stage_before == "pilot"
    assert move(paused, "pilot", "program_team", PROGRAM).stage == "pilot"
    with pytest.raises(NotAMove, match="cannot go from there to “In production”"):
        move(paused, "production", "program_team", PROGRAM)


def test_nothing_leaves_retirement() -> None:
    assert not any(moves_from("retired", by, PROGRAM) for by in ("submitter", "approval", "program_team"))


def test_an_unknown_stage_is_not_made_up() -> None:
    with pytest.raises(KeyError):
        stage_of("limbo", PROGRAM)
