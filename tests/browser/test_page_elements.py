"""Blocks and elements on the sandbox's page: what is shown, chosen and pressed reaches the app."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import Workspace, replied, say

pytestmark = pytest.mark.browser


def test_every_menu_and_picker_of_a_message_reaches_the_app(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana"), height=1400)
    panel = replied(workspace, page, "dana", "gallery")
    answers = panel.get_by_role("article", name="Preflight")

    def told(text: str) -> None:
        expect(answers.last).to_contain_text(text)

    panel.get_by_role("combobox", name="Pick a person").click()
    page.get_by_role("searchbox", name="Search options").fill("pri")
    page.keyboard.press("Enter")
    told("pick_user: U0PRIYA")
    panel.get_by_role("combobox", name="Pick some").click()
    page.get_by_role("option", name="Red").click()
    page.get_by_role("option", name="Blue").click()
    page.keyboard.press("Escape")
    told("Several: red, blue")
    panel.get_by_role("combobox", name="Search a system").click()
    page.get_by_role("searchbox").press_sequentially("claims")
    page.get_by_role("option", name="claims 2").click()
    told("pick_far: claims 2")
    panel.get_by_label("Date", exact=True).fill("2026-12-01")
    told("pick_date: 2026-12-01")
    panel.get_by_label("Time", exact=True).fill("14:45")
    told("pick_time: 14:45")
    panel.get_by_label("Date and time").fill("2026-12-01T10:00")
    told("pick_moment: 1796119200")
    panel.get_by_label("Two", exact=True).check()
    told("pick_radio: two")
    panel.get_by_label("That", exact=True).check()
    told("pick_boxes:")
    panel.get_by_role("textbox", name="A note").fill("as discussed")
    page.keyboard.press("Enter")
    told("Noted: as discussed")
    panel.get_by_role("button", name="Reuse").click()
    told("reuse: reuse")


def test_blocks_of_every_kind_are_shown(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana"), height=1400)
    panel = replied(workspace, page, "dana", "gallery")
    expect(panel.get_by_role("heading", name="Who can stop a release?")).to_be_visible()
    expect(panel.get_by_role("cell", name="three")).to_be_visible()
    expect(panel.get_by_role("img", name=re.compile("Approved a month: Approved: Jun 3"))).to_be_visible()
    expect(panel.get_by_text("1 of 3")).to_be_visible()
    expect(panel.get_by_role("listitem").filter(has_text="inner")).to_be_visible()
    assert page.locator(".unknown").count() == 0


def test_a_confirm_dialog_asks_first_and_the_card_changes_in_place(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana"))
    panel = replied(workspace, page, "dana", "review")
    panel.get_by_role("button", name="Submit").click()
    asked = page.get_by_role("dialog", name="Submit it?")
    asked.get_by_role("button", name="Not yet").click()
    expect(panel.get_by_role("button", name="Submit")).to_be_visible()
    panel.get_by_role("button", name="Submit").click()
    asked.get_by_role("button", name="Submit").click()
    expect(panel.get_by_text("Submitted by")).to_be_visible()
    expect(panel.get_by_role("button", name="Submit")).to_have_count(0)


def test_feedback_and_overflow_reach_the_app(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana"))
    panel = replied(workspace, page, "dana", "review")
    panel.get_by_role("button", name="Good answer").click()
    expect(panel.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")
    expect(panel.get_by_role("article", name="Preflight").last).to_contain_text("feedback: good")
    panel.get_by_role("button", name="More options").click()
    page.get_by_role("option", name="Copy to a friend").click()
    expect(panel.get_by_role("article", name="Preflight").last).to_contain_text("over: copy to a friend")


def test_a_failing_app_is_said_to_have_failed(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    workspace.post("settings", ack_seconds=0.3)
    say(page, "Message #claims", "/preflight break")
    expect(page.locator("#toasts")).to_contain_text("/preflight failed")
    expect(page.get_by_role("textbox", name="Message #claims")).to_have_value("/preflight break")


def test_an_unknown_command_is_kept_and_explained(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    say(page, "Message #claims", "/nothing here")
    expect(page.locator("#toasts")).to_contain_text("/nothing is not a command here")
    expect(page.get_by_role("textbox", name="Message #claims")).to_have_value("/nothing here")


def test_a_button_meant_for_one_person_is_on_no_other_screen(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Approve"}, "action_id": "decide"}
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "A decision for <@U0PRIYA>"}},
        {"type": "actions", "elements": [button | {"visible_to_user_ids": ["U0PRIYA"]}]},
    ]
    workspace.api("chat.postMessage", channel="C0GENERAL", text="A decision", blocks=blocks)
    priya, dana = (
        open_window(workspace.at("priya", "#general")),
        open_window(workspace.at("dana", "#general")),
    )
    expect(priya.get_by_role("button", name="Approve")).to_be_visible()
    expect(dana.get_by_text("A decision for @Priya Shah")).to_be_visible()
    assert dana.get_by_role("button", name="Approve").count() == 0
