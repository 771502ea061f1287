"""Approvals in full through the protocol: gates (A1-A4), end and renewal (A6), who decides what (A8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.answers import HIGH, LOW, MEDIUM
from tests.program.office import PROGRAM, answers
from tests.scenarios.deciding import case_of, eventually, fills, presses, sends, settle, view_button
from tests.scenarios.gates import approved, put
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from workflows.approval import Approval
from workflows.ids import UserId
from workflows.routing import plan
from workflows.scoring import assess

OWNERS: JSON = {
    "metric_owner": "U0MO",
    "stop_authority": "U0LEE",
    "risk_owner": "U0INES",
    "technical_owner": "U0LEE",
}


def asks_for_production(office: Office, title: str) -> Person:
    """Everything is there, and Dana asks for the decision."""
    approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "platform_candidate", {"id": "production_readiness"})
    dana = office.person("dana").says(f"is {title} ready for production?")
    presses(dana, dana.reads("What is left is the decision", title), "Ask for the decision")
    return dana


def gate_case(office: Office, title: str) -> Approval:
    use_case, _ = case_of(office, title)
    with office.bot.service.store.read() as reading:
        return reading.approvals_of(use_case.id, ("gate",))[0]


def test_scene_three_at_a_gate_question_answer_condition_and_the_second_approver(office: Office) -> None:
    title = "Sort hospital bills"
    asks_for_production(office, title)
    priya, tom = office.person("priya"), office.person("tom")
    card = priya.reads("asks for approval for production", title)
    text = texts(card)
    for expected in (
        "May it go into everyday use?",
        "You are asked because a risk partner",
        "Tier: medium",
        "Production readiness:* 7 of 7 met",
        "Please decide by",
        "Nothing is approved by silence",
    ):
        assert expected in text, expected
    old = tom.reads("asks for approval for production", title)
    presses(priya, card, "Open")
    assert "✅ Fallbacks" in texts(priya.view("Production readiness"))
    priya._act("close_view", all=True)

    presses(priya, card, "Request changes")
    fills(priya, {"question": "retention of transcripts?", "of": "U0DANA"})
    dana = office.person("dana")
    with office.bot.service.store.read() as reading:
        record = reading.use_case(case_of(office, title)[0].id)
    assert record is not None
    home = record.home
    assert home is not None
    thread = dana.at(home.channel, home.thread)
    thread.reads("Priya Shah has a question", "retention of transcripts?")
    thread.says("They are deleted after 30 days.")
    settle(office)
    priya.reads("asks for approval for production", title, "They are deleted after 30 days.")

    presses(priya, priya.reads("asks for approval for production", title), "Approve with conditions")
    due = (datetime.now(UTC) + timedelta(days=8)).date().isoformat()
    fills(priya, {"text/0": "transcripts deleted after 30 days", "owner/0": "U0DANA", "due/0": due})
    priya.reads(title, "Approved by Priya Shah", "with 1 condition")
    block, element = next((b, e) for b, e in elements(old) if label(e) == "Approve")
    sends(office, tom, element, block, old["ts"])
    tom.reads("Priya approved this at")
    assert gate_case(office, title).status == "approved"
    eventually(lambda: case_of(office, title)[0].stage == "production")


def test_nobody_passes_a_gate_for_their_own_use_case_and_no_button_is_forged(office: Office) -> None:
    title = "Sort dental bills"
    dana = asks_for_production(office, title)
    case = gate_case(office, title)
    element = {"type": "button", "action_id": "approval.approve", "value": f"{case.id}|risk_partner"}
    sends(office, dana, element, f"approval|{case.id}|risk_partner")
    noor = office.person("noor")
    sends(office, noor, element, f"approval|{case.id}|risk_partner")
    assert gate_case(office, title).status == "waiting"
    with office.bot.service.store.read() as reading:
        refused = [r["actor"] for r in reading.audit(subject=case.subject) if r["refused"]]
    assert refused == ["U0DANA", "U0NOOR"]


def test_the_matrix_asks_for_more_at_a_higher_tier_at_every_gate(office: Office) -> None:
    with office.bot.service.store.read() as reading:
        directory = reading.directory()

    def seats(given: JSON, gate: str) -> list[tuple[str, int]]:
        said = answers(**given)
        assessment = assess(PROGRAM, PROGRAM.intake, said)
        dana = UserId("U0DANA")
        way = plan(PROGRAM, PROGRAM.intake, said, assessment, directory, dana, datetime.now(UTC), gate)
        return [(s.role, s.order) for s in way.seats]

    assert seats(LOW, "platform_candidate") == []
    assert seats(LOW, "production") == [("risk_partner", 1)]
    assert seats(MEDIUM, "production") == [("risk_partner", 1)]
    high = seats(HIGH, "production")
    assert {r for r, o in high if o == 1} >= {"privacy", "risk_partner"}
    assert ("legal", 2) in high
    assert ("executive_sponsor", 3) in high
    assert [r for r, _ in seats(HIGH, "release")][-1] == "risk_partner"


def test_an_approval_is_renewed_in_time_and_otherwise_runs_out(office: Office) -> None:
    title = "Sort optician bills"
    approved(office, title, {**MEDIUM, **OWNERS})
    dana, priya = office.person("dana"), office.person("priya")
    office.bot.pass_time(days=365 - 27)
    priya.reads("asks for renewal of the approval for pilot", title, "nothing has changed in its record")
    office.bot.pass_time(days=21)
    dana.reads("The approval of", title, "for pilot ends on", "Its renewal is with")
    office.bot.pass_time(days=7)
    dana.reads("The approval of", title, "has run out: it no longer counts")
    office.person("mo").at("#ai-program").reads(title, "has run out")
    presses(priya, priya.reads("asks for renewal of the approval for pilot", title), "Approve")
    _, case = case_of(office, title)
    assert (case.kind, case.status) == ("renewal", "approved")
    assert case.expires_at is not None
    assert case.expires_at > office.bot.now() + timedelta(days=300)


def test_who_decides_what_is_told_in_one_table_by_command_and_in_plain_words(office: Office) -> None:
    title = "Sort pharmacy bills"
    approved(office, title, {**MEDIUM, **OWNERS})
    mo = office.person("mo")
    mo.commands(f"who {case_of(office, title)[0].id}")
    note = mo.at("#general").reads("Who decides what for", title)
    rows = next(b for b in note["blocks"] if b["type"] == "table")["rows"]
    table = {r[0]["text"]: (r[1]["text"], r[2]["text"]) for r in rows}
    assert "Priya Shah or Tom Becker (Risk partner)" in table["Production"][0]
    assert "Ines Moreau (Risk owner)" in table["Stop it"][0]
    assert any(name.startswith("Waive") and "monitoring" in name for name in table)
    asked = office.person("grace").says(f"RACI for *{title}*")
    asked.reads("Who decides what for", title)
    record = office.person("dana").says("where is my use case?")
    presses(record, record.reads(title, "Open"), "Open")
    view_button(record, record.view(title), "Who decides what")
    assert "Risk partner" in texts(record.view("Production"))
