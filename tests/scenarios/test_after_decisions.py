"""After a submission, through the protocol: taking it back, the desk, Home, reminders, the morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.answers import LOW, MEDIUM
from tests.scenarios.deciding import (
    audit,
    case_of,
    fills,
    presses,
    submits,
    time_passes,
    view_button,
)
from tests.scenarios.office import Office, elements, label, texts
from workflows import outcomes
from workflows.approval import Approval, Condition
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.dossier import Dossier
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program


def test_the_submitter_takes_it_back_and_the_approvers_cards_say_so(office: Office) -> None:
    title = "Predict storms"
    dana = submits(office, title, MEDIUM)
    presses(dana, dana.reads("Submitted", title), "Withdraw")
    office.person("priya").reads(title, "Withdrawn by Dana Ortiz")
    use_case, approval = case_of(office, title)
    assert (use_case.stage, approval.status) == ("draft", "withdrawn")


def test_what_waits_for_me_is_one_message_with_the_way_to_each(office: Office) -> None:
    for title in ("Score suppliers", "Score brokers"):
        submits(office, title, {**MEDIUM, "personal_data": True, "jurisdictions": ["uk"]})
    kim = office.person("kim")
    kim.says("what waits for me?")
    message = kim.reads("decisions wait", "Score suppliers", "Score brokers")
    rows = [b for b, e in elements(message) if label(e) == "Decide"]
    assert len(rows) == len(set(rows)) >= 2
    presses(kim, message, "Decide")
    assert "Please decide by" in texts(kim.view())


def test_home_shows_what_waits_my_drafts_and_my_use_cases_with_where_they_are(office: Office) -> None:
    title = "Plan shifts"
    submits(office, title, MEDIUM)
    home = office.person("dana").home("I am a bot", "Waits for you", "My use cases", title, "Priya Shah")
    assert "Submit a use case" in [label(e) for _, e in elements(home)]
    tom = office.person("tom")
    view = tom.home("Waits for you", title)
    block, element = next(
        (b, e)
        for (b, e) in elements(view)
        if label(e) == "Decide" and case_of(office, title)[1].id in e["value"]
    )
    tom._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"])
    opened = tom.view(title)
    view_button(tom, opened, "Approve")
    assert case_of(office, title)[1].status == "approved"


def test_where_is_my_use_case_names_whom_it_waits_on(office: Office) -> None:
    submits(office, "Forecast repairs", MEDIUM)
    dana = office.person("dana")
    dana.says("where is my use case?")
    dana.reads("Forecast repairs", "Waits for Priya Shah or Tom Becker")


def test_those_who_have_not_decided_are_reminded_and_then_the_program_team_hears(office: Office) -> None:
    title = "Rate repair shops"
    dana = submits(office, title, MEDIUM)
    _, approval = case_of(office, title)
    time_passes(office, f"remind/{approval.id}/")
    office.person("priya").reads(title, "still waits for your decision")
    dana.reads("I reminded Priya Shah or Tom Becker")
    time_passes(office, f"due/{approval.id}/")
    office.person("tom").reads(title, "is due now")
    office.person("sam").at("#ai-program").reads(title, "is overdue", "Priya Shah or Tom Becker")
    actors = {r["actor"] for r in audit(office, approval) if r["action"] == "seat.reminded"}
    assert actors == {office.bot.service.bot_user}


def test_a_reminder_says_that_nothing_is_left_to_do_once_it_is_decided(office: Office) -> None:
    title = "Rate garages"
    submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Approve")
    _, approval = case_of(office, title)
    with office.bot.service.store.read() as reading:
        assert not reading.planned(f"remind/{approval.id}/")
        assert not reading.planned(f"due/{approval.id}/")


def test_an_overdue_condition_is_brought_back_to_mind(office: Office) -> None:
    title = "Suggest coverage"
    submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Approve with conditions")
    due = (datetime.now(UTC) + timedelta(days=8)).date().isoformat()
    fills(priya, {"text/0": "brokers are trained", "owner/0": "U0MO", "due/0": due})
    _, approval = case_of(office, title)
    time_passes(office, f"condition/{approval.id}/")
    office.person("mo").reads("is overdue", "brokers are trained")
    priya.reads("is overdue", "brokers are trained", "Mo Haddad")


def test_the_morning_brings_one_message_with_all_that_waits(office: Office) -> None:
    submits(office, "Explain premiums", MEDIUM)
    tom = office.person("tom")
    before = len([m for m in tom.messages() if "for you" in texts(m)])
    with office.bot.service.store.read() as reading:
        planned = [job.key for job in reading.planned("desk/U0TOM/")]
    assert len(planned) == 1
    time_passes(office, "desk/U0TOM/")
    mornings = [m for m in tom.messages() if "for you" in texts(m)]
    assert len(mornings) == before + 1
    assert "Explain premiums" in texts(mornings[-1]) or "less urgent ones" in texts(mornings[-1])


def test_what_people_wrote_pings_nobody_and_turns_into_nothing(office: Office) -> None:
    title = "Ping <!channel> & *bold* <@U0VICTOR>"
    submits(office, title, {**MEDIUM, "outcome_constraints": "<!here> <https://evil.example|x>"})
    priya = office.person("priya")
    presses(priya, priya.reads("Ping"), "Reject")
    fills(priya, {"reason": "<!channel> <!everyone> <@U0VICTOR> no"})
    pings = office.get("/sandbox/notifications", person="victor")
    assert not [n for n in pings.get("notifications", []) if "Ping" in str(n)]
    dana = office.person("dana")
    home = dana.home("My use cases")
    assert "<!channel>" not in str([m for m in home["blocks"] if m["type"] == "section"])


def test_what_follows_from_a_closed_case_is_asked_for_submissions_and_withdrawals_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str, str]] = []

    def follow(
        closed: Approval, dossier: Dossier, program: Program, directory: Directory, circ: Circumstances
    ) -> Decision:
        heard.append((closed.kind, closed.status, dossier.use_case.title))
        return Decision()

    monkeypatch.setattr(outcomes, "FOLLOWS", {**outcomes.FOLLOWS, "intake": follow})
    submits(office, "Sort the post", LOW)  # approved at once
    dana = submits(office, "Sort the parcels", MEDIUM)
    presses(dana, dana.reads("Submitted", "Sort the parcels"), "Withdraw")
    assert heard == [("intake", "approved", "Sort the post"), ("intake", "withdrawn", "Sort the parcels")]


def test_where_is_my_use_case_shows_what_was_promised_with_every_approval_that_holds(office: Office) -> None:
    title = "Sort the samples"
    submits(office, title, LOW)
    use_case, intake = case_of(office, title)
    now = datetime.now(UTC)

    def promise(text: str, approval: Approval, **more: object) -> Approval:
        condition = Condition(id="c1", seat="risk", by=UserId("U0PRIYA"), text=text, owner=use_case.submitter)
        return approval.model_copy(update={"conditions": (condition,), **more})

    with office.bot.service.store.write() as tx:
        gate = {"kind": "gate", "gate": "production", "revision": 0}
        over = {"expires_at": now - timedelta(days=1)}
        changed = (
            promise("Logs kept for a year", intake),
            promise("Agents trained by May", intake, id=tx.new_id("approval"), **gate),
            promise("Long forgotten", intake, id=tx.new_id("approval"), **gate, **over),
        )
        entries = tuple(Entry(action="put", subject=a.subject) for a in changed)
        circ = Circumstances(
            now=now, actor=Actor(user=UserId("U0PRIYA"), door="cli"), program=use_case.program
        )
        tx.apply(Decision(changed=changed, entries=entries), circ)
    dana = office.person("dana")
    dana.says("where is my use case?")
    shown = texts(dana.reads(title, "Condition: Logs kept for a year", "Condition: Agents trained by May"))
    assert "Long forgotten" not in shown
