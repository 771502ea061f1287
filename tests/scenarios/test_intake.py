"""Intake in conversation, through the protocol: every way in, every kind of answer, every way about."""

from __future__ import annotations

import pytest

from tests.scenarios.office import JSON, Office, Person, elements, texts

IDEA = "we spend ages writing summaries of claims calls, could AI do that? maybe 40 agents, 300 calls a day"


def record(office: Office, title: str) -> JSON:
    """What is stored of the newest use case with this title."""
    with office.bot.service.store.read() as reading:
        found = [u for u in reading.use_cases() if u.title == title]
        return dict(max(found, key=lambda u: u.id).model_dump(mode="json"))


def walk_of(office: Office, person: Person) -> JSON:
    """What is stored of the newest walk of this person."""
    with office.bot.service.store.read() as reading:
        return dict(max(reading.drafts_of(person.id), key=lambda w: w.id).model_dump(mode="json"))


def values(walk: JSON) -> JSON:
    return {q: a["value"] for q, a in walk["answers"].items()}


# ---------------------------------------------------------------- I1: every way in


def test_a_sentence_in_the_direct_message_starts_an_intake_in_its_thread(office: Office) -> None:
    dana = office.person("dana").says(IDEA)
    first = dana.reads("picked up", "get measurably better")
    assert first["thread_ts"] == dana.thread
    assert "40" in texts(first)
    assert "300 calls a day" in texts(first)


def test_a_mention_in_a_channel_starts_an_intake_in_a_thread_there(office: Office) -> None:
    bot = office.get("/sandbox/workspace")["app"]["bot_user_id"]
    mo = office.person("mo").at("#customer-service")
    mo.says(f"<@{bot}> could AI draft replies to customer emails? 25 agents spend hours on them")
    mo.reads("picked up", "get measurably better")


def test_an_empty_mention_gets_a_short_help(office: Office) -> None:
    bot = office.get("/sandbox/workspace")["app"]["bot_user_id"]
    mo = office.person("mo").at("#customer-service")
    mo.says(f"<@{bot}>")
    mo.reads("/preflight new")


def test_a_message_in_a_channel_without_a_mention_is_left_alone(office: Office) -> None:
    mo = office.person("mo").at("#customer-service")
    mo.says("we spend hours on emails, could AI do that?")
    mo.does_not_read("picked up")


def test_the_command_with_a_sentence_starts_an_intake_in_the_direct_message(office: Office) -> None:
    lee = office.person("lee")
    lee.commands("new our engineers write release notes by hand, 20 people, could AI draft them?")
    opened = lee.reads("picked up")
    assert not opened.get("thread_ts") or opened["thread_ts"] == opened["ts"]
    lee.thread = opened["ts"]
    lee.says("hours per release, 6 now, 1 by end of June")
    lee.reads("Noted")


def test_the_command_alone_opens_a_short_form_and_the_conversation_follows(office: Office) -> None:
    ines = office.person("ines")
    ines.commands("new")
    assert "new use case" in texts(ines.view()).lower() or ines.view()["callback_id"] == "walk.start"
    ines.submits(
        {"idea": "lawyers read supplier contracts for the same ten clauses, could a model find them?"}
    )
    ines.reads("picked up")


def test_the_home_button_starts_an_intake(office: Office) -> None:
    kim = office.person("kim")
    home = kim.home("use case")
    block, element = next((b, e) for b, e in elements(home) if e["action_id"].startswith("start.new"))
    kim._act("view_action", view_id=home["id"], block_id=block, action_id=element["action_id"])
    kim.submits({"idea": "we answer the same privacy questions every day, could AI find the answer?"})
    kim.reads("picked up")


def test_the_global_shortcut_starts_an_intake(office: Office) -> None:
    ruth = office.person("ruth")
    ruth._act("shortcut", callback_id="new_use_case")
    ruth.submits({"idea": "finance copies invoices by hand, could AI read them? 8 people"})
    ruth.reads("picked up")


def test_a_message_can_be_turned_into_a_use_case_and_is_quoted_and_linked(office: Office) -> None:
    mo = (
        office.person("mo")
        .at("#customer-service")
        .says("Copying chat notes into the CRM takes us an hour a day")
    )
    sam = office.person("sam").at("#customer-service")
    sam._act(
        "message_shortcut", channel="#customer-service", ts=mo.thread, callback_id="use_case_from_message"
    )
    sam.submits({})
    opened = office.person("sam").reads("Copying chat notes into the CRM", "Mo Haddad")
    assert "see the message" in texts(opened)
    assert "archives/" in texts(opened)


# ---------------------------------------------------------------- scene 2


def test_an_idea_becomes_a_submitted_use_case_by_talking(office: Office) -> None:
    dana = office.person("dana").says(IDEA)
    dana.reads("get measurably better")
    dana.says("it should be more helpful for the agents")
    dana.reads("Which number would move")
    dana.says("after call work, 9 min now, 5 would be great, by end of june")
    noted = dana.reads("Noted", "9", "5", "30 June 2027")
    assert "44" in texts(noted)
    answer_the_rest(dana)
    review = dana.reads("Tier:", "The way ahead")
    assert "✏️" in str(review)
    dana.clicks("Submit")
    dana.reads("UC-")
    stored = record(office, "Summarise claims calls")
    assert stored["stage"] in ("in_review", "approved_for_pilot")
    assert stored["answers"]["outcome_baseline"]["value"] == 9
    assert stored["answers"]["outcome_target"]["value"] == 5
    assert stored["answers"]["outcome_by"]["value"] == "2027-06-30"
    assert stored["answers"]["users_expected"]["value"] == 40
    assert stored["program"]["hash"]


REPLIES = {
    "audience_users": "claims agents",
    "users_expected": "about 40",
    "data_sources": "recordings and the claims system",
    "data_owner": "@lee",
    "data_sensitivity": "confidential",
    "personal_data": "yes",
    "autonomy": "it drafts and a person decides",
    "affected": "our own people",
    "harm": "a nuisance",
    "decides_about_people": "no",
    "prohibited_uses": "none of these",
    "audience": "internal",
    "jurisdictions": "UK",
    "build_or_buy": "we are not sure yet",
    "release_by": "end of September 2027",
    "business_owner": "me",
    "technical_owner": "lee chen",
    "metric_owner": "me",
    "risk_owner": "@ines",
}


def answer_the_rest(person: Person, replies: dict[str, str] | None = None, limit: int = 30) -> None:
    """Answers whatever is asked, in words, until the review card is there."""
    told = {**REPLIES, **(replies or {})}
    for _ in range(limit):
        walk = asked(person)
        if walk["status"] == "reviewing":
            return
        question, number = walk["asking"], walk["ask"]
        person.says(told.get(question, "skip"))
        wait_for(person, number)
    pytest.fail(f"still asking {asked(person)['asking']} after {limit} answers")


def asked(person: Person) -> JSON:
    with person.office.bot.service.store.read() as reading:
        found = [w for w in reading.drafts_of(person.id) if w.place and w.place.thread == person.thread]
        return (
            dict(found[0].model_dump(mode="json")) if found else {"status": "gone", "asking": None, "ask": 0}
        )


def wait_for(person: Person, number: int) -> None:
    """Until the walk has moved on from question number ``number``."""
    import time

    until = time.monotonic() + 5
    while time.monotonic() < until:
        walk = asked(person)
        if walk["ask"] != number or walk["status"] != "asking":
            return
        time.sleep(0.01)
    shown = texts(person.messages()[-1])
    pytest.fail(f"{person.name}'s answer to {asked(person)['asking']} led nowhere; last message: {shown}")
