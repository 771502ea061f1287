"""C4 through the protocol: a bad day, from a colleague's complaint to the last action."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.scenarios.deciding import fills, presses, sends, settle, time_passes
from tests.scenarios.office import JSON, Office, Person, elements, label, texts
from tests.scenarios.running import in_use, released
from tests.scenarios.talking import refusals, until
from workflows.incident import Incident

COMPLAINT = "the summary says the customer waived her claim, she never said that!"


@pytest.fixture(scope="module")
def calls(office: Office) -> Any:
    """A use case in production, with two versions."""
    use_case = in_use(office, "Summarise claims calls")
    released(office, use_case, "1.4.2", "1.5.0")
    return use_case


def newest(office: Office) -> Incident:
    """The incident that was reported last."""
    with office.bot.service.store.read() as reading:
        return reading.matters(Incident, at_most=1)[0]


def complains(office: Office, who: str = "yuki", text: str = COMPLAINT, channel: str = "#claims") -> JSON:
    """Somebody writes in a channel; the message."""
    person = office.person(who).at(channel)
    person.says(text)
    return next(m for m in reversed(person.at(channel).messages()) if m["text"] == text)


def shortcut(person: Person, message: JSON, channel: str = "#claims") -> JSON:
    """Uses "Report an AI incident" in a message's menu; the form that opens."""
    person._act("message_shortcut", callback_id="incident_from_message", channel=channel, ts=message["ts"])
    return person.view("Report an incident")


def reports(
    office: Office, use_case: Any, severity: str = "high", text: str = COMPLAINT, **more: Any
) -> Incident:
    """Marcus reports a colleague's complaint; the incident."""
    marcus = office.person("marcus")
    shortcut(marcus, complains(office, text=text))
    values = {"use_case": use_case.id, "kind": "harmful_output", "severity": severity, **more}
    fills(marcus, values)
    return newest(office)


def card(person: Person, incident: Incident) -> JSON:
    """Its card in that person's conversation with the bot."""
    return person.reads(incident.id, "Noticed after")


def buttons(message: JSON) -> list[str]:
    return [label(e) for _, e in elements(message) if e.get("type") == "button"]


def chooses(person: Person, message: JSON, what: str, incident: Incident) -> JSON:
    """Takes an entry of the card's small menu."""
    return person.clicks("incident.more", message, value=f"{what}|{incident.id}")


def test_the_shortcut_quotes_the_message_and_asks_three_things(office: Office, calls: Any) -> None:
    marcus = office.person("marcus")
    view = shortcut(marcus, complains(office))
    shown = texts(view)
    assert "she never said that" in shown
    assert "Yuki" in shown
    needed = [b["label"]["text"] for b in view["blocks"] if b["type"] == "input" and not b.get("optional")]
    assert needed == ["Which use case is it about?", "What kind of thing happened?", "How bad is it?"]
    chosen = {b: e.get("initial_option", {}).get("value") for b, e in elements(view)}
    assert chosen["use_case"] == calls.id, "the one use case of claims that is in use is proposed"
    assert "blamed" in shown


def test_the_owners_the_on_call_and_the_channel_know_at_once(office: Office, calls: Any) -> None:
    incident = reports(office, calls)
    assert incident.quoted
    assert incident.quoted.link
    assert incident.quoted.author == office.person("yuki").id
    for name in ("dana", "lee", "ines", "marcus"):
        shown = texts(card(office.person(name), incident))
        assert "2 · Major" in shown
        assert "Summarise claims calls" in shown
        assert "waived her claim" in shown
        assert "Nobody has it in hand yet" in shown
    thread = office.person("yuki").at("#claims", incident.home.thread)
    thread.reads(incident.id, "Nobody has it in hand yet")
    office.person("sam").at("#ai-program").reads(incident.id)
    with office.bot.service.store.read() as reading:
        rows = list(reading.audit(subject=incident.subject))
    assert [r["action"] for r in rows] == ["incident.reported"], "one transaction told them all"


def test_only_those_who_may_take_it_see_the_button_in_their_own_conversation(
    office: Office, calls: Any
) -> None:
    incident = reports(office, calls)
    assert "I take it" in buttons(card(office.person("lee"), incident))
    assert "I take it" not in buttons(card(office.person("marcus"), incident))


