"""The portfolio review in a real browser: the card with its numbers, a decision with its reason, the summary.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office
from tests.scenarios.running import in_use
from tests.scenarios.talking import until
from workflows.portfolio_review import PortfolioReview

pytestmark = pytest.mark.browser
SOON = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()


def test_the_portfolio_review_in_a_browser(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    in_use(office, "Write nicer e-mails", stage="pilot", outcome_metric=None, outcome_target=None)
    in_use(office, "Summarise claims calls", outcome_by=SOON)
    ruth = open_window(f"{office.url}/?as=U0RUTH&channel=C0AILEADERSHIP", height=1000)
    office.person("sam").commands("review")
    head = ruth.get_by_role("log").get_by_role("article").filter(has_text="0 of 2 decided").last
    expect(head).to_be_visible()
    until(lambda: _session(office).home is not None, "the session has its thread")
    ruth.get_by_role("button", name="1 reply").last.click()
    expect(thread(ruth)).to_contain_text("Proposed: Archive.")
    picture(ruth, "portfolio-item")
    last(ruth).get_by_role("button", name="Archive…").click()
    form = ruth.get_by_role("dialog")
    form.get_by_role("textbox").fill("Nobody can say what it is for")
    picture(ruth, "portfolio-reason")
    form.get_by_role("button", name="Decide").click()
    expect(thread(ruth)).to_contain_text("Archive, decided by Ruth Adler")
    expect(last(ruth)).to_contain_text("Summarise claims calls")
    picture(ruth, "portfolio-next")
    last(ruth).get_by_role("button", name="Keep as it is").click()
    expect(ruth.get_by_role("log").first).to_contain_text("is closed")
    expect(thread(ruth)).to_contain_text("The minutes of")
    picture(ruth, "portfolio-summary")
    sam = open_window(f"{office.url}/?as=U0SAM", height=900)
    expect(sam.get_by_role("log")).to_contain_text("To be done after the portfolio review")
    picture(sam, "portfolio-task")
    assert office.bot.service.store.verify().sound


def _session(office: Office) -> PortfolioReview:  # noqa: F811
    with office.bot.service.store.read() as reading:
        return reading.matters(PortfolioReview, at_most=1)[0]
