"""Every metric says what it is, runs on an empty database, keeps to its weeks, and is the same on both."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.metrics.registry import METRICS, WEEK, Ask, UnknownMetric, found, load
from storage.store import Store
from tests.storage.metrics.company import NOW, PROGRAM, W4
from workflows.people import Directory

load()
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "metrics.md").read_text(encoding="utf-8")
IDS = sorted(METRICS)


@pytest.mark.parametrize("id", IDS)
def test_a_metric_says_what_it_is(id: str) -> None:
    words, query = METRICS[id].metric, METRICS[id].query
    assert words.id == id == query.__name__
    assert query.__doc__
    for said in (words.label, words.definition, words.action):
        assert said.strip() == said
        assert said
    assert words.definition.endswith(".")
    assert words.action.endswith(".")
    assert len(words.label) <= 40
    assert re.fullmatch(r"week|now|to date|\d+ weeks", words.window)


@pytest.mark.parametrize("id", IDS)
def test_a_metric_is_in_the_documentation(id: str) -> None:
    words = METRICS[id].metric
    assert f"`{id}`" in PAGE
    assert words.definition in " ".join(PAGE.split())


def test_an_unknown_metric_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownMetric, match='Did you mean "repeat_use"'):
        found("repeat_usage")


def test_every_metric_runs_on_an_empty_database_in_every_way_it_can(store: Store) -> None:
    with store.read() as reading:
        for id, registered in METRICS.items():
            for by in ("", *registered.by):
                for narrow in ({}, {"function": "claims"}, {"use_case": "UC-0001"}):
                    if not set(narrow) <= set(registered.by):
                        continue
                    series = reading.measure(id, PROGRAM, NOW, weeks=3, by=by, **narrow)
                    told = [c for c in series.cells if c.value]
                    assert not told, (id, by, narrow)


def test_where_a_metric_cannot_be_narrowed_the_company_is_not_passed_off_as_a_part(store: Store) -> None:
    with store.read() as reading:
        for id, registered in METRICS.items():
            if "function" not in registered.by:
                series = reading.measure(id, PROGRAM, NOW, weeks=3, function="claims")
                assert [c.value for c in series.cells] == [None, None, None], id


def test_metrics_keep_to_the_weeks_that_were_asked_for(store: Store) -> None:
    from tests.storage.metrics.at_random import company

    company(store, seed=7)
    with store.read() as reading:
        ask = Ask(reading.connection, PROGRAM, Directory(), NOW, (W4 - WEEK, W4))
        for id, registered in METRICS.items():
            for by in ("", *registered.by):
                weeks = {c.week for c in registered.query(replace(ask, by=by))}
                assert weeks <= set(ask.weeks), (id, by)


def test_the_week_that_is_running_is_only_told_of_what_stands_now(store: Store) -> None:
    with store.read() as reading:
        for id, registered in METRICS.items():
            last = reading.measure(id, PROGRAM, NOW, weeks=2).cells[-1].week
            standing = registered.metric.window == "now"
            assert last == (W4 + timedelta(days=7) if standing else W4), id
