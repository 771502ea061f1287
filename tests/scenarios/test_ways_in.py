"""Every way into an intake (I1)."""

from __future__ import annotations

from tests.scenarios.office import Office, elements, texts
from tests.scenarios.talking import IDEA


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
