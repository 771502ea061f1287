"""The sandbox's page, used by people in a real browser with a plain Bolt app behind it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.server import Sandbox
from tests.browser.conftest import OpenWindow
from tests.browser.kit_app import MANIFEST, connect

pytestmark = pytest.mark.browser
Json = dict[str, Any]
NORTHWIND = Path(__file__).parents[2] / "sandbox" / "northwind.json"


class Workspace:
    """The sandbox with the app connected, and acts of people who have no window."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.url

    def at(self, person: str, channel: str = "@app", **more: str) -> str:
        rest = "".join(f"&{name}={value}" for name, value in more.items())
        return f"{self.url}/?as={person}&channel={channel.replace('#', '%23')}{rest}"

    def post(self, path: str, **body: Any) -> Json:
        request = urllib.request.Request(f"{self.url}/sandbox/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=20) as answer:
            done: Json = json.load(answer)
        return done

    def get(self, path: str) -> Json:
        with urllib.request.urlopen(f"{self.url}/sandbox/{path}", timeout=20) as answer:
            found: Json = json.load(answer)
        return found

    def act(self, name: str, who: str, **body: Any) -> Json:
        return self.post(f"act/{name}", **{"as": who, **body})

    def api(self, method: str, **body: Any) -> Json:
        headers = {"Authorization": f"Bearer {MANIFEST['bot_token']}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/api/{method}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            done: Json = json.load(answer)
        assert done["ok"], done
        return done


@pytest.fixture(scope="module")
def running() -> Iterator[Workspace]:
    sandbox = Sandbox(NORTHWIND, MANIFEST)
    url = sandbox.start()
    app = connect(url)
    yield Workspace(sandbox)
    app.close()
    sandbox.stop()


@pytest.fixture
def workspace(running: Workspace) -> Workspace:
    running.post("reset", keep_app=True)
    running.post("settings", rate_limits=False)
    return running


def say(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(text)
    box.press("Enter")


def thread(page: Page) -> Any:
    return page.get_by_role("complementary", name="Thread")


def replied(workspace: Workspace, page: Page, person: str, text: str) -> Any:
    """Tell the app something and wait for its answer in the thread that opens."""
    say(page, "Message Preflight", text)
    expect(thread(page).get_by_role("article", name="Preflight").first).to_be_visible()
    return thread(page)


# -- conversations ---------------------------------------------------------------------------------


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


# -- elements --------------------------------------------------------------------------------------


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


# -- modals and Home -------------------------------------------------------------------------------


def form(page: Page) -> Any:
    return page.get_by_role("dialog", name="New use case")


def filled(page: Page, outcome: str) -> None:
    form(page).get_by_label("What should it be called?").fill("Summaries")
    form(page).get_by_label("What should get measurably better?").fill(outcome)
    form(page).get_by_role("combobox", name="Function").click()
    page.get_by_role("option", name="Claims").click()
    form(page).get_by_label("Call recordings").check()
    form(page).get_by_label("Our people").check()
    form(page).get_by_label("How many people would use it?").fill("40")


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


# -- moving about ----------------------------------------------------------------------------------


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


def test_a_reply_can_be_shown_in_the_channel_too(workspace: Workspace, open_window: OpenWindow) -> None:
    parent = workspace.act("message", "marcus", channel="#claims", text="who is on call?")["ts"]
    page = open_window(workspace.at("dana", "#claims", thread=parent))
    thread(page).get_by_label("Also send to #claims").check()
    say(page, "Reply in thread", "I am, until Friday")
    shown = page.get_by_role("main").get_by_role("article").filter(has_text="I am, until Friday")
    expect(shown.get_by_role("button", name="replied in a thread")).to_be_visible()


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
