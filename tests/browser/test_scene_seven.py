"""Scene 7 in a real browser: a complaint, three questions, a roll-back that asks once, review and actions.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread, writes
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office
from tests.scenarios.running import in_use, released

pytestmark = pytest.mark.browser
COMPLAINT = "It summarised a call of mine and says the customer waived her claim. She never said that!"
REVIEW = {
    "What failed": "08:10 the nightly load ended empty; 08:30 first wrong summary; 09:05 reported",
    "What made it possible": "Something in the data",
    "not noticed sooner": "Nobody looks at how many rows the nightly load brings",
    "Which control": "An alert when the load has fewer than half of yesterday's rows",
    "what went well": "The roll-back took four minutes",
    "done first": "Alert when the nightly load is empty",
    "second thing": "skip",
}


def card(page: Page) -> Locator:
    """The incident's card in that person's conversation, whatever it comes to say."""
    found = page.get_by_role("log").get_by_role("article").filter(has_text="Noticed after").last
    expect(found).to_be_visible()
    return page.locator(f"article[data-ts='{found.get_attribute('data-ts')}']")


def writes_the_review(page: Page) -> None:
    """Answers in words what is asked, a click where only a click fits."""
    for asked, reply in REVIEW.items():
        expect(last(page)).to_contain_text(asked)
        newest = last(page).get_attribute("data-ts")
        button = last(page).get_by_role("button", name=reply, exact=True)
        if button.count():
            button.click()
        else:
            writes(page, reply)
        if asked == "done first":
            expect(last(page)).to_contain_text("Who sees to it?")
            writes(page, "lee chen")
            expect(last(page)).to_contain_text("By when?")
            writes(page, "in two weeks")
        expect(last(page)).not_to_have_attribute("data-ts", str(newest))


def test_scene_seven_in_a_browser(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    use_case = in_use(office, "Summarise claims calls")
    released(office, use_case, "1.4.2", "1.5.0")
    office.person("yuki").at("#claims").says(COMPLAINT)

    # Marcus reports it from the message's own menu: three questions.
    marcus = open_window(f"{office.url}/?as=U0MARCUS&channel=C0CLAIMS", height=900)
    complaint = marcus.get_by_role("article").filter(has_text="She never said that").last
    complaint.hover()
    complaint.get_by_role("button", name="More actions").click()
    picture(marcus, "incident-menu")
    marcus.get_by_role("option", name="Report an AI incident").click()
    form = marcus.get_by_role("dialog")
    expect(form).to_contain_text("Which use case is it about?")
    expect(form).to_contain_text("Summarise claims calls")
    form.get_by_label("2 · Major").check()
    picture(marcus, "incident-form")
    lee = open_window(f"{office.url}/?as=U0LEE", height=900)
    form.get_by_role("combobox", name="What kind of thing happened?").click()
    marcus.get_by_role("option", name="Harmful output").click()
    form.get_by_role("button", name="Report", exact=True).click()

    # The owner, the technical owner and the channel know.
    for_lee = card(lee)
    expect(for_lee).to_contain_text("Nobody has it in hand yet")
    expect(marcus.get_by_role("log")).to_contain_text("Nobody has it in hand yet")
    picture(marcus, "incident-in-the-channel")
    dana = open_window(f"{office.url}/?as=U0DANA", height=900)
    for_dana = card(dana)
    picture(lee, "incident-card")
    for_lee.get_by_role("button", name="I take it").click()
    expect(for_dana).to_contain_text("In hand: Lee Chen")

    # Roll back asks once.
    for_lee.get_by_role("button", name="Roll back to 1.4.2").click()
    picture(lee, "incident-roll-back")
    sure = lee.get_by_role("dialog")
    expect(sure).to_contain_text("Everybody works with 1.4.2 again")
    sure.get_by_role("button", name="Roll back", exact=True).click()
    expect(for_lee).to_contain_text("rolled back 1.5.0")
    expect(for_dana).to_contain_text("rolled back 1.5.0")
    for_lee.get_by_role("button", name="Recovered").click()
    expect(for_dana).to_contain_text("Normal after")
    picture(lee, "incident-recovered")

    # The review, and what is done about it.
    asked = lee.get_by_role("article").filter(has_text="A review comes next").last
    asked.get_by_role("button", name="Start the review").click()
    first = lee.get_by_role("article").filter(has_text="What failed?").last
    expect(first).to_be_visible()
    if not thread(lee).is_visible():
        first.get_by_role("button", name="Reply in thread").click()
    writes_the_review(lee)
    picture(lee, "incident-review")
    last(lee).get_by_role("button", name="Finish").click()
    todo = lee.get_by_role("log").get_by_role("article").filter(has_text="To be done after").last
    expect(todo).to_contain_text("Alert when the nightly load is empty")
    picture(lee, "incident-action")
    todo.get_by_role("button", name="Done").click()
    expect(for_dana).to_contain_text("Closed")
    picture(dana, "incident-closed")
    assert office.bot.service.store.verify().sound
