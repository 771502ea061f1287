"""Scene 3 at a gate, a change and a waiver, in a real browser.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.answers import MEDIUM
from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import picture
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.deciding import case_of, fills, presses
from tests.scenarios.gates import approved, put
from tests.scenarios.office import Office

pytestmark = pytest.mark.browser
OWNERS = {
    "metric_owner": "U0MO",
    "stop_authority": "U0LEE",
    "risk_owner": "U0INES",
    "technical_owner": "U0LEE",
}
TITLE = "Summarise claims calls"


def told(page: Page, text: str) -> Locator:
    """The newest message of the bot in the conversation itself that says this."""
    return page.get_by_role("log").first.locator("article.from-app").filter(has_text=text).last


def test_scene_three_at_a_gate(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    home = approved(office, TITLE, {**MEDIUM, **OWNERS})
    put(office, TITLE, "platform_candidate", {"id": "production_readiness"})
    dana = office.person("dana").says("are we ready for production?")
    presses(dana, dana.reads("What is left is the decision"), "Ask for the decision")
    priya = open_window(f"{office.url}/?as=U0PRIYA", height=1200)
    card = told(priya, "asks for approval for production")
    expect(card).to_contain_text("May it go into everyday use?")
    picture(priya, "gate-card")
    card.get_by_role("button", name="Request changes").click()
    form = priya.get_by_role("dialog")
    form.get_by_label("What would you like to know").fill("retention of transcripts?")
    form.get_by_role("button", name="Send").click()
    expect(form).not_to_be_visible()
    home.reads("Priya Shah has a question", "retention of transcripts?")
    home.says("They are deleted after 30 days.")
    expect(told(priya, "Dana Ortiz answered your question")).to_contain_text(
        "They are deleted after 30 days."
    )
    picture(priya, "gate-answered")
    told(priya, "Dana Ortiz answered your question").get_by_role(
        "button", name="Approve with conditions"
    ).click()
    form = priya.get_by_role("dialog")
    form.get_by_label("Condition").first.fill("transcripts deleted after 30 days")
    form.get_by_role("button", name="Approve", exact=True).click()
    expect(priya.get_by_text("with 1 condition").first).to_be_visible()
    picture(priya, "gate-decided")
    tom = open_window(f"{office.url}/?as=U0TOM", height=900)
    expect(told(tom, "approval for production")).to_contain_text("Approved by Priya Shah")
    picture(tom, "gate-second")


def test_a_change_and_a_waiver_as_people_see_them(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    title = "Answer broker letters"
    approved(office, title, {**MEDIUM, **OWNERS})
    put(office, title, "platform_candidate", {"id": "production_readiness", "without": ("monitoring",)})
    id = case_of(office, title)[0].id
    dana = open_window(f"{office.url}/?as=U0DANA", height=1000)
    asked = office.person("dana").says("where is my use case?")
    presses(asked, asked.reads(title, "Open"), "Open")
    record = dana.get_by_role("dialog").last
    expect(record).to_contain_text("The approval for pilot holds until")
    record.get_by_role("button", name="Change an answer").scroll_into_view_if_needed()
    picture(dana, "record-foot")
    record.get_by_role("button", name="Who decides what").click()
    expect(dana.get_by_role("dialog").last).to_contain_text("Risk partner")
    picture(dana, "who-decides-what")
    dana.keyboard.press("Escape")
    person = office.person("dana")
    person._act("close_view", all=True)
    person.commands(f"waive {id}")
    fills(person, {"control": "production_readiness|monitoring"})
    fills(
        person,
        {
            "justification": "The tool comes in March.",
            "compensating": "Two people read every tenth answer.",
            "risk": "A drift goes unnoticed for a day.",
        },
    )
    ines = open_window(f"{office.url}/?as=U0INES", height=900)
    expect(told(ines, "asks to set Monitoring aside")).to_contain_text(title)
    picture(ines, "waiver-card")
    told(ines, "asks to set Monitoring aside").get_by_role("button", name="Accept the risk").click()
    expect(ines.get_by_role("dialog")).to_contain_text("In your own words")
    picture(ines, "waiver-accept")
