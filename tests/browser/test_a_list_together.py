"""A checklist kept by two people in a real browser: evidence, an item handed over, and the card of the list.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread, writes
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.deciding import settle
from tests.scenarios.office import Office
from tests.scenarios.test_checklists import in_pilot, opens

pytestmark = pytest.mark.browser


def test_a_checklist_is_kept_by_two_people(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    use_case = in_pilot(office, "Summarise claims calls")
    opened = opens(office, "dana", use_case.id)
    dana = open_window(f"{office.url}/?as=U0DANA&thread={opened.thread}", height=1000)
    first = (
        dana.get_by_role("log").first.get_by_role("article").filter(has_text="Production readiness of").last
    )
    first.hover()
    first.get_by_role("button", name="Reply in thread").click()
    expect(thread(dana)).to_contain_text("Is the data permitted")
    picture(dana, "list-first-item")
    writes(dana, "yes")
    expect(last(dana)).to_contain_text("What shows it?")
    picture(dana, "list-evidence-asked")
    writes(dana, "see https://wiki.northwind.example/contracts/claims-calls")
    expect(last(dana)).to_contain_text("Is it settled who decides")
    writes(dana, "ask @lee: you wrote the instruction")
    expect(thread(dana)).to_contain_text("I have asked Lee Chen")
    settle(office)
    lee = open_window(f"{office.url}/?as=U0LEE", height=1000)
    expect(lee.get_by_role("log").first).to_contain_text("you wrote the instruction")
    picture(lee, "list-handed-card")
    lee.get_by_role("log").first.get_by_role("button", name="Yes", exact=True).last.click()
    expect(lee.get_by_role("dialog")).to_contain_text("What shows it")
    picture(lee, "list-handed-form")
    lee.get_by_role("dialog").get_by_label("What shows it, in words").fill(
        "The work instruction for claims, part 4"
    )
    lee.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(lee.get_by_role("log").first).to_contain_text("You answered this")
    picture(lee, "list-handed-done")
    expect(thread(dana)).to_contain_text("Lee Chen answered")
    writes(dana, "show")
    expect(last(dana)).to_contain_text("needs evidence")
    picture(dana, "list-card")
    last(dana).get_by_role("button", name="Answer").first.click()
    expect(dana.get_by_role("dialog")).to_be_visible()
    picture(dana, "list-item-form")
