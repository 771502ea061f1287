"""Two replicas on one PostgreSQL: everything once, in order, and either wakes the other."""

from __future__ import annotations

import pytest

from bot import registry
from tests.bot.conftest import Bench, Workspace, settings_for
from tests.databases import Place

pytestmark = pytest.mark.postgres


def test_two_replicas_deliver_everything_once_and_in_order(
    workspace: Workspace, postgres_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    stores = [postgres_place.open(serving=True) for _ in range(2)]
    settings = settings_for(workspace.url, postgres_place.data_dir)
    replicas = [Bench(workspace, store, settings, 0.0) for store in stores]
    monkeypatch.setitem(registry.RENDERERS, "probe", replicas[0].probe)
    try:
        for replica in replicas:
            replica.delivery.start()
        people = ("dana", "mo", "priya", "tom", "ines", "kim")
        for number in range(10):
            for who in people:
                replicas[number % 2].tells(who, f"number {number}")
        for replica in replicas:
            replica.settles()
        for who in people:
            assert workspace.messages(who) == [f"number {n}" for n in range(10)]
    finally:
        for replica in replicas:
            replica.delivery.stop()
            replica.store.close()


def test_what_one_replica_commits_the_other_delivers_without_being_asked(
    workspace: Workspace, postgres_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent, busy = (postgres_place.open(serving=True) for _ in range(2))
    settings = settings_for(workspace.url, postgres_place.data_dir)
    writes, delivers = (Bench(workspace, store, settings, 0.0) for store in (silent, busy))
    monkeypatch.setitem(registry.RENDERERS, "probe", writes.probe)
    monkeypatch.setattr("bot.delivery._NET", 60.0)  # only the wake-up can be in time
    try:
        delivers.delivery.start()
        assert busy.hears_replicas(5.0)
        delivers.settles()
        writes.tells("dana", "from the other side")
        delivers.settles(5.0)
        assert workspace.messages("dana") == ["from the other side"]
    finally:
        delivers.delivery.stop()
        silent.close()
        busy.close()
