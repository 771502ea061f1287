"""Talking on the sandbox's page: messages, threads, files, channels, what the app says."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import Workspace, replied, say, thread

pytestmark = pytest.mark.browser


def test_the_bare_address_shows_the_app_with_things_to_try(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Preflight")
    expect(page.get_by_role("button", name="You are Dana Ortiz")).to_be_visible()
    prompts = page.get_by_role("group", name="Suggested prompts").get_by_role("button")
    expect(prompts).to_have_count(4)
    prompts.first.click()
    expect(page.get_by_role("log", name="Messages in Preflight").get_by_role("article")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"as=U0DANA&channel=@app"))


def test_the_apps_answer_opens_in_the_thread_and_is_counted(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana"))
    panel = replied(workspace, page, "dana", "could AI write summaries of calls?")
    expect(panel.get_by_role("button", name="After-call minutes")).to_be_visible()
    expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    expect(panel.get_by_role("article", name="Preflight, app")).to_contain_text("APP")
    panel.get_by_role("button", name="After-call minutes").click()
    expect(panel.get_by_role("article", name="Preflight").last).to_contain_text("quick_1: quick_1")
    panel.get_by_role("button", name="Close thread").click()
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()


def test_what_one_person_says_appears_in_anothers_window(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    dana = open_window(workspace.at("dana", "#claims"))
    marcus = open_window(workspace.at("marcus", "#claims"))
    expect(marcus.get_by_role("textbox", name="Message #claims")).to_be_visible()
    say(dana, "Message #claims", "Lunch at noon?")
    expect(marcus.get_by_role("article", name="Dana Ortiz").last).to_contain_text("Lunch at noon?")
    ts = marcus.get_by_role("article").last.get_attribute("data-ts")
    assert re.fullmatch(r"\d+\.\d+", ts or "")


def test_typed_markup_is_formatted_and_html_is_only_text(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    say(
        page,
        "Message #claims",
        "*bold* _leaning_ `code` <img src=x onerror=alert(1)> :tada: https://example.com/a?b=1&c=2",
    )
    last = page.get_by_role("article").last
    expect(last.locator("strong")).to_have_text("bold")
    expect(last.locator("em")).to_have_text("leaning")
    expect(last.locator("code")).to_have_text("code")
    expect(last).to_contain_text("<img src=x onerror=alert(1)>")
    expect(last.get_by_role("img", name="tada")).to_have_text("🎉")
    expect(last.get_by_role("link")).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    assert page.locator("img[src='x']").count() == 0


def test_no_block_can_bring_script_into_the_page(workspace: Workspace, open_window: OpenWindow) -> None:
    evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
    escaped = evil.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": evil}},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"{escaped} <javascript:alert(1)|press me>"}},
        {"type": "markdown", "text": f"{evil} [press](javascript:alert(1)) ![x](javascript:alert(1))"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": evil}]]},
    ]
    workspace.api("chat.postMessage", channel="C0GENERAL", text="x", blocks=blocks)
    page = open_window(workspace.at("dana", "#general"))
    message = page.get_by_role("article", name="Preflight").last
    expect(message.get_by_role("heading", name="<img src=x")).to_be_visible()
    assert message.locator("script, img[onerror], a[href^='javascript']").count() == 0


def test_a_mention_is_completed_and_reaches_the_person(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#general"))
    box = page.get_by_role("textbox", name="Message #general")
    box.press_sequentially("ask @pri")
    page.get_by_role("option", name="Priya Shah").click()
    box.press_sequentially("please")
    box.press("Enter")
    expect(page.get_by_role("article").last).to_contain_text("ask @Priya Shah please")
    told = workspace.get("notifications?kind=mention&person=priya")
    assert [entry["people"] for entry in told["notifications"]] == [["U0PRIYA"]]


def test_messages_can_be_edited_reacted_to_and_deleted(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    say(page, "Message #claims", "helo")
    mine = page.get_by_role("article", name="Dana Ortiz").last
    expect(mine).not_to_have_class(re.compile("pending"))
    mine.hover()
    mine.get_by_role("button", name="More actions").click()
    page.get_by_role("option", name="Edit message").click()
    page.get_by_role("textbox", name="Edit message").fill("hello")
    page.keyboard.press("Enter")
    expect(mine).to_contain_text("hello")
    expect(mine).to_contain_text("(edited)")
    mine.hover()
    mine.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("option", name="eyes").click()
    pill = mine.get_by_role("button", name="eyes, 1")
    expect(pill).to_have_attribute("aria-pressed", "true")
    pill.click()
    expect(pill).to_have_count(0)
    mine.hover()
    mine.get_by_role("button", name="More actions").click()
    page.get_by_role("option", name="Delete message").click()
    page.get_by_role("dialog", name="Delete this message?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("hello", exact=True)).to_have_count(0)


def test_a_file_is_attached_and_shown(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    page.get_by_label("Attach files").set_input_files(
        {"name": "calls.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    )
    expect(page.get_by_role("button", name="Remove calls.csv")).to_be_visible()
    say(page, "Message #claims", "the calls of last week")
    shown = page.get_by_role("article", name="Dana Ortiz").last.get_by_role("link", name="calls.csv")
    expect(shown).to_be_visible()
    answer = page.request.get(f"{workspace.url}{shown.get_attribute('href')}")
    assert answer.text() == "a,b\n1,2\n"


def test_only_one_person_sees_an_ephemeral_message_and_may_dismiss_it(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    dana, marcus = (
        open_window(workspace.at("dana", "#claims")),
        open_window(workspace.at("marcus", "#claims")),
    )
    expect(marcus.get_by_role("textbox", name="Message #claims")).to_be_visible()
    say(dana, "Message #claims", "/preflight")
    note = dana.get_by_role("article").filter(has_text="Only visible to you")
    expect(note).to_contain_text("Nothing waits for you.")
    assert marcus.get_by_text("Nothing waits for you.").count() == 0
    note.get_by_role("button", name="Dismiss message").click()
    expect(note).to_have_count(0)


def test_a_status_line_says_that_the_app_is_at_work(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana"))
    say(page, "Message Preflight", "think about it")
    expect(thread(page).get_by_role("status")).to_contain_text("Preflight is thinking…")


def test_reading_above_one_is_told_of_a_new_message_below(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    for n in range(40):
        workspace.act("message", "marcus", channel="#claims", text=f"line {n}")
    page = open_window(workspace.at("dana", "#claims"))
    expect(page.get_by_text("line 39", exact=True)).to_be_in_viewport()
    page.get_by_text("line 39", exact=True).hover()
    page.mouse.wheel(0, -1200)
    expect(page.get_by_text("line 39", exact=True)).not_to_be_in_viewport()
    workspace.act("message", "marcus", channel="#claims", text="the newest")
    page.get_by_role("button", name="New message", exact=True).last.click()
    expect(page.get_by_text("the newest", exact=True)).to_be_in_viewport()


def test_unread_messages_are_counted_until_they_are_looked_at(
    workspace: Workspace, open_window: OpenWindow
) -> None:
    page = open_window(workspace.at("dana", "#claims"))
    workspace.act("message", "priya", channel="U0DANA", text="have you a minute?")
    line = page.get_by_role("button", name="Priya Shah, 1 unread")
    expect(line).to_contain_text("1")
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    line.click()
    expect(page.get_by_role("article", name="Priya Shah")).to_contain_text("have you a minute?")
    expect(page.get_by_role("button", name="Priya Shah", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    expect(page).to_have_title(re.compile(r"^Priya Shah"))


def test_an_archived_channel_cannot_be_written_to(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#old-project"))
    expect(page.get_by_text("is archived")).to_be_visible()
    assert page.get_by_role("textbox").count() == 0


def test_a_public_channel_is_joined_from_its_foot(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana", "#data-platform"))
    page.get_by_role("button", name="Join channel").click()
    expect(page.get_by_role("textbox", name="Message #data-platform")).to_be_visible()


def test_a_reply_can_be_shown_in_the_channel_too(workspace: Workspace, open_window: OpenWindow) -> None:
    parent = workspace.act("message", "marcus", channel="#claims", text="who is on call?")["ts"]
    page = open_window(workspace.at("dana", "#claims", thread=parent))
    thread(page).get_by_label("Also send to #claims").check()
    say(page, "Reply in thread", "I am, until Friday")
    shown = page.get_by_role("main").get_by_role("article").filter(has_text="I am, until Friday")
    expect(shown.get_by_role("button", name="replied in a thread")).to_be_visible()


def test_a_streamed_answer_grows_on_the_screen(workspace: Workspace, open_window: OpenWindow) -> None:
    page = open_window(workspace.at("dana"))
    panel = replied(workspace, page, "dana", "tell me")
    channel = workspace.act("open_messages", "dana")["channel"]["id"]
    parent = page.get_by_role("main").get_by_role("article").last.get_attribute("data-ts")
    stream = {"channel": channel, "thread_ts": parent}
    ts = workspace.api("chat.startStream", **stream, markdown_text="The **risk owner**")["ts"]
    answer = panel.locator(f"article[data-ts='{ts}']")
    expect(answer.locator("strong")).to_have_text("risk owner")
    workspace.api("chat.appendStream", channel=channel, ts=ts, markdown_text=" may stop a release.")
    expect(answer).to_contain_text("The risk owner may stop a release.")
    workspace.api("chat.stopStream", channel=channel, ts=ts)
    expect(answer).not_to_have_class(re.compile("streaming"))


def test_a_picture_that_the_app_uploaded_is_shown(workspace: Workspace, open_window: OpenWindow) -> None:
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    stored = workspace.act("upload", "sam", channel="#general", filename="chart.png", content_base64=dot)
    block = {"type": "image", "alt_text": "Decisions a week", "slack_file": {"id": stored["file"]["id"]}}
    workspace.api("chat.postMessage", channel="C0GENERAL", text="A chart", blocks=[block])
    page = open_window(workspace.at("dana", "#general"))
    picture = page.get_by_role("img", name="Decisions a week")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)
