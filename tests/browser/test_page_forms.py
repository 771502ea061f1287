"""Modals and Home on the sandbox's page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import Workspace, filled, form, say

pytestmark = pytest.mark.browser


def test_a_form_is_filled_refused_corrected_and_sent(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana"))
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("option", name="New use case").click()
    form(page).get_by_role("button", name="Continue").click()
    expect(form(page).get_by_text("Please complete this required field.").first).to_be_visible()
    expect(form(page).get_by_label("What should it be called?")).to_be_focused()
    filled(page, "more helpful")
    form(page).get_by_role("button", name="Continue").click()
    outcome = form(page).get_by_label("What should get measurably better?")
    expect(form(page).get_by_role("alert")).to_contain_text("Which number would move?")
    expect(outcome).to_have_attribute("aria-invalid", "true")
    expect(outcome).to_be_focused()
    outcome.fill("from 9 to 5 minutes")
    expect(form(page).get_by_role("alert")).to_have_count(0)
    form(page).get_by_role("button", name="Continue").click()
    expect(form(page)).to_have_count(0)
    expect(page.get_by_role("article", name="Preflight").last).to_contain_text("Noted: Summaries, for Claims")


def test_what_was_typed_outlives_a_pushed_view_and_an_update(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    say(page, "Message #claims", "/preflight new")
    filled(page, "9 to 5")
    form(page).get_by_role("button", name="Add a risk").click()
    risk = page.get_by_role("dialog", name="A risk")
    risk.get_by_label("What could go wrong?").fill("A leak")
    page.keyboard.press("Enter")
    expect(form(page).get_by_label("What should it be called?")).to_have_value("Summaries")
    form(page).get_by_role("button", name="Fill in an example").click()
    expect(form(page).get_by_text("So far it is called Summaries.")).to_be_visible()
    expect(form(page).get_by_label("What should get measurably better?")).to_have_value("9 to 5")
    expect(form(page).get_by_role("combobox", name="Function")).to_have_text("Claims")
    expect(form(page).get_by_label("Our people")).to_be_checked()


def test_every_other_field_of_a_form_reaches_the_app(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    say(page, "Message #claims", "/playbook")
    box = page.get_by_role("dialog", name="All other fields")
    box.get_by_label("Mail").fill("dana")
    box.get_by_label("Web address").fill("https://example.com/x")
    box.get_by_label("Words").fill("two\nlines")
    box.get_by_label("Time of day").fill("09:15")
    box.get_by_label("Moment").fill("2026-07-01T10:00")
    box.get_by_role("combobox", name="Deciders").click()
    for name in ("Priya Shah", "Tom Becker", "Kim Novak"):
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    expect(box.get_by_role("combobox", name="Deciders")).to_contain_text("Tom Becker")
    expect(box.get_by_role("combobox", name="Deciders")).not_to_contain_text("Kim Novak")
    box.get_by_role("combobox", name="Place").click()
    page.get_by_role("option", name="#general").click()
    box.get_by_role("combobox", name="Kind").click()
    page.get_by_role("group", name="Slow").get_by_role("option", name="Letter").click()
    papers = box.get_by_label("Papers")
    papers.last.set_input_files({"name": "a.exe", "mimeType": "text/plain", "buffer": b"no"})
    expect(page.locator("#toasts")).to_contain_text("a.exe is not one of: txt")
    papers.last.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"yes"})
    expect(box.get_by_role("button", name="Remove a.txt")).to_be_visible()
    box.get_by_role("button", name="Send").click()
    expect(box.get_by_role("alert")).to_have_text("Please enter a valid email address.")
    box.get_by_label("Mail").fill("dana@northwind.example")
    page.keyboard.press("Enter")
    expect(box).to_have_count(0)
    sent = workspace.get("deliveries?kind=interaction")["deliveries"][-1]["payload"]["view"]["state"][
        "values"
    ]
    said = {block: value["value"] for block, value in sent.items()}
    assert said["mail"]["value"] == "dana@northwind.example"
    assert said["web"]["value"] == "https://example.com/x"
    assert "two\nlines" in json.dumps(said["words"]["rich_text_value"]).replace("\\n", "\n")
    assert said["time"]["selected_time"] == "09:15"
    assert said["moment"]["selected_date_time"] == 1_782_896_400  # ten o'clock of a London summer
    assert said["people"]["selected_users"] == ["U0PRIYA", "U0TOM"]
    assert said["place"]["selected_conversation"] == "C0GENERAL"
    assert said["kind"]["selected_option"]["value"] == "letter"
    assert [f["name"] for f in said["papers"]["files"]] == ["a.txt"]


def test_escape_closes_one_view_at_a_time_and_the_focus_stays_inside(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    say(page, "Message #claims", "/preflight new")
    expect(form(page)).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside
    form(page).get_by_role("button", name="Add a risk").click()
    expect(page.get_by_role("dialog", name="A risk")).to_be_visible()
    page.keyboard.press("Escape")
    expect(form(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    closed = [
        d
        for d in workspace.get("deliveries?kind=interaction")["deliveries"]
        if d["payload"]["type"] == "view_closed"
    ]
    assert len(closed) == 1


def test_a_message_shortcut_opens_its_form_with_the_message(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    workspace.act("message", "marcus", channel="#claims", text="the summary named the wrong customer")
    page = open_window(workspace.at("dana", "#claims"))
    message = page.get_by_role("article", name="Marcus Bell").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("option", name="Report an AI incident").click()
    dialog = page.get_by_role("dialog", name="AI incident")
    expect(dialog.locator("blockquote")).to_contain_text("the wrong customer")


def test_home_shows_what_the_app_published_and_its_buttons_work(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana"))
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("heading", name="What waits for you")).to_be_visible()
    page.get_by_role("button", name="New use case").click()
    expect(form(page)).to_be_visible()