def test_one_takes_it_and_the_second_reads_who_was_first(office: Office, calls: Any) -> None:
    incident = reports(office, calls)
    lee, dana = office.person("lee"), office.person("dana")
    old = card(dana, incident)
    presses(lee, card(lee, incident), "I take it")
    assert "In hand: Lee Chen" in texts(card(dana, incident))
    block = next(b for b, e in elements(old) if e["action_id"] == "incident.take")
    element = next(e for _, e in elements(old) if e["action_id"] == "incident.take")
    sends(office, dana, element, block, old["ts"])
    dana.reads("Lee Chen has had it in hand since")
    assert newest(office).owner == lee.id
    thread = office.person("yuki").at("#claims", incident.home.thread)
    thread.reads(incident.id, "In hand: Lee Chen")


def test_after_a_roll_back_the_version_that_did_the_harm_is_not_offered(office: Office) -> None:
    use_case = in_use(office, "Answer claims mails")
    released(office, use_case, "1.4.2", "1.5.0")
    incident = reports(office, use_case, text="it promised her a refund")
    lee = office.person("lee")
    presses(lee, card(lee, incident), "Roll back to 1.4.2")
    settle(office)
    offered = buttons(card(lee, incident))
    assert "Stop it" in offered
    assert not [b for b in offered if b.startswith("Roll back")]


def test_somebody_without_the_right_is_told_kindly_and_it_is_audited(office: Office, calls: Any) -> None:
    incident = reports(office, calls)
    yuki = office.person("yuki").at("#claims", incident.home.thread)
    before = len(refusals(office))
    yuki.says("I take it")
    yuki.reads("This is for", "to do")
    assert newest(office).owner is None
    assert [r["action"] for r in refusals(office)[before:]] == ["incident.take"]


def test_the_same_message_twice_is_one_incident(office: Office, calls: Any) -> None:
    message = complains(office, text="it told a widow to call her husband")
    first = office.person("marcus")
    shortcut(first, message)
    fills(first, {"use_case": calls.id, "kind": "harmful_output", "severity": "critical"})
    incident = newest(office)
    grace = office.person("yuki")
    shortcut(grace, message)
    fills(grace, {"use_case": calls.id, "kind": "prompt", "severity": "low", "what": "I saw it as well"})
    now = newest(office)
    assert now.id == incident.id
    assert now.joined == (grace.id,)
    card(grace, incident)
    assert "I saw it as well" in texts(card(office.person("lee"), incident))


def test_a_command_with_words_and_no_use_case_reaches_the_program_team(office: Office) -> None:
    mo = office.person("mo")
    mo.commands("incident the quote bot costs ten times as much as yesterday")
    view = mo.view("Report an incident")
    chosen = {b: e.get("initial_option", {}).get("value") for b, e in elements(view)}
    assert chosen["kind"] == "cost_spike"
    fills(mo, {"use_case": "none", "kind": "cost_spike", "severity": "medium"})
    incident = newest(office)
    assert incident.use_case is None
    assert "ten times as much" in incident.what
    office.person("sam").at("#ai-program").reads(incident.id, "No use case named yet")
    assert "Cost spike" in texts(card(mo, incident))


def test_what_is_missing_in_the_form_is_said_beside_the_field(office: Office) -> None:
    mo = office.person("mo")
    mo.commands("incident")
    mo.view("Report an incident")
    later = int((datetime.now(UTC) + timedelta(days=1)).timestamp())
    mo.submits({"use_case": "none", "kind": "other", "severity": "low", "what": "odd", "began": later})
    assert "still to come" in str(mo.view()), "the form says what is wrong"


def test_words_in_the_thread_are_orders_notes_or_offered_as_notes(office: Office, calls: Any) -> None:
    incident = reports(office, calls)
    there = office.person("lee").at("#ai-program")
    lee = there.at("#ai-program", there.reads(incident.id, "Nobody has it")["ts"])
    lee.says("I have it")
    until(lambda: newest(office).owner == lee.id, "Lee has it")
    lee.says("note: the nightly load ended empty at 02:10")
    until(lambda: "02:10" in newest(office).timeline[-1].text, "the note is kept")
    yuki = office.person("yuki").at("#claims", incident.home.thread)
    yuki.says("my next two calls looked odd as well")
    offer = yuki.reads("Shall that stand in the timeline?")
    presses(yuki, offer, "Add to the timeline")
    assert "two calls looked odd" in newest(office).timeline[-1].text
    assert newest(office).timeline[-1].by == yuki.id
    lee.says("severity critical")
    until(lambda: newest(office).severity == "critical", "it is called critical")
    office.person("ruth").reads(incident.id)
    lee.says("mitigated")
    until(lambda: newest(office).status == "mitigated", "the harm has stopped")
    lee.says("recovered")
    until(lambda: newest(office).status == "recovered", "it is over")
    shown = texts(yuki.reads(incident.id, "Normal after"))
    assert "Work is normal again" in shown


