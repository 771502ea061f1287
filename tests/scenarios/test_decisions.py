"""Decisions through the protocol: routing, cards, every button, who may do what, what people are told."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.service import EVENTS_PATH
from tests.scenarios.conftest import SECRET
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from workflows.approval import Approval
from workflows.conversation import fill
from workflows.decision import Actor, Circumstances, Decision
from workflows.ids import QuestionId, UserId
from workflows.use_case import UseCase

LOW: JSON = {
    "outcome_metric": "after-call work",
    "outcome_baseline": 9.0,
    "outcome_target": 5.0,
    "outcome_unit": "minutes",
    "outcome_by": "2030-06-30",
    "data_sources": ["documents"],
    "data_owner": "U0ELENA",
    "data_sensitivity": "internal",
    "personal_data": False,
    "audience_users": "claims agents",
    "users_expected": 40.0,
    "volume": "300 calls a day",
    "autonomy": "assist",
    "affected": "employees",
    "harm": "inconvenience",
    "prohibited_uses": ["none"],
    "audience": "internal",
    "build_or_buy": "existing",
    "release_by": "2030-01-15",
    "business_owner": "U0DANA",
    "technical_owner": "U0LEE",
}
MEDIUM: JSON = {
    **LOW,
    "data_sensitivity": "confidential",
    "autonomy": "recommend",
    "decides_about_people": False,
}
HIGH: JSON = {
    **MEDIUM,
    "personal_data": True,
    "jurisdictions": ["uk"],
    "harm": "severe",
    "metric_owner": "U0DANA",
    "risk_owner": "U0PRIYA",
    "workflow": "Agents read the draft and correct it.",
    "north_star": "after-call minutes",
    "guardrail_1": "complaints per week",
    "guardrail_1_action": "pause it",
    "guardrail_2": "share of corrected drafts",
    "guardrail_2_action": "go back to the last version",
    "error_rate": 2.0,
    "do_not_automate": "payment decisions",
    "business_owner": "U0MARCUS",
}


def settle(office: Office) -> None:
    """Waits until everything that is stored has been delivered."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if office.bot.service.store.outbox.backlog().open == 0:
            return
        time.sleep(0.02)
    raise AssertionError("messages are still on their way after ten seconds")


def submits(office: Office, title: str, answers: JSON, by: str = "dana") -> Person:
    """Someone writes a use case of that name, fills the rest in as a form, and presses Submit."""
    person = office.person(by).says(f"could AI help us to {title.lower()}? it takes hours every week")
    person.reads("question")
    store = office.bot.service.store
    values = {"name": title, **answers}
    with store.write() as tx:
        walk = max(tx.drafts_of(person.id), key=lambda w: w.id)
        use_case = tx.use_case(walk.about)
        now = datetime.now(UTC)
        program = office.bot.service.program
        actor = Actor(user=walk.owner, door="modal")
        circ = Circumstances(now=now, actor=actor, program=program.stamp)
        assert use_case is not None
        answered = {QuestionId(q): v for q, v in values.items()}
        decision = fill(walk, use_case, answered, program, tx.directory(), circ)
        assert not decision.problems
        tx.apply(decision, circ)
    person.reads("look it over")
    person.clicks("Submit")
    settle(office)
    return person


def case_of(office: Office, title: str) -> tuple[UseCase, Approval]:
    """What is stored of the use case with this title and of its newest case."""
    with office.bot.service.store.read() as reading:
        use_case = next(u for u in reading.use_cases() if u.title == title)
        approval = reading.approval_of(use_case.id)
        assert approval is not None
        return use_case, approval


def audit(office: Office, approval: Approval) -> list[JSON]:
    with office.bot.service.store.read() as reading:
        return list(reading.audit(subject=approval.subject))


def presses(person: Person, card: JSON, wanted: str) -> JSON:
    """Presses a button of this very card, as it stood when they saw it, and lets everything arrive."""
    answer = person.clicks(wanted, card)
    settle(person.office)
    return answer


def fills(person: Person, values: JSON) -> JSON:
    answer = person.submits(values)
    settle(person.office)
    return answer


def view_button(person: Person, view: JSON, wanted: str) -> JSON:
    """Presses a button inside a modal or on the Home tab."""
    block, element = next((b, e) for b, e in elements(view) if wanted == label(e))
    answer = person._act("view_action", view_id=view["id"], block_id=block, action_id=element["action_id"])
    settle(person.office)
    return answer


def eventually(what: Callable[[], bool]) -> None:
    """Waits for what an event from the workspace brings about."""
    until = time.monotonic() + 10
    while not what():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)


def time_passes(office: Office, prefix: str) -> None:
    """What is planned under this key falls due now."""
    service = office.bot.service
    now = datetime.now(UTC)
    with service.store.write() as tx:
        jobs = tuple(job.model_copy(update={"due": now}) for job in tx.planned(prefix))
        actor = Actor(user=service.bot_user, door="clock")
        circ = Circumstances(now=now, actor=actor, program=service.program.stamp)
        tx.apply(Decision(effects=jobs), circ)
    assert jobs
    service.store.outbox.due(datetime.now(UTC))
    settle(office)


# ---------------------------------------------------------------- A1, A2: the matrix, and roles to people


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


def members(office: Office, group: str) -> tuple[UserId, ...]:
    found: tuple[UserId, ...] = office.bot.service.moment().directory.groups.get(group, ())
    return found


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
        "#ai-program hears that it is overdue",
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


def sends(office: Office, person: Person, element: JSON, block: str, ts: str = "1.1") -> None:
    """A signed click such as a screen that was never redrawn, or a forger, would send."""
    channel = channel_of(office, person)
    body = {
        "type": "block_actions",
        "user": {"id": person.id, "team_id": "T0NORTHWIND"},
        "team": {"id": "T0NORTHWIND", "domain": "northwind"},
        "api_app_id": "A0PREFLIGHT",
        "token": "x",
        "trigger_id": f"{time.time()}.{person.id}",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel},
        "channel": {"id": channel, "name": "directmessage"},
        "message": {"ts": ts, "blocks": []},
        "actions": [{**element, "block_id": block, "action_ts": f"{time.time():.6f}"}],
    }
    form = urllib.parse.urlencode({"payload": json.dumps(body)}).encode()
    at = str(int(time.time()))
    signed = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + form, hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        f"http://127.0.0.1:{office.bot.server.config.port}{EVENTS_PATH}",
        data=form,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signed}",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    settle(office)


def channel_of(office: Office, person: Person) -> str:
    found = office.get("/sandbox/channels", as_=person.id)["channels"]
    return str(next(c["id"] for c in found if c["is_app"]))


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


# ---------------------------------------------------------------- afterwards: withdraw, desk, Home, where


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
