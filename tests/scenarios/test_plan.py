"""P3 through the protocol: the 90-day plan is started, worked on, late, given more time, and closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.scenarios.deciding import presses, sends, settle
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.talking import refusals, until
from workflows.plan.plan import Plan
from workflows.plan.progress import late, progress

TODAY = datetime.now(UTC).date()


def plan(office: Office) -> Plan:
    with office.bot.service.store.read() as reading:
        found: Plan = reading.matters(Plan, at_most=1)[0]
        return found


def room(office: Office, name: str = "sam") -> Person:
    return office.person(name).at("#ai-program")


def card(person: Person, *contains: str) -> JSON:
    return person.reads("The 90-day plan", "Inventory and rationalise", *contains)


def task(office: Office, who: str, title: str) -> JSON:
    """Opens a task from the list that its owner got when the plan began."""
    person = office.person(who)
    mine = person.reads("of its tasks are yours", title)
    block, element = next(
        (block, e)
        for block, e in elements(mine)
        if title in texts({"blocks": [b for b in mine["blocks"] if b.get("block_id") == block]})
    )
    sends(office, person, element, block, mine["ts"])
    return person.reads("With", title, "Done by")


def test_only_the_program_team_starts_it(office: Office) -> None:
    marcus = office.person("marcus").at("#general")
    marcus.commands("plan")
    shown = marcus.reads("has not begun", "The AI program team starts it")
    assert not [e for _, e in elements(shown) if label(e) == "Start it"]
    sam = office.person("sam").at("#general")
    sam.commands("plan")
    sam.clicks("Start it", sam.reads("has not begun", "gives each task an owner"))
    sam.view("Day 1 of the plan")
    sam.submits({"begins": (TODAY + timedelta(days=1)).isoformat()})
    sam.view("The plan has begun")
    settle(office)
    kept = plan(office)
    assert (kept.status, kept.owner, len(kept.tasks)) == ("running", "U0SAM", 16)
    assert kept.begins == TODAY + timedelta(days=1)
    assert kept.task("bought").action.owner == "U0NOOR"  # type: ignore[union-attr]
    card(room(office), "0 of 16 tasks done")
    office.person("noor").reads("of its tasks are yours", "Purchased functions")


def test_a_task_is_done_and_the_card_in_the_channel_says_so(office: Office) -> None:
    noor = office.person("noor")
    presses(noor, task(office, "noor", "Purchased functions"), "Done")
    noor.reads("has done it", "Purchased functions")
    card(room(office), "1 of 16 tasks done", "✅ Purchased functions")
    first = progress(plan(office), office.bot.service.program.plan, office.bot.now())[0]
    assert (first.done, first.of) == (1, 6)


def test_a_task_is_moved_with_a_reason_and_handed_on(office: Office) -> None:
    sam = office.person("sam")
    shown = task(office, "sam", "Every manager has asked their team")
    presses(sam, shown, "Move")
    later = TODAY + timedelta(days=20)
    sam.submits({"due": later.isoformat(), "reason": "Two teams meet only at the end of the month."})
    sam.reads("Moved: Two teams meet", "Every manager")
    presses(sam, shown, "Hand on")
    sam.submits({"to": "U0ZOE"})
    office.person("zoe").reads("Every manager has asked their team", "With Zo")
    settle(office)
    kept = plan(office).task("ask_teams")
    assert kept is not None
    assert (kept.action.owner, kept.action.moved) == ("U0ZOE", 1)


def test_somebody_else_can_look_and_change_nothing(office: Office) -> None:
    grace = office.person("grace").says("how is the 90-day plan going?")
    shown = card(grace, "1 of 16 tasks done")
    assert {label(e) for _, e in elements(shown)} == {"Open"}
    aloud = card(room(office))
    close_it = next((b, e) for b, e in elements(aloud) if label(e) == "Close the plan")
    before = len(refusals(office))
    sends(office, grace, close_it[1], close_it[0], aloud["ts"])
    until(lambda: len(refusals(office)) == before + 1, "refused")
    assert plan(office).status == "running"


def test_what_waits_for_an_owner_is_on_their_desk(office: Office) -> None:
    ruth = office.person("ruth")
    home = ruth.home("short list of at most ten")
    assert "The 90-day plan" in texts(home)


def test_a_task_is_added(office: Office) -> None:
    sam = room(office)
    presses(sam, card(sam), "Add a task")
    sam.submits(
        {
            "phase": "inventory",
            "text": "Licences of the marketing agency are listed",
            "owner": "U0MAYA",
            "due": (TODAY + timedelta(days=9)).isoformat(),
        }
    )
    office.person("maya").reads("Licences of the marketing agency")
    card(room(office), "1 of 17 tasks done", "Licences of the marketing agency")


def test_what_is_late_is_told_once_and_stands_first(office: Office) -> None:
    office.bot.pass_time(days=16)
    maya = office.person("maya")
    maya.reads("Was due", "Licences of the marketing agency", "Is anything in the way?", timeout=45)
    room(office).reads("Was due", "marketing agency", timeout=45)
    aloud = [m for m in room(office).messages() if "Was due" in texts(m) and "marketing agency" in texts(m)]
    assert len(aloud) == 1
    assert [t.task for t in late(plan(office), office.bot.now())] == ["t17"]
    shown = texts(card(room(office), "Behind (1)"))
    assert shown.index("Behind (1)") < shown.index("Inventory and rationalise")


def test_a_phase_gets_more_time_once(office: Office) -> None:
    before = {t.task: t.action.due for t in plan(office).tasks}
    sam = room(office)
    shown = card(sam)
    presses(sam, shown, "More time for Inventory and rationalise")
    card(sam, "given 10 more working days")
    kept = plan(office)
    moved = kept.task("closing").action.due  # type: ignore[union-attr]
    assert moved is not None
    assert before["closing"] is not None
    assert timedelta(days=12) <= moved - before["closing"] <= timedelta(days=16)
    assert kept.task("bought").action.due == before["bought"]  # type: ignore[union-attr]
    again = next((b, e) for b, e in elements(shown) if label(e).startswith("More time"))
    count = len(refusals(office))
    sends(office, office.person("sam"), again[1], again[0], shown["ts"])
    until(lambda: len(refusals(office)) == count + 1, "refused the second time")


def test_it_closes_with_a_summary_for_its_sponsor(office: Office) -> None:
    with office.bot.service.store.read() as reading:
        assert reading.planned(f"plan/{plan(office).id}")
    sam = room(office)
    presses(sam, card(sam), "Close the plan")
    sam.reads("is closed", "1 of 17 tasks were done", "Left undone (16)")
    office.person("ruth").reads("is closed", "1 of 17 tasks were done")
    assert plan(office).status == "closed"
    assert not [t for t in plan(office).tasks if t.action.open]
    with office.bot.service.store.read() as reading:
        assert not reading.planned(f"plan/{plan(office).id}"), "nobody is reminded of what is over"
    office.bot.ahead = timedelta(0)