def test_while_nobody_takes_it_it_goes_to_the_next_ones_once_each(office: Office, calls: Any) -> None:
    incident = reports(office, calls, "critical")
    time_passes(office, f"incident/{incident.id}/take/1")
    sam = office.person("sam")
    sam.reads("Nobody has", incident.id)
    time_passes(office, f"incident/{incident.id}/take/2")
    office.person("ruth").reads("Nobody has", incident.id)
    assert [n.what for n in newest(office).timeline] == ["opened", "escalated", "escalated"]
    presses(sam, sam.reads("Nobody has", incident.id), "I take it")
    assert "It is looked after now" in texts(sam.reads(incident.id, "looked after"))
    with office.bot.service.store.read() as reading:
        assert not reading.planned(f"incident/{incident.id}/take/")


def test_a_message_to_those_who_wait_is_looked_at_before_it_goes(office: Office, calls: Any) -> None:
    incident = reports(office, calls)
    lee = office.person("lee")
    presses(lee, card(lee, incident), "I take it")
    lee.clicks("Post an update", card(lee, incident))
    view = lee.view("Goes to")
    assert "#ai-program" in texts(view)
    element = next(e for b, e in elements(view) if b.startswith("text/"))
    assert "Summarise claims calls" in element["initial_value"]
    assert "{" not in element["initial_value"]
    block = next(b for b, _ in elements(view) if b.startswith("text/"))
    fills(
        lee,
        {
            block: "We are on it. Please write summaries by hand until *noon*.",
            "also": [office.person("grace").id],
        },
    )
    for person in (office.person("dana"), office.person("grace"), office.person("sam").at("#ai-program")):
        person.reads("summaries by hand", "Lee Chen")
    assert newest(office).timeline[-1].what == "update"


def test_it_was_none_needs_a_reason(office: Office, calls: Any) -> None:
    incident = reports(office, calls)
    lee = office.person("lee")
    chooses(lee, card(lee, incident), "dismiss", incident)
    lee.view("Why is it none?")
    fills(lee, {"reason": "The customer did say so; the recording is on file."})
    assert newest(office).status == "dismissed"
    shown = card(office.person("marcus"), incident)
    assert "recording is on file" in texts(shown)
    assert "Recovered" not in buttons(shown)
    again = shortcut(office.person("marcus"), {"ts": incident.quoted.ts})
    assert again


def test_after_it_the_review_and_its_actions_close_it(office: Office, calls: Any) -> None:
    incident = reports(office, calls, began=int((datetime.now(UTC) - timedelta(hours=2)).timestamp()))
    lee, ines = office.person("lee"), office.person("ines")
    presses(lee, card(lee, incident), "I take it")
    presses(lee, card(lee, incident), "Recovered")
    assert "Noticed after: 2 h" in texts(card(lee, incident))
    lee.reads("A review comes next", incident.id)
    presses(lee, lee.reads("A review comes next", incident.id), "Start the review")
    writes_the_review(office, lee)
    until(lambda: newest(office).status == "reviewed", "the review is in")
    found = newest(office)
    assert [(a.owner, a.text) for a in found.actions] == [
        (lee.id, "Alert when the nightly load is empty"),
        (office.person("anya").id, "Test set gets ten calls with a refusal"),
    ]
    anya = office.person("anya")
    todo = anya.reads("To be done after", incident.id)
    presses(anya, todo, "Not needed")
    anya.view("Not needed")
    fills(anya, {"reason": "The test set has them since Monday"})
    asked = ines.reads("thinks that an action", incident.id)
    assert "since Monday" in texts(asked)
    presses(ines, asked, "Agree")
    assert newest(office).status == "reviewed", "one action is still open"
    presses(lee, lee.reads("To be done after", incident.id), "Done")
    assert newest(office).status == "closed"
    assert "Closed" in texts(card(lee, incident))


