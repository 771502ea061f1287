"""Every fault run in a short form, so that a change that breaks one is noticed at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.faults import (
    approvers,
    corpus_at_once,
    digests,
    disk_full,
    duplicates,
    forged,
    half_told,
    index_down,
    kills,
    restarts,
    rights,
    stop_told,
    three_weeks,
)
from tests.faults.digest_walk import Size
from tests.faults.outcome import Outcome

pytestmark = pytest.mark.faults
SEED = 5


def _said(outcome: Outcome) -> str:
    return "\n".join([outcome.line(), *outcome.problems[:20]])


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_nothing_is_lost_or_doubled_when_the_bot_is_killed_at_any_step(database: str) -> None:
    outcome = kills.run(database, 40, SEED)
    assert outcome.sound, _said(outcome)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_an_answer_that_was_half_told_when_the_bot_was_killed_ends_as_one_message(database: str) -> None:
    outcome = half_told.run(database, 12, SEED)
    assert outcome.sound, _said(outcome)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_each_digest_comes_once_through_kills_rests_and_changed_clocks(database: str) -> None:
    """Six weeks over the change of the clocks, a day at a time, in twelve zones."""
    replicas = 1 if database == "sqlite" else 2
    size = Size(digests.named("12"), 6, replicas, kills=2, rests=1, closed=1, step=timedelta(days=1))
    outcome = digests.simulate(database, size, SEED)
    assert outcome.counts["posted"] > 20
    assert outcome.sound, _said(outcome)


@pytest.mark.postgres
def test_an_event_that_comes_four_times_over_three_replicas_has_one_effect() -> None:
    outcome = duplicates.run("postgres", 40, SEED)
    assert outcome.sound, _said(outcome)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_of_four_decisions_at_once_one_counts_and_the_others_hear_whose(database: str) -> None:
    outcome = approvers.run(database, 8, SEED)
    assert outcome.sound, _said(outcome)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_stop_is_one_stop_and_told_once_whenever_the_bot_is_killed(database: str) -> None:
    outcome = stop_told.run(database, 12, SEED)
    assert outcome.sound, _said(outcome)


def test_a_button_pressed_without_the_right_changes_nothing_and_is_on_record() -> None:
    outcome = rights.run("sqlite", 150, SEED)
    assert outcome.sound, _said(outcome)


def test_a_request_that_is_not_slacks_runs_nothing() -> None:
    outcome = forged.run("sqlite", 300, SEED)
    assert outcome.sound, _said(outcome)


@pytest.mark.postgres
def test_a_database_that_stops_the_hard_way_loses_nothing() -> None:
    outcome = restarts.run("postgres", 2, SEED)
    assert outcome.sound, _said(outcome)


def test_a_full_disk_is_owned_up_to_and_leaves_the_database_whole() -> None:
    outcome = disk_full.run("sqlite", 5, SEED)
    assert outcome.sound, _said(outcome)


def test_after_three_weeks_down_people_hear_of_each_thing_once() -> None:
    outcome = three_weeks.run("sqlite", 4, SEED)
    assert outcome.sound, _said(outcome)


@pytest.mark.parametrize(
    "database",
    ["sqlite", "sqlite with a Chroma server", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def test_no_vector_is_lost_when_three_sync_and_ask_and_are_killed(database: str) -> None:
    outcome = corpus_at_once.run(database, 3, SEED)
    assert outcome.sound, _said(outcome)


def test_a_chroma_server_that_stands_still_or_is_gone_does_not_keep_anybody_waiting() -> None:
    outcome = index_down.run("sqlite", 2, SEED)
    assert outcome.sound, _said(outcome)
