"""Who is asked to decide, through the protocol: the matrix of the program, and roles to people."""

from __future__ import annotations

from tests.answers import HIGH, LOW, MEDIUM
from tests.scenarios.deciding import (
    audit,
    case_of,
    eventually,
    members,
    presses,
    submits,
)
from tests.scenarios.office import Office, elements, label


def test_a_low_risk_use_case_is_approved_at_once_and_the_risk_partners_are_told(office: Office) -> None:
    dana = submits(office, "Tidy meeting notes", LOW)
    dana.reads("low risk", "approved at once", "Priya Shah and Tom Becker")
    for name in ("priya", "tom"):
        office.person(name).reads("For your information", "Tidy meeting notes", "automatically")
    use_case, approval = case_of(office, "Tidy meeting notes")
    assert (use_case.stage, approval.status, approval.seats) == ("approved_for_pilot", "approved", ())


def test_medium_risk_goes_to_the_risk_partners_by_message_and_in_their_channel(office: Office) -> None:
    dana = submits(office, "Summarise claims calls", MEDIUM)
    dana.reads("Submitted", "Priya Shah or Tom Becker")
    for look in (office.person("priya"), office.person("tom"), office.person("sam").at("#risk-approvals")):
        card = look.reads("Summarise claims calls", "asks for approval for pilot")
        names = [label(e) for _, e in elements(card)]
        assert names == [
            "Approve",
            "Approve with conditions",
            "Request changes",
            "Reject",
            "Delegate",
            "Open",
        ]


def test_high_risk_is_decided_in_sequence_and_a_card_comes_only_when_it_is_ones_turn(office: Office) -> None:
    title = "Triage injury claims"
    submits(office, title, HIGH)
    kim, priya = office.person("kim"), office.person("priya")
    kim.reads(title, "Data protection")
    priya.reads(title)
    office.person("ines").does_not_read(title, for_=0.1)
    presses(kim, kim.reads(title), "Approve")
    office.person("ines").does_not_read(title, for_=0.1)
    presses(priya, priya.reads(title), "Approve")
    ines = office.person("ines")
    presses(ines, ines.reads(title, "Kim Novak", "Priya Shah"), "Approve")
    ruth = office.person("ruth")
    assert office.person("ruth").at("#ai-leadership").reads(title)
    presses(ruth, ruth.reads(title), "Approve")
    use_case, approval = case_of(office, title)
    assert (use_case.stage, approval.status) == ("approved_for_pilot", "approved")
    assert [s.role for s in approval.seats] == ["privacy", "risk_partner", "legal", "executive_sponsor"]


def test_a_prohibited_use_is_stopped_with_the_reason_and_the_appeal(office: Office) -> None:
    dana = submits(office, "Score our colleagues", {**LOW, "prohibited_uses": ["social_scoring"]})
    dana.reads("was stopped", "practice that we do not allow", "#ai-program")
    use_case, approval = case_of(office, "Score our colleagues")
    assert (use_case.stage, approval.status, approval.seats) == ("rejected", "stopped", ())


def test_a_role_that_a_field_names_goes_to_that_person(office: Office) -> None:
    title = "Sort incoming letters"
    answers = {**LOW, "data_sensitivity": "restricted", "data_owner": "U0ELENA"}
    submits(office, title, answers)
    office.person("elena").reads(title, "you own data this use case wants to read")
    office.person("noor").reads(title, "Security")
    _, approval = case_of(office, title)
    assert {s.role: s.people for s in approval.seats}["data_owner"] == ("U0ELENA",)


def test_whoever_is_told_and_not_asked_hears_of_the_approval(office: Office) -> None:
    title = "Compare tariffs"
    submits(office, title, {**MEDIUM, "data_owner": "U0ANYA"})
    priya, anya = office.person("priya"), office.person("anya")
    anya.does_not_read(title, for_=0.1)
    presses(priya, priya.reads(title), "Approve")
    anya.reads("For your information", title, "is approved")


def test_a_risk_partner_does_not_decide_on_their_own_use_case(office: Office) -> None:
    submits(office, "Read audit reports", {**MEDIUM, "business_owner": "U0PRIYA"}, by="priya")
    _, approval = case_of(office, "Read audit reports")
    assert approval.seats[0].people == ("U0TOM",)
    card = office.person("priya").at("#risk-approvals").reads("Read audit reports")
    priya = office.person("priya").at("#risk-approvals")
    presses(priya, card, "Approve")
    priya.reads("Nobody decides on their own use case")
    refused = [r for r in audit(office, approval) if r["refused"]]
    assert [(r["actor"], r["action"]) for r in refused] == [("U0PRIYA", "approve")]
    assert case_of(office, "Read audit reports")[1].status == "waiting"


def test_a_role_that_nobody_fills_goes_to_the_program_team_and_never_nowhere(office: Office) -> None:
    title = "Read medical notes"
    service = office.bot.service
    groups = {"privacy": ["kim"], "legal": ["ines", "henrik"]}
    for handle in groups:
        office.post("/sandbox/admin/group_members", {"group": handle, "users": ["gerald"]})
    try:
        eventually(lambda: service.moment().directory.active(members(office, "legal")) == ())
        submits(office, title, {**MEDIUM, "personal_data": True, "jurisdictions": ["uk"]})
        office.person("sam").reads(title, "Data protection")
        _, approval = case_of(office, title)
        asked = {s.role: s.people for s in approval.seats}
        assert asked == {"privacy": ("U0SAM", "U0ZOE"), "risk_partner": ("U0PRIYA", "U0TOM")}
    finally:
        for handle, users in groups.items():
            office.post("/sandbox/admin/group_members", {"group": handle, "users": users})
        eventually(lambda: len(members(office, "legal")) == 2)


def test_where_the_program_wants_two_both_have_to_agree(office: Office) -> None:
    title = "Summarise witness calls"
    service = office.bot.service
    usual = service.program
    rows = tuple(
        r.model_copy(update={"steps": tuple(s.model_copy(update={"quorum": 2}) for s in r.steps)})
        if r.id == "medium"
        else r
        for r in usual.governance.rows
    )
    service.program = usual.model_copy(
        update={"governance": usual.governance.model_copy(update={"rows": rows})}
    )
    try:
        submits(office, title, MEDIUM)
        priya, tom = office.person("priya"), office.person("tom")
        presses(priya, priya.reads(title), "Approve")
        assert case_of(office, title)[1].status == "waiting"
        after = priya.reads(title, "Approved by Priya Shah", "waits for Tom Becker")
        assert [label(e) for _, e in elements(after)] == ["Open"]
        presses(tom, tom.reads(title), "Approve")
        assert case_of(office, title)[1].status == "approved"
    finally:
        service.program = usual
