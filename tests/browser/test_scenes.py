"""Scenes 2 and 3 played in a real browser, by clicking and typing, as four different people.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office
from tests.scenarios.talking import IDEA, REPLIES

pytestmark = pytest.mark.browser


def picture(page: Page, name: str) -> None:
    """Keeps what is on the screen, where somebody wants to look at it."""
    folder = os.environ.get("PREFLIGHT_PICTURES")
    if folder:
        page.wait_for_timeout(400)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def thread(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Thread")


def writes(page: Page, words: str) -> None:
    """Types into the thread and sends."""
    box = thread(page).get_by_role("textbox", name="Reply in thread")
    box.click()
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")


def last(page: Page) -> Locator:
    """The newest message of the bot in the thread."""
    return thread(page).locator("article.from-app").last


def request_card(page: Page) -> Locator:
    """The newest request for a decision in the conversation: this message, whatever it comes to say."""
    found = (
        page.get_by_role("log").get_by_role("article").filter(has_text="Dana Ortiz asks for approval").last
    )
    expect(found).to_be_visible()
    return page.locator(f"article[data-ts='{found.get_attribute('data-ts')}']")


QUESTIONS = [
    ("Who owns that data", "lee"),
    ("most sensitive part", "Confidential"),
    ("identifiable people", "Yes"),
    ("Who would use it", "claims agents"),
    ("how bad would that be", "A nuisance"),
    ("off limits", "none of these"),
    ("stay inside the company", "Internal"),
    ("Where do the people live", REPLIES["jurisdictions"]),
    ("build it, buy it", "Not decided yet"),
    ("try it out", "end of September 2027"),
    ("technical side", "Lee Chen"),
]


def answers_everything(page: Page) -> None:
    """Goes on until the review card: a click where there is a button, words elsewhere."""
    for _ in range(25):
        newest = last(page)
        expect(newest).to_contain_text(re.compile("|".join([*(q for q, _ in QUESTIONS), "The way ahead"])))
        text, ts = newest.inner_text(), newest.get_attribute("data-ts")
        if "The way ahead" in text:
            return
        reply = next(r for q, r in QUESTIONS if q in text)
        button = newest.get_by_role("button", name=reply, exact=True)
        if button.count():
            button.click()
        else:
            writes(page, reply)
        expect(last(page)).not_to_have_attribute("data-ts", str(ts))
    pytest.fail("the review card never came")


def test_scenes_two_and_three_in_a_browser(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    # Scene 2: Dana's idea becomes a use case.
    dana = open_window(f"{office.url}/?as=U0DANA", height=900)
    expect(dana.get_by_role("log")).to_contain_text("Tell me an idea for using AI")
    picture(dana, "first-minute")
    dana.get_by_role("textbox", name="Message Preflight").click()
    dana.keyboard.insert_text(IDEA)
    dana.keyboard.press("Enter")
    expect(thread(dana)).to_contain_text("I picked up")
    writes(dana, "it should be more helpful for the agents")
    expect(thread(dana)).to_contain_text("Which number would move")
    writes(dana, "after call work, 9 min now, 5 would be great, by end of june")
    expect(thread(dana)).to_contain_text("9 → 5 minutes")
    picture(dana, "conversation")
    answers_everything(dana)
    picture(dana, "review-end")
    last(dana).get_by_text("Please look it over").scroll_into_view_if_needed()
    picture(dana, "review")
    last(dana).get_by_role("button", name="Change Number of users").click()
    dialog = dana.get_by_role("dialog")
    expect(dialog).to_contain_text("About how many people")
    dialog.get_by_role("textbox").fill("about 45")
    picture(dana, "change")
    dialog.get_by_role("button", name="Save").click()
    expect(last(dana)).to_contain_text("45 people")
    last(dana).get_by_role("button", name="Submit").click()
    expect(thread(dana)).to_contain_text("is submitted as")
    expect(thread(dana)).to_contain_text("Priya Shah or Tom Becker")

    # Scene 3: Priya asks, Dana answers, Priya approves with a condition.
    priya = open_window(f"{office.url}/?as=U0PRIYA", height=900)
    tom = open_window(f"{office.url}/?as=U0TOM", height=900)
    card = request_card(priya)
    expect(card).to_contain_text("You are asked because")
    card.get_by_role("button", name="Approve", exact=True).scroll_into_view_if_needed()
    picture(priya, "approval-before")
    toms = request_card(tom)
    expect(toms.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    card.get_by_role("button", name="Request changes").click()
    asking = priya.get_by_role("dialog")
    asking.get_by_role("textbox").first.fill("How long are transcripts kept?")
    picture(priya, "request-changes")
    asking.locator("button[type=submit]").or_(
        asking.get_by_role("button", name=re.compile("Ask|Send"))
    ).first.click()
    expect(thread(dana)).to_contain_text("How long are transcripts kept?")
    writes(dana, "30 days, then they are deleted")
    expect(card).to_contain_text("30 days, then they are deleted")
    picture(priya, "answered")
    card.get_by_role("button", name="Approve with conditions").click()
    conditions = priya.get_by_role("dialog")
    conditions.get_by_role("textbox").first.fill("Transcripts are deleted after 30 days")
    picture(priya, "conditions")
    conditions.get_by_role("button", name="Approve", exact=True).click()
    expect(card).to_contain_text("Approved by Priya Shah")
    expect(card.get_by_role("button", name="Approve", exact=True)).to_have_count(0)
    expect(card).to_contain_text("Transcripts are deleted after 30 days")
    picture(priya, "approval-after")
    # Tom's card shows it without a click of his.
    expect(toms).to_contain_text("Approved by Priya Shah")
    expect(toms.get_by_role("button", name="Approve", exact=True)).to_have_count(0)

    # Data protection decides as well, and Dana hears of it in her thread.
    kim = open_window(f"{office.url}/?as=U0KIM", height=900)
    kims = request_card(kim)
    kims.get_by_role("button", name="Approve", exact=True).click()
    expect(thread(dana)).to_contain_text("is approved by")
    picture(dana, "approved")

    # Home: what waits, drafts, use cases.
    dana.get_by_role("tab", name="Home").click()
    expect(dana.get_by_role("main")).to_contain_text("Summarise claims calls")
    expect(dana.get_by_role("main")).to_contain_text("Approved for pilot")
    picture(dana, "home")
    assert office.bot.service.store.verify().sound
