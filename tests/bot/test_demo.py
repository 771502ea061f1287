"""The demo: one address, a company that has been at it, and the same again after a restart."""

from __future__ import annotations

from pathlib import Path

from bot.demo.launch import Demo
from storage.store import Store
from tests.scenarios.office import call, texts


def stages(folder: Path) -> dict[str, int]:
    store = Store("", folder)
    try:
        assert store.verify().sound
        with store.read() as reading:
            found = [u.stage for u in reading.use_cases()]
    finally:
        store.close()
    return {stage: found.count(stage) for stage in set(found)}


def test_the_demo_shows_use_cases_in_every_state_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        found = call(demo.url, "GET", "/sandbox/wait", as_="priya", channel="@app", contains="Mo Haddad")
        assert found["ok"]
    expected = {
        "approved_for_pilot": 2,
        "in_review": 2,
        "rejected": 1,
        "draft": 1,
        "production": 1,
        "pilot": 1,
    }
    assert stages(tmp_path) == expected
    with Demo(tmp_path) as demo:
        shown = call(demo.url, "GET", "/sandbox/messages", as_="priya", channel="@app")
        assert [m for m in shown["messages"] if "Mo Haddad" in m["text"]]
    assert stages(tmp_path) == expected


def test_the_playbook_can_be_asked_as_soon_as_the_demo_has_an_address(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        asked = {"as": "mo", "channel": "@app", "text": "Who can stop a release?"}
        sent = call(demo.url, "POST", "/sandbox/act/message", asked)
        told = call(
            demo.url,
            "GET",
            "/sandbox/wait",
            as_="mo",
            channel="@app",
            thread_ts=sent["ts"],
            contains="The playbook says",
        )
        assert "Who can stop a release" in texts(told["message"])


def test_dana_asks_whether_her_pilot_is_ready_for_production(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        asked = {"as": "dana", "channel": "@app", "text": "are we ready for production?"}
        sent = call(demo.url, "POST", "/sandbox/act/message", asked)
        told = call(
            demo.url,
            "GET",
            "/sandbox/wait",
            as_="dana",
            channel="@app",
            thread_ts=sent["ts"],
            contains="5 of 7",
        )
        text = texts(told["message"])
        assert "*Fallbacks* needs evidence" in text
        assert "*Monitoring* waits for *Lee Chen* since" in text
        assert "And there is no risk owner" in text
