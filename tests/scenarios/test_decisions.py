"""Decisions through the protocol: the card, every button, who may do what, what people are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.answers import MEDIUM
from tests.scenarios.deciding import (
    audit,
    case_of,
    fills,
    presses,
    sends,
    settle,
    submits,
    view_button,
)
from tests.scenarios.office import Office, elements, label, texts

# ---------------------------------------------------------------- A3: the card


def test_the_card_says_what_is_asked_why_of_me_the_numbers_the_tier_and_what_happens_if_i_do_nothing(
    office: Office,
) -> None:
    submits(office, "Answer broker questions", MEDIUM)
    card = office.person("priya").reads("Answer broker questions")
    text = texts(card)
    for expected in (
        "Dana Ortiz asks for approval for pilot",
        "You are asked because a risk partner looks at every use case above low risk",
        "it takes hours every week",
        "40",
        "300 calls a day",
        "Tier: medium",
        "confidential data",
        "Please decide by",
        "at that time I tell #ai-program",
        "Nothing is approved by silence",
    ):
        assert expected in text, expected


def test_the_card_shows_similar_decisions_before(office: Office) -> None:
    submits(office, "Draft broker letters", MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads("Draft broker letters"), "Approve")
    submits(office, "Draft broker emails", MEDIUM)
    priya.reads("Draft broker emails", "Decided before", "Draft broker letters", "approved by Priya Shah")


def test_a_decision_takes_the_place_of_the_buttons_everywhere(office: Office) -> None:
    title = "Check invoices"
    dana = submits(office, title, MEDIUM)
    priya, tom, sam = office.person("priya"), office.person("tom"), office.person("sam").at("#risk-approvals")
    before = {p.name: p.reads(title) for p in (priya, tom, sam)}
    presses(priya, before["Priya Shah"], "Approve")
    dana.reads(title, "approved by Priya Shah")
    for person in (priya, tom, sam):
        card = next(m for m in person.messages() if m["ts"] == before[person.name]["ts"])
        assert "Approved by Priya Shah, " in texts(card)
        assert [label(e) for _, e in elements(card)] == ["Open"]


def test_the_second_of_two_is_told_who_decided_and_when(office: Office) -> None:
    title = "Route service emails"
    submits(office, title, MEDIUM)
    priya, tom = office.person("priya"), office.person("tom")
    old = tom.reads(title)
    presses(priya, priya.reads(title), "Approve")
    # Tom's phone still shows the buttons: the very click it would send.
    block, element = next((b, e) for b, e in elements(old) if label(e) == "Approve")
    sends(office, tom, element, block, old["ts"])
    said = tom.reads("Priya approved this at")
    assert said["ephemeral"]
    _, approval = case_of(office, title)
    assert [v.by for v in approval.seats[0].verdicts] == ["U0PRIYA"]


def test_whoever_was_still_writing_is_told_in_the_form_that_somebody_was_first(office: Office) -> None:
    title = "Sort photographs"
    submits(office, title, MEDIUM)
    priya, tom = office.person("priya"), office.person("tom")
    presses(tom, tom.reads(title), "Reject")
    presses(priya, priya.reads(title), "Approve")
    fills(tom, {"reason": "Too early."})
    assert "Priya approved this at" in texts(tom.view())
    tom._act("close_view", all=True)
    _, approval = case_of(office, title)
    assert approval.status == "approved"
    assert [r["actor"] for r in audit(office, approval) if r["refused"]] == ["U0TOM"]


def test_reject_asks_for_a_reason_and_the_submitter_reads_it_and_may_change_it(office: Office) -> None:
    title = "Guess customer moods"
    dana = submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Reject")
    assert "speaks against it" in texts(priya.view())
    answer = priya.submits({"reason": " "})
    assert "reason" in str(answer)
    fills(priya, {"reason": "No agreed way to measure a mood."})
    dana.reads(title, "did not approve", "No agreed way to measure a mood.")
    use_case, approval = case_of(office, title)
    assert (use_case.stage, approval.status) == ("rejected", "rejected")
    presses(dana, dana.reads("did not approve"), "Change it and submit again")
    assert case_of(office, title)[0].stage == "draft"


def test_a_question_reaches_the_submitters_thread_and_its_answer_the_card(office: Office) -> None:
    title = "Transcribe calls"
    dana = submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Request changes")
    fills(priya, {"question": "retention of transcripts?", "of": "U0DANA"})
    dana.reads("Priya Shah has a question", "retention of transcripts?")
    dana.says("They are deleted after 30 days.")
    settle(office)
    priya.reads("Dana Ortiz answered your question", "They are deleted after 30 days.")
    priya.reads(title, "asks for approval", "Dana Ortiz:", "They are deleted after 30 days.")
    inquiry = case_of(office, title)[1].inquiries[0]
    assert inquiry.answered_by == "U0DANA"


def test_a_question_to_somebody_else_is_answered_by_button_or_in_its_thread(office: Office) -> None:
    title = "Index the archive"
    dana = submits(office, title, MEDIUM)
    priya, lee = office.person("priya"), office.person("lee")
    for question in ("who holds the keys?", "where does it run?"):
        presses(priya, priya.reads(title, "asks for approval"), "Request changes")
        fills(priya, {"question": question, "of": "U0LEE"})
    first = lee.reads("who holds the keys?")
    presses(lee, first, "Answer")
    fills(lee, {"answer": "The platform team."})
    second = lee.reads("where does it run?")
    lee.at(lee.channel, second["ts"]).says("In our own data centre.")
    settle(office)
    dana.reads("Lee Chen answered", "In our own data centre.")
    answers = [i.answer for i in case_of(office, title)[1].inquiries]
    assert answers == ["The platform team.", "In our own data centre."]


def test_approve_with_conditions_is_tracked_until_done(office: Office) -> None:
    title = "Draft renewal letters"
    dana = submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Approve with conditions")
    view_button(priya, priya.view(), "Add another condition")
    due = (datetime.now(UTC) + timedelta(days=8)).date().isoformat()
    fills(
        priya,
        {
            "text/0": "transcripts deleted after 30 days",
            "owner/0": "U0DANA",
            "due/0": due,
            "text/1": "agents are told",
            "owner/1": "U0MO",
        },
    )
    priya.reads(
        title, "Approved by Priya Shah", "with 2 conditions", "transcripts deleted after 30 days, due"
    )
    dana.reads("is approved by Priya Shah, with 2 conditions", "transcripts deleted after 30 days")
    home = office.person("dana")
    card = home.reads("on this condition", "transcripts deleted after 30 days")
    presses(home, card, "Mark as done")
    home.reads("Done", "Dana Ortiz")
    mo = office.person("mo")
    presses(mo, mo.reads("on this condition", "agents are told"), "Mark as done")
    priya.reads("reports a condition", "agents are told")
    assert all(c.done_at for c in case_of(office, title)[1].conditions)


def test_a_condition_in_the_past_is_put_right_in_the_form(office: Office) -> None:
    title = "Rank leads"
    submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Approve with conditions")
    answer = priya.submits({"text/0": "delete it", "owner/0": "U0DANA", "due/0": "2020-01-01"})
    assert "still to come" in str(answer)
    assert case_of(office, title)[1].status == "waiting"


def test_a_delegate_decides_in_the_others_stead_and_the_submitter_cannot_be_one(office: Office) -> None:
    title = "Label photos"
    dana = submits(office, title, MEDIUM)
    tom, mo = office.person("tom"), office.person("mo")
    presses(tom, tom.reads(title), "Delegate")
    answer = tom.submits({"to": "U0DANA", "reason": "she knows"})
    assert "cannot decide on it" in str(answer)
    fills(tom, {"to": "U0MO", "reason": "I am away"})
    card = mo.reads(title, "Tom Becker handed this to you", "I am away")
    dana.reads("Tom Becker handed the decision", "Mo Haddad")
    presses(mo, card, "Approve")
    dana.reads(title, "approved by Mo Haddad")
    verdict = case_of(office, title)[1].seats[0].verdicts[0]
    assert (verdict.by, verdict.for_) == ("U0MO", "U0TOM")


def test_open_shows_the_whole_case_and_lets_one_decide_there(office: Office) -> None:
    title = "Translate letters"
    submits(office, title, MEDIUM)
    tom = office.person("tom")
    presses(tom, tom.reads(title), "Open")
    view = tom.view(title)
    assert "Business owner" in texts(view)
    assert "Please decide by" in texts(view)
    view_button(tom, view, "Approve")
    assert case_of(office, title)[1].status == "approved"
    after = tom.view("Approved")
    assert "Approve" not in [label(e) for _, e in elements(after)]


def test_a_form_opened_from_the_whole_case_closes_both_when_it_is_sent(office: Office) -> None:
    title = "Plan training"
    submits(office, title, MEDIUM)
    priya = office.person("priya")
    presses(priya, priya.reads(title), "Open")
    view_button(priya, priya.view(title), "Reject")
    assert "speaks against it" in texts(priya.view("speaks against it"))
    fills(priya, {"reason": "We have one already."})
    assert not office.get("/sandbox/views", as_=priya.id)["views"]
    assert case_of(office, title)[1].status == "rejected"


# ---------------------------------------------------------------- A4: who may do what


def test_a_stranger_in_the_channel_may_look_and_press_but_nothing_happens(office: Office) -> None:
    title = "Watch the network"
    submits(office, title, MEDIUM)
    noor = office.person("noor").at("#risk-approvals")
    card = noor.reads(title)
    for wanted in ("Approve", "Reject", "Delegate", "Request changes", "Approve with conditions"):
        presses(noor, card, wanted)
        assert not office.get("/sandbox/views", as_=noor.id)["views"]
    noor.reads("This is not yours to decide (Risk partner); it is with Priya Shah or Tom Becker")
    _, approval = case_of(office, title)
    assert approval.status == "waiting"
    refused = [r["action"] for r in audit(office, approval) if r["refused"]]
    assert sorted(refused) == ["approve", "approve", "delegate", "reject", "request_changes"]


@pytest.mark.parametrize("value", ["A-9999|risk_partner", "nonsense", "", "A-0001|king", "|", "A-0001|"])
def test_a_forged_button_decides_nothing(office: Office, value: str) -> None:
    title = f"Forge {value or 'nothing'}"
    submits(office, title, MEDIUM)
    eve = office.person("grace")
    card = office.person("priya").reads(title)
    block, element = next((b, e) for b, e in elements(card) if label(e) == "Approve")
    sends(office, eve, {**element, "value": value or None}, block)
    assert case_of(office, title)[1].status == "waiting"
