"""A6 through the protocol: a change re-opens what rested on it, and newer rules are offered."""

from __future__ import annotations

from datetime import UTC, datetime

from storage.program_folder import default_program_folder, read_files
from tests.answers import HIGH, LOW
from tests.scenarios.deciding import case_of, eventually, fills, presses, submits, view_button
from tests.scenarios.gates import approved
from tests.scenarios.office import JSON, Office, Person, texts
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.ids import QuestionId, UserId
from workflows.program_files import parse_program

OWNERS: JSON = {"technical_owner": "U0LEE"}
FULL: JSON = {
    **HIGH,
    "harm": "inconvenience",
    "autonomy": "act_with_approval",
    "personal_data": False,
    "affected": "customers",
    "integrations": ["none"],
}
"""Medium risk, with nearly everything answered that a higher one would ask for."""
TO_CUSTOMERS: JSON = {
    "q|audience": "customer_facing",
    "q|guardrail_2": "share of letters that come back",
    "q|guardrail_2_action": "pause it",
}


def changes(office: Office, title: str, question: str, value: object) -> Person:
    """Dana opens the record, chooses an answer, fills in the new one, and looks at what it would do."""
    dana = office.person("dana")
    dana.says("where is my use case?")
    presses(dana, row(dana, title), "Open")
    view_button(dana, dana.view(title), "Change an answer")
    dana.view("What has changed")
    dana.submits({"questions": {"questions": [question]}})
    fills(dana, {f"q|{question}": value})
    return dana


def row(person: Person, title: str) -> JSON:
    """The list of where things stand, as far as it shows this one."""
    message = person.reads(title, "Open")
    blocks = [b for b in message["blocks"] if title in texts({"blocks": [b]})]
    return {**message, "blocks": blocks}


def test_a_change_shows_what_it_re_opens_before_it_counts_and_counts_once_they_agree(office: Office) -> None:
    title = "Answer broker letters"
    home = approved(office, title, {**FULL, **OWNERS})
    dana = changes(office, title, "audience", "customer_facing")
    dana.view("second")  # for customers a second guardrail is asked for
    fills(dana, TO_CUSTOMERS)
    shown = texts(dana.view("These would decide anew"))
    assert "Internal → *Customer-facing*" in shown
    assert "Legal" in shown
    fills(dana, TO_CUSTOMERS)
    use_case, case = case_of(office, title)
    assert (case.kind, case.status) == ("change", "waiting")
    assert use_case.answers[QuestionId("audience")].value == "internal"
    priya = office.person("priya")
    card = priya.reads("asks for a change of", title)
    assert "Internal → Customer-facing" in texts(card)
    presses(priya, card, "Approve")
    legal = office.person("ines")
    presses(legal, legal.reads("asks for a change of", title), "Approve")
    eventually(lambda: case_of(office, title)[1].status == "approved")
    assert case_of(office, title)[0].answers[QuestionId("audience")].value == "customer_facing"
    home.reads("a change of", title, "is approved")


def test_a_rejected_change_leaves_the_record_as_it_was(office: Office) -> None:
    title = "Answer doctors' letters"
    home = approved(office, title, {**FULL, **OWNERS})
    before, _ = case_of(office, title)
    dana = changes(office, title, "audience", "customer_facing")
    fills(dana, TO_CUSTOMERS)
    fills(dana, TO_CUSTOMERS)
    priya = office.person("priya")
    presses(priya, priya.reads("asks for a change of", title), "Reject")
    fills(priya, {"reason": "Not before the evaluation."})
    home.reads("did not approve a change of", "Not before the evaluation.")
    after, case = case_of(office, title)
    assert case.status == "rejected"
    assert after.answers == before.answers
    assert after.assessment == before.assessment


def test_an_owner_is_changed_in_plain_words_after_a_command(office: Office) -> None:
    title = "Answer garage letters"
    approved(office, title, {**LOW, **OWNERS})
    dana = office.person("dana")
    dana.commands(f"change {case_of(office, title)[0].id} make the technical owner @mo")
    shown = texts(dana.view("Technical owner"))
    assert "Lee Chen → *Mo Haddad*" in shown
    assert "counts at once" in shown
    fills(dana, {"q|technical_owner": "U0MO"})
    eventually(lambda: case_of(office, title)[0].answers[QuestionId("technical_owner")].value == "U0MO")


def test_somebody_else_cannot_change_it(office: Office) -> None:
    title = "Answer court letters"
    approved(office, title, {**LOW, **OWNERS})
    noor = office.person("noor")
    noor.commands(f"change {case_of(office, title)[0].id}")
    noor.at("#general").reads("Only Dana Ortiz, the owners and the AI program team can do this")


def test_in_an_open_case_whoever_decided_on_the_old_answer_is_asked_again(office: Office) -> None:
    title = "Answer school letters"
    submits(office, title, {**FULL, **OWNERS, "personal_data": True})
    priya = office.person("priya")
    presses(priya, priya.reads(title, "asks for approval"), "Approve")
    assert case_of(office, title)[1].status == "waiting"
    dana = changes(office, title, "data_sensitivity", "restricted")
    assert "asked once more" in texts(dana.view("Tier"))
    fills(dana, {"q|data_sensitivity": "restricted"})
    _, case = case_of(office, title)
    assert case.kind == "intake"
    priya.reads("has changed on which your decision rested", title)
    assert [v for s in case.seats for v in s.verdicts] == []


# ---------------------------------------------------------------- the rules it goes by


def test_newer_rules_are_offered_to_the_owner_and_never_imposed(office: Office) -> None:
    title = "Sort the archive"
    approved(office, title, {**LOW, **OWNERS})
    service = office.bot.service
    use_case, _ = case_of(office, title)
    # It was submitted under an earlier version, in which nothing was asked of low risk at the pilot's start.
    files = dict(read_files(default_program_folder()))
    files["program.yaml"] = files["program.yaml"].replace('version: "2026.1"', 'version: "2025.9"')
    files["tiers.yaml"] = files["tiers.yaml"].replace(
        'when: harm == "severe"', 'when: harm == "inconvenience"'
    )
    then = parse_program(files)
    assert then.stamp != service.program.stamp
    now = datetime.now(UTC)
    circ = Circumstances(now=now, actor=Actor(user=UserId("U0DANA"), door="cli"), program=then.stamp)
    with service.store.write() as tx:
        tx.keep_program(then, files, now)
        locked = tx.lock_use_case(use_case.id)
        assert locked is not None
        older = locked.model_copy(update={"program": then.stamp})
        tx.apply(Decision(changed=(older,), entries=(Entry(action="put", subject=older.subject),)), circ)
    dana = office.person("dana")
    dana.says("where is my use case?")
    presses(dana, row(dana, title), "Open")
    record = dana.view(title)
    assert "goes by the rules of 2025.9" in texts(record)
    view_button(dana, record, "See what would change")
    shown = texts(dana.view("goes by the rules of 2025.9"))
    assert "*Tier:* high → *low*" in shown
    assert case_of(office, title)[0].program == then.stamp
    fills(dana, {})
    eventually(lambda: case_of(office, title)[0].program == service.program.stamp)
    with service.store.read() as reading:
        lines = list(reading.audit(subject=use_case.subject))
    assert [r["action"] for r in lines if r["action"] == "use_case.rules_adopted"]
