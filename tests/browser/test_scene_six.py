"""Scene 6 in a real browser, on the demo's own company: Monday's posts, what is behind them, and one's own.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo.launch import Demo
from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import picture

pytestmark = pytest.mark.browser
_LONG = 90_000
"""The first digests of a demo wait for their charts, on a machine that does much else (milliseconds)."""


def post(page: Page, title: str) -> Locator:
    """The one digest of that title, whatever else stands in the channel."""
    found = page.get_by_role("log").get_by_role("article").filter(has_text=title)
    expect(found).to_have_count(1, timeout=_LONG)
    return found


def says(page: Page, words: str) -> None:
    box = page.get_by_role("textbox").first
    box.click()
    page.keyboard.insert_text(words)
    page.keyboard.press("Enter")


def test_scene_six_in_a_browser(tmp_path: Path, open_window: OpenWindow) -> None:
    with Demo(tmp_path) as demo:
        ruth = open_window(f"{demo.url}/?as=U0RUTH&channel=C0AILEADERSHIP", height=1700)
        risk = post(ruth, "AI risk · week")

        # First line: the one thing to know, with the action that was promised.
        expect(risk).to_contain_text(
            re.compile(
                r"^\W*Preflight\W*APP\W*[\d:]+\W*Match invoices to orders: Wrong matches at 4.2%, limit above"
            )
        )
        # Three numbers; charts that say in words what they show; what is stuck and with whom; what ends.
        expect(risk.get_by_role("button", name="Show", exact=True)).to_have_count(3)
        charts = risk.get_by_role("img", name=re.compile(r"overdue|weeks", re.IGNORECASE))
        expect(charts.first).to_be_visible()
        assert charts.first.evaluate("image => image.complete && image.naturalWidth") >= 1000
        expect(risk).to_contain_text("Draft replies to routine customer e-mails")
        expect(risk).to_contain_text("Priya Shah")
        expect(risk).to_contain_text("the waiver of")
        picture(ruth, "digest-risk")

        # Everything leads to its item: what is behind a number, and the one thing to do.
        risk.get_by_role("button", name="Show", exact=True).first.click()
        behind = ruth.get_by_role("dialog")
        expect(behind).to_contain_text("Draft replies to routine customer e-mails")
        picture(ruth, "digest-behind-a-number")
        ruth.keyboard.press("Escape")
        risk.get_by_role("button", name="See the waiver").click()
        shown = ruth.get_by_role("log").get_by_role("article").filter(has_text="Only visible to you").last
        expect(shown).to_contain_text("two slow days in accounts payable are mine to explain")
        picture(ruth, "digest-its-waiver")

        # Adoption and value stand beside it, once each.
        adoption = post(ruth, "AI adoption · week")
        expect(adoption).to_contain_text("Repeat use")
        expect(adoption).to_contain_text("target 70%")
        expect(post(ruth, "AI value · week")).to_contain_text("Benefit")
        picture(ruth, "digest-adoption")

        # Each function's channel gets its own.
        mo = open_window(f"{demo.url}/?as=U0MO&channel=C0CUSTOMERSERVICE", height=1200)
        expect(post(mo, "AI this week · week")).to_contain_text("Customer service")
        picture(mo, "digest-function")

        # An executive asks for it any time, in words; nobody else sees that.
        own = open_window(f"{demo.url}/?as=U0RUTH", height=1700)
        says(own, "send me the executive digest")
        preview = own.get_by_role("log").get_by_role("article").filter(has_text="AI for executives")
        expect(preview.last).to_be_visible(timeout=_LONG)
        picture(own, "digest-preview")

    # The bot starts again: what was posted this week is not posted again.
    with Demo(tmp_path) as demo:
        again = open_window(f"{demo.url}/?as=U0RUTH&channel=C0AILEADERSHIP", height=1700)
        expect(post(again, "AI risk · week")).to_be_visible()
        again.wait_for_timeout(6000)
        expect(post(again, "AI risk · week")).to_have_count(1)
