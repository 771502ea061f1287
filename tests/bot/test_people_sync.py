"""Slack's people and groups, in the stored directory."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from bot.people_sync import PeopleSync, groups, person
from tests.bot.conftest import Bench


def test_people_and_groups_are_read_page_by_page(bench: Bench) -> None:
    bench.reads_people()
    with bench.store.read() as reading:
        directory = reading.directory()
    priya = directory.person(bench.workspace.id("priya"))
    assert (priya.name, priya.handle, priya.tz, priya.active) == (
        "Priya Shah",
        "priya",
        "Europe/London",
        True,
    )
    assert priya.title == "Risk partner"
    assert not directory.person(bench.workspace.id("gerald")).active
    assert not directory.person(bench.workspace.id("preflight")).active
    assert [directory.person(u).name for u in directory.groups["risk-partners"]] == [
        "Priya Shah",
        "Tom Becker",
    ]


def test_reading_waits_as_slack_asks(bench: Bench) -> None:
    bench.workspace.fault("429", "users.list", count=1, retry_after=0)
    bench.workspace.fault("500", "usergroups.list", count=1)
    bench.reads_people()
    with bench.store.read() as reading:
        assert reading.directory().groups["exec"]


def test_without_user_groups_the_people_are_known_all_the_same(bench: Bench) -> None:
    bench.workspace.fault("error", "usergroups.list", error="plan_upgrade_required")
    bench.reads_people()
    with bench.store.read() as reading:
        assert reading.directory().people
        assert not reading.directory().groups


def test_a_change_is_read_soon(bench: Bench) -> None:
    others = set(threading.enumerate())
    sync = PeopleSync(bench.gateway, bench.store, lambda: datetime.now(UTC))
    sync.start()
    try:
        assert sync.done_once.wait(10)
        bench.workspace.post("/sandbox/admin/deactivate", {"user": "tom"})
        sync.wanted()

        def left() -> bool:
            with bench.store.read() as reading:
                return not reading.directory().person(bench.workspace.id("tom")).active

        bench.until(left)
    finally:
        sync.stop()
    assert not [t for t in threading.enumerate() if t.name == "people" and t not in others]


def test_guests_of_other_companies_and_bots_are_never_asked() -> None:
    assert not person({"id": "U1", "name": "x", "is_stranger": True}).active
    assert not person({"id": "U2", "name": "x", "is_bot": True}).active
    assert not person({"id": "USLACKBOT", "name": "slackbot"}).active
    assert person({"id": "U3", "name": "x", "profile": {"real_name": "X Y"}}).name == "X Y"


def test_groups_that_were_removed_are_left_out() -> None:
    listed = [
        {"handle": "a", "users": ["U1"]},
        {"handle": "b", "users": [], "date_delete": 5},
        {"name": "no handle"},
    ]
    assert groups(listed) == {"a": ("U1",)}
