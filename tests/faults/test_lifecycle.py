"""A few stories of anyone doing anything, every day; ``python -m tests.faults lifecycle`` tells thousands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.program_folder import default_program_folder
from storage.store import Store
from tests.faults import lifecycle
from tests.faults.life.deeds import Deeds
from tests.faults.life.oracle import Oracle, Policy, true
from tests.faults.life.world import World
from workflows.ids import UserId

SEED = 11


def test_a_few_stories_pass_no_gate_that_should_be_shut() -> None:
    outcome = lifecycle.run("sqlite", 120, SEED)
    assert outcome.sound, "\n".join([outcome.line(), *outcome.problems[:5]])
    assert outcome.counts["refused"], "somebody tried what they may not"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    oracle = Oracle(Policy(default_program_folder()))

    def watch(here: World) -> None:
        with here.store.read() as reading:
            rows = list(reading.audit(here.seen))
        here.seen = rows[-1]["seq"] if rows else here.seen
        oracle.follow(rows, frozenset(here.active()))

    store = Store("", tmp_path)
    made = World(store, tmp_path, watch)
    made.oracle = oracle  # type: ignore[attr-defined]
    yield made
    store.close()


def test_the_oracle_says_what_a_gate_lacks_and_nothing_once_it_is_there(world: World) -> None:
    deeds = Deeds(world)
    deeds.submits(0, UserId("U0DANA"))
    oracle: Oracle = world.oracle  # type: ignore[attr-defined]
    (use_case,) = deeds.cases()
    raw = oracle.states["use_case"][use_case.id]
    here = frozenset(world.active())
    lacking = oracle.lacking("production", raw, world.now, here)
    assert "production_basics.fallbacks" in lacking
    assert "its risk_owner" not in lacking
    assert "its approval" in lacking
    for step in range(200):
        what = deeds.next_step(step * 24 * 11 + 4 * 11)
        if what is not None:
            world.does(what)
        if deeds.cases()[0].stage == "production":
            break
    assert deeds.cases()[0].stage == "production"
    assert not oracle.wrong
    raw = oracle.states["use_case"][use_case.id]
    assert not oracle.lacking("production", raw, world.now, frozenset(world.active()))
    gone = frozenset(world.active()) - {raw["answers"]["risk_owner"]["value"]}
    assert oracle.lacking("production", raw, world.now, gone) == ["its risk_owner"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("true", True),
        ('tier in ["medium", "high"]', True),
        ('tier == "low" || personal_data == true', True),
        ('"eu" in jurisdictions && tier == "medium"', False),
        ('audience != "internal"', False),
    ],
)
def test_the_oracle_reads_the_conditions_of_the_files_by_itself(condition: str, holds: bool) -> None:
    facts = {"tier": "medium", "personal_data": True, "jurisdictions": ["uk"], "audience": "internal"}
    assert true(condition, facts) == holds
