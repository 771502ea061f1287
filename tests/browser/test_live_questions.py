"""Questions about what is so, in a real browser: names under the rule, which one is meant, who may read more.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.clock import utc_now
from knowledge.syncing import Source, sync
from tests.answers import HIGH, MEDIUM
from tests.browser.conftest import OpenWindow
from tests.browser.test_scene_five import PLAYBOOK
from tests.browser.test_scenes import last, picture, thread, writes
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.deciding import submits
from tests.scenarios.office import Office

pytestmark = pytest.mark.browser
CALLS = {**HIGH, "harm": "inconvenience", "autonomy": "act_with_approval", "risk_owner": "U0INES"}


def test_what_is_so_in_a_browser(office: Office, open_window: OpenWindow, tmp_path: Path) -> None:  # noqa: F811
    shutil.copy(PLAYBOOK / "decision-rights.md", tmp_path / "decision-rights.md")
    service = office.bot.service
    assert service.wait_for_model(30)
    sync(service.store, Source("playbook", tmp_path), service.embedder, utc_now)
    submits(office, "Summarise claims calls", CALLS, by="mo")
    for title in ("Sort supplier letters", "Sort supplier invoices"):
        submits(office, title, MEDIUM, by="paul")
    mo = open_window(f"{office.url}/?as=U0MO", height=1000)
    mo.get_by_role("textbox", name="Message Preflight").click()
    mo.keyboard.insert_text("who can stop a release?")
    mo.keyboard.press("Enter")
    expect(thread(mo)).to_contain_text("For Summarise claims calls that is Ines Moreau (risk owner)")
    picture(mo, "live-right")
    writes(mo, "who decides on Summarise claims calls and until when?")
    expect(last(mo)).to_contain_text("is not decided yet")
    expect(last(mo).get_by_role("button", name="Open")).to_be_visible()
    picture(mo, "live-deciders")
    writes(mo, "what tier is it and why?")
    expect(last(mo)).to_contain_text("It rests on")
    picture(mo, "live-tier")
    writes(mo, "what is the status of sort supplier?")
    expect(last(mo)).to_contain_text("Which one do you mean?")
    picture(mo, "live-which")
    last(mo).get_by_role("button", name="Sort supplier letters").click()
    expect(last(mo)).to_contain_text("More is in the record")
    picture(mo, "live-outline")
    writes(mo, "which use cases are in review?")
    expect(last(mo)).to_contain_text("Use cases (in review): 3")
    picture(mo, "live-list")
