"""Moving about on the sandbox's page: people, keyboard, addresses, a phone, a server that goes away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sandbox.server import Sandbox
from tests.browser.conftest import NORTHWIND, OpenWindow
from tests.browser.window import Workspace, say, thread

pytestmark = pytest.mark.browser


def test_switching_person_shows_the_same_channel_through_other_eyes(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana", "#general"))
    page.get_by_role("button", name="Switch person").click()
    page.get_by_role("combobox", name="Find a person").fill("risk priya")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="You are Priya Shah")).to_be_visible()
    expect(page).to_have_url(re.compile("as=U0PRIYA"))
    expect(page.get_by_role("heading", level=1)).to_have_text("general")
    page.go_back()
    expect(page.get_by_role("button", name="You are Dana Ortiz")).to_be_visible()


def test_the_keyboard_alone_reaches_a_channel_a_message_and_its_thread(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana"))
    expect(page.get_by_role("textbox", name="Message Preflight")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("general")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("general")
    last = page.get_by_role("log").get_by_role("article").last
    expect(last).to_have_attribute("tabindex", "0")
    last.focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("log").get_by_role("article").nth(-2)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Reply in thread").and_(page.locator(":focus"))).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Reply in thread")).to_be_focused()
    page.keyboard.press("Escape")
    expect(thread(page)).to_have_count(0)


def test_an_address_opens_a_thread_directly(workspace: Workspace, open_window: OpenWindow) -> None:
    parent = workspace.act("message", "marcus", channel="#claims", text="who is on call?")["ts"]
    workspace.act("message", "yuki", channel="#claims", text="I am", thread_ts=parent)
    page = open_window(workspace.at("dana", "#claims", thread=parent))
    expect(thread(page).get_by_role("article")).to_have_count(2)
    expect(thread(page).get_by_role("separator", name="1 reply")).to_be_visible()


def test_a_phone_shows_one_column_with_a_way_back(workspace: Workspace, open_window: OpenWindow) -> None:
    parent = workspace.act("message", "marcus", channel="#claims", text="who is on call?")["ts"]
    workspace.act("message", "yuki", channel="#claims", text="I am", thread_ts=parent)
    page = open_window(workspace.url, width=390, height=844, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="#claims").click()
    expect(page.get_by_role("navigation", name="Workspace")).to_be_hidden()
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("main")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Back to the conversation").click()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_role("navigation", name="Workspace")).to_be_visible()


def test_the_page_says_that_the_server_is_gone_and_recovers_with_it(open_window: OpenWindow) -> None:
    first = Sandbox(NORTHWIND)
    first.start()
    page = open_window(Workspace(first).at("dana", "#claims"))
    expect(page.get_by_role("textbox", name="Message #claims")).to_be_visible()
    first.stop()
    expect(page.get_by_text("The connection is lost")).to_be_visible()
    second = Sandbox(NORTHWIND)
    second.start(port=int(first.url.rsplit(":", 1)[1]))
    try:
        Workspace(second).act("message", "marcus", channel="#claims", text="said meanwhile")
        expect(page.get_by_text("said meanwhile")).to_be_visible(timeout=15_000)
        expect(page.get_by_text("The connection is lost")).to_be_hidden()
    finally:
        second.stop()


def test_a_message_that_could_not_be_sent_is_kept_to_try_again(open_window: OpenWindow) -> None:
    first = Sandbox(NORTHWIND)
    first.start()
    page = open_window(Workspace(first).at("dana", "#claims"))
    expect(page.get_by_role("textbox", name="Message #claims")).to_be_visible()
    first.stop()
    say(page, "Message #claims", "are you there?")
    unsent = page.get_by_role("article", name="Dana Ortiz").last
    expect(unsent).to_contain_text("Not sent")
    second = Sandbox(NORTHWIND)
    second.start(port=int(first.url.rsplit(":", 1)[1]))
    try:
        unsent.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("Not sent")).to_have_count(0)
        said = Workspace(second).get("messages?as=dana&channel=C0CLAIMS")["messages"]
        assert [m["text"] for m in said].count("are you there?") == 1
    finally:
        second.stop()


def test_times_are_those_of_the_persons_zone(workspace: Workspace, open_window: OpenWindow) -> None:
    ts = workspace.act("message", "marcus", channel="#general", text="now")["ts"]
    people = workspace.get("workspace")["people"]
    zones = {}
    for person in ("dana", next(p["name"] for p in people if p["tz"] == "Asia/Singapore")):
        page = open_window(workspace.at(person, "#general"))
        clock = page.locator(f"article[data-ts='{ts}'] time").first
        expect(clock).to_be_attached()
        zones[person] = clock.text_content()
    hours = [int(str(said)[:2]) for said in zones.values()]
    assert (hours[1] - hours[0]) % 24 in (7, 8)