def writes_the_review(office: Office, person: Person) -> None:
    """Answers the review's questions in words."""
    walk = next(w for w in drafts(office, person) if w.questionnaire == "post_incident_review")
    replies = {
        "what_failed": "08:10 the load ended empty; 08:30 first wrong answer; 09:05 reported",
        "cause": "data",
        "why_late": "Nobody looks at the number of rows that were loaded",
        "control_added": "An alert when the load has fewer than half of yesterday's rows",
        "went_well": "The roll-back took four minutes",
        "action_1": "Alert when the nightly load is empty",
        "action_1_owner": "@lee",
        "action_1_by": "in two weeks",
        "action_2": "Test set gets ten calls with a refusal",
        "action_2_owner": "@anya",
        "action_2_by": "in three weeks",
        "action_3": "skip",
    }
    talk = person.at("@app", walk.place.thread)
    for _ in range(20):
        now = next(w for w in drafts(office, person) if w.id == walk.id)
        if now.status == "reviewing":
            break
        asked, number = now.asking, now.ask
        talk.says(replies[str(asked)])
        until(lambda n=number: moved(office, person, walk.id, n), f"{asked} leads on")
    talk.clicks("Finish")
    settle(office)


def drafts(office: Office, person: Person) -> Any:
    with office.bot.service.store.read() as reading:
        return reading.drafts_of(person.id)


def moved(office: Office, person: Person, walk: str, number: int) -> bool:
    now = next((w for w in drafts(office, person) if w.id == walk), None)
    return now is None or now.ask != number or now.status != "asking"


def test_a_late_action_is_told_to_the_program_team_and_more_time_needs_a_reason(
    office: Office, calls: Any
) -> None:
    incident = reports(office, calls)
    lee = office.person("lee")
    presses(lee, card(lee, incident), "I take it")
    presses(lee, card(lee, incident), "Recovered")
    presses(lee, lee.reads("A review comes next", incident.id), "Start the review")
    writes_the_review(office, lee)
    until(lambda: newest(office).status == "reviewed", "the review is in")
    office.bot.pass_time(days=15)
    settle(office)
    lee.reads("Late since", "nightly load", incident.id)
    sam = office.person("sam").at("#ai-program")
    late = [m for m in sam.messages() if "Late since" in texts(m) and incident.id in texts(m)]
    assert len(late) == 1
    lee.clicks("More time", lee.reads("Late since", incident.id))
    lee.view("Done by")
    due = (office.bot.now() + timedelta(days=10)).date().isoformat()
    lee.submits({"due": due})
    assert lee.view("Done by"), "without a reason it stays open"
    fills(lee, {"due": due, "reason": "The supplier delivers next week"})
    assert newest(office).actions[0].moved == 1
    assert "The supplier delivers" in newest(office).timeline[-1].text


def test_the_list_shows_what_is_open(office: Office, calls: Any) -> None:
    incident = reports(office, calls, "low", text="it nearly sent the wrong letter")
    mo = office.person("mo")
    mo.commands("incident list")
    mo.reads("Incidents that are not closed", incident.id)


def test_the_log_replays_to_what_is_stored(office: Office) -> None:
    settle(office)
    assert office.bot.service.store.verify().sound


def test_words_in_the_direct_message_offer_the_form_with_the_words_in_it(office: Office, calls: Any) -> None:
    yuki = office.person("yuki").says(
        "there was an incident with Summarise claims calls, it invented a policy"
    )
    presses(yuki, yuki.reads("It takes three questions"), "Report it")
    view = yuki.view("Report an incident")
    chosen = {b: e.get("initial_option", {}).get("value") for b, e in elements(view)}
    assert chosen["use_case"] == calls.id
    fills(yuki, {"use_case": calls.id, "kind": "harmful_output", "severity": "low"})
    assert "invented a policy" in newest(office).what


def test_a_question_about_incidents_goes_to_the_playbook(office: Office) -> None:
    mo = office.person("mo").says("what counts as an incident?")
    mo.does_not_read("It takes three questions")


def test_done_under_the_card_of_an_action_is_enough(office: Office, calls: Any) -> None:
    incident = reports(office, calls, text="the letters are all in Welsh today")
    lee = office.person("lee")
    presses(lee, card(lee, incident), "Recovered")
    presses(lee, lee.reads("A review comes next", incident.id), "Start the review")
    writes_the_review(office, lee)
    until(lambda: newest(office).status == "reviewed", "the review is in")
    todo = lee.reads("To be done after", incident.id)
    lee.at("@app", todo["ts"]).says("done: the alert is live")
    until(lambda: newest(office).actions[0].done_at is not None, "it is done")
    assert newest(office).actions[0].note == "the alert is live"
