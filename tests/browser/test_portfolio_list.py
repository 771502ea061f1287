"""The portfolio in a real browser: the list with its lanes and filters, and the page behind a signed link.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import picture
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office, texts
from tests.scenarios.running import in_use
from tests.scenarios.test_portfolio import READY

pytestmark = pytest.mark.browser


def test_the_portfolio_in_a_browser(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    in_use(office, "Summarise claims calls", category="customer_operations", users_expected=40, **READY)
    in_use(office, "Price small policies", stage="pilot", harm="serious", audience="customer_facing")
    in_use(office, "Write nicer e-mails", outcome_metric=None, outcome_target=None, business_owner=None)
    for n in range(12):
        in_use(office, f"Answer letters of kind {n:02}", business_function="service", **READY)
    service = office.bot.service
    at = f"http://127.0.0.1:{service.settings.port}"
    service.settings = service.settings.model_copy(update={"public_url": at})
    sam = open_window(f"{office.url}/?as=U0SAM", height=1300)
    office.person("sam").commands("portfolio")
    dialog = sam.get_by_role("dialog")
    expect(dialog).to_contain_text("15 use cases")
    picture(sam, "portfolio-list")
    dialog.get_by_role("button", name="Strategic bet").click()
    expect(dialog).to_contain_text("executive sponsor")
    expect(dialog).not_to_contain_text("Answer letters")
    picture(sam, "portfolio-lane")
    dialog.get_by_role("button", name="Open", exact=True).first.click()
    expect(sam.get_by_role("dialog").last).to_contain_text("Lane:")
    picture(sam, "portfolio-record")
    office.person("sam").commands("portfolio link")
    said = texts(office.person("sam").at("#general").reads("The whole table as a page"))
    address = said[said.index("http") : said.index("|The whole")]
    page = open_window(address, width=1280, height=800)
    expect(page.get_by_role("heading", name="Portfolio")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(16)
    picture(page, "portfolio-page")
    page.get_by_role("link", name="Use case").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Write nicer e-mails")
    page.emulate_media(color_scheme="dark")
    picture(page, "portfolio-page-dark")
    phone = open_window(address, width=390, height=844)
    expect(phone.get_by_text("Summarise claims calls")).to_be_visible()
    wider = phone.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wider, "nothing sticks out at the side of a phone"
    picture(phone, "portfolio-phone")
    gone = open_window(f"{address[:-2]}zz", width=800, height=400)
    expect(gone.get_by_text("does not open the portfolio any more")).to_be_visible()
    picture(gone, "portfolio-over")
