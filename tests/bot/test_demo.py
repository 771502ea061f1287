"""The demo: one address, a company that has been at it, and the same again after a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import utc_now
from bot.demo.launch import Demo
from storage.program_folder import default_program_folder, read_program
from storage.schema import Events
from storage.store import Store
from tests.scenarios.office import call, texts
from workflows.feedback import Feedback
from workflows.listening.themes import recurring
from workflows.plan.plan import Plan
from workflows.waiver import Waiver


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
    with Demo(tmp_path, monday=False) as demo:
        found = call(demo.url, "GET", "/sandbox/wait", as_="priya", channel="@app", contains="Mo Haddad")
        assert found["ok"]
    expected = {
        "approved_for_pilot": 2,
        "in_review": 2,
        "rejected": 1,
        "draft": 1,
        "production": 3,
        "pilot": 2,
        "retired": 1,
        "declared": 1,
    }
    assert stages(tmp_path) == expected
    with Demo(tmp_path, monday=False) as demo:
        shown = call(demo.url, "GET", "/sandbox/messages", as_="priya", channel="@app")
        assert [m for m in shown["messages"] if "Mo Haddad" in m["text"]]
    assert stages(tmp_path) == expected


def test_the_playbook_can_be_asked_as_soon_as_the_demo_has_an_address(tmp_path: Path) -> None:
    with Demo(tmp_path, monday=False) as demo:
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
    with Demo(tmp_path, monday=False) as demo:
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


def test_a_year_of_numbers_is_there_from_the_first_minute(tmp_path: Path) -> None:
    with Demo(tmp_path, monday=False):
        pass
    store = Store("", tmp_path)
    try:
        with store.read() as reading:
            cost = select(Events.week, Events.value).where(Events.kind == "cost")
            weeks = {week for week, _ in reading.connection.execute(cost)}
            waivers = reading.matters(Waiver, statuses=("in_force",))
            wrong = select(Events.value).where(Events.kind == "guardrail_1", Events.use_case == "UC-0010")
            newest = reading.connection.execute(wrong.order_by(Events.week.desc())).scalars().first()
    finally:
        store.close()
    assert len(weeks) > 40
    soon = utc_now() + timedelta(days=14)
    assert [w.id for w in waivers if w.expires_at < soon] == ["WV-0001"]
    assert newest == 4.2, "the newest number of a guardrail is above its limit of 3 percent"


def test_a_plan_runs_people_learn_and_feedback_comes_again_from_the_first_minute(tmp_path: Path) -> None:
    with Demo(tmp_path, monday=False) as demo:
        shown = call(
            demo.url, "GET", "/sandbox/wait", as_="sam", channel="#ai-program", contains="90-day plan"
        )
        assert shown["ok"]
    program, now = read_program(default_program_folder()), utc_now()
    store = Store("", tmp_path)
    try:
        with store.read() as reading:
            (plan,) = reading.matters(Plan, statuses=("running",))
            given = reading.matters(Feedback)
            training, star = (
                reading.measure(id, program, now).cells[-1].value
                for id in ("training", "north_star_progress")
            )
    finally:
        store.close()
    behind = [t.task for t in plan.tasks if t.action.open and t.action.due and t.action.due < now]
    assert behind == ["short_list"]
    assert [(use_case, theme) for use_case, theme, _ in recurring(given, program.feedback, now)] == [
        ("UC-0006", "wrong")
    ]
    assert training is not None
    assert 0 < training < 100
    assert star is not None
    assert 0 < star < 60, "figures of the company, in its own units: not all the way from the first week"


def test_the_leadership_finds_this_weeks_digests_in_its_channel(tmp_path: Path) -> None:
    with Demo(tmp_path) as demo:
        told = call(
            demo.url, "GET", "/sandbox/wait", as_="victor", channel="#ai-leadership", contains="Wrong matches"
        )
    said = texts(told["message"])
    assert "Match by hand above 1,000 euros until the cause is found" in said
    assert "Draft replies to routine customer e-mails" in said, "what is overdue is there"
    assert "the waiver of" in said
