"""Scene 5 in a real browser: a question, one that goes on from it, a champion, and the playbook grown by it.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.clock import utc_now
from knowledge.syncing import Source, sync
from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread, writes
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office

pytestmark = pytest.mark.browser
PLAYBOOK = Path(__file__).parents[2] / "program" / "playbook"
PAGES = ("decision-rights.md", "rollback-and-stop-ship.md", "jurisdictions.md", "releases.md")


def test_scene_five_in_a_browser(office: Office, open_window: OpenWindow, tmp_path: Path) -> None:  # noqa: F811
    for name in PAGES:
        shutil.copy(PLAYBOOK / name, tmp_path / name)
    service = office.bot.service
    assert service.wait_for_model(30)
    sync(service.store, Source("playbook", tmp_path), service.embedder, utc_now)
    mo = open_window(f"{office.url}/?as=U0MO", height=1000)
    mo.get_by_role("textbox", name="Message Preflight").click()
    mo.keyboard.insert_text("who can stop a release?")
    mo.keyboard.press("Enter")
    expect(thread(mo)).to_contain_text("The playbook says:")
    expect(last(mo)).to_contain_text("to be reviewed by")
    picture(mo, "playbook-answer")
    thread(mo).get_by_role("button", name="Helpful", exact=True).click()
    expect(thread(mo)).to_contain_text("Thank you, that helps.")
    thread(mo).get_by_role("button", name="Read on [1]").click()
    expect(mo.get_by_role("dialog")).to_contain_text("The playbook")
    picture(mo, "playbook-section")
    mo.keyboard.press("Escape")
    writes(mo, "and how fast does a rollback have to be")
    expect(last(mo)).to_contain_text("How fast")
    picture(mo, "playbook-follow-up")
    writes(mo, "what does the canteen cook if we get this wrong?")
    expect(last(mo)).to_contain_text("I could not find")
    picture(mo, "playbook-nothing")
    last(mo).get_by_role("button", name="Ask ").click()
    expect(thread(mo)).to_contain_text("The answer comes into this conversation")
    picture(mo, "playbook-asked")
    with service.store.read() as reading:
        to = str(reading.consultation("Q-0003").referrals[-1].to)
    champion = open_window(f"{office.url}/?as={to}", height=1000)
    expect(champion.get_by_role("log")).to_contain_text("asks something that the playbook does not answer")
    picture(champion, "champion-card")
    champion.get_by_role("button", name="Answer", exact=True).click()
    dialog = champion.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Pancakes, by tradition. See the notice at the door.")
    picture(champion, "champion-form")
    dialog.get_by_role("button", name="Send").click()
    expect(thread(mo)).to_contain_text("Pancakes, by tradition")
    picture(mo, "champion-answer")
    sam = open_window(f"{office.url}/?as=U0SAM", height=1000)
    sam.get_by_role("button", name="Add…").click()
    expect(sam.get_by_role("dialog")).to_contain_text("Who may read it?")
    picture(sam, "promotion-form")
    sam.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(sam.get_by_role("log")).to_contain_text("added this to the playbook")
    picture(sam, "promotion-card")
    expect(thread(mo)).to_contain_text("since taken into the playbook")
    writes(mo, "which shampoo is best for poodles?")
    expect(last(mo)).to_contain_text("I could not find")
    office.bot.pass_time(days=8)
    expect(sam.get_by_role("log")).to_contain_text("What the playbook lacked")
    expect(sam.get_by_role("log")).to_contain_text("which shampoo is best for poodles?")
    picture(sam, "gaps")
