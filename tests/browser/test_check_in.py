"""The weekly check-in in a real browser: a form, words, a slip that is asked about, a crossed guardrail.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, writes
from tests.scenarios.office import Office
from tests.scenarios.running import in_use
from tests.scenarios.test_check_in import GUARDED, knew, next_thursday, office  # noqa: F401 - the fixture

pytestmark = pytest.mark.browser


def test_the_check_in_in_a_browser(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    calls = in_use(office, "Summarise claims calls", **GUARDED)
    in_use(office, "Draft claim letters", **{**GUARDED, "guardrail_1": "People complain loudly"})
    knew(office, calls)
    next_thursday(office)
    page = open_window(f"{office.url}/?as=U0MARCUS", height=1100)
    card = page.get_by_role("log").get_by_role("article").filter(has_text="numbers of the week").last
    expect(card).to_contain_text("Draft claim letters")
    picture(page, "check-in")

    card.get_by_role("button", name="Give numbers…").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("Numbers of the week")
    picture(page, "check-in-form")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()

    card.hover()
    card.get_by_role("button", name="Reply in thread").click()
    writes(page, "claims calls: minutes are down to 58, 9% wrong, 34 of 40 used it")
    expect(last(page)).to_contain_text("Noted for")
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Is 58 minutes right?")
    picture(page, "check-in-words")
    page.goto(f"{office.url}/?as=U0INES")
    alert = page.get_by_role("log").get_by_role("article").filter(has_text="is crossed").last
    expect(alert).to_contain_text("Switch it off for that team")
    picture(page, "guardrail")
    alert.get_by_role("button", name="Done: we did it").click()
    expect(alert).to_contain_text("it was done")
