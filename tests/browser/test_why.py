"""In a real browser: why a question is asked, with the passage behind it, and on with the intake.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.clock import utc_now
from knowledge.syncing import Source, sync
from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread, writes
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office
from tests.scenarios.talking import IDEA

pytestmark = pytest.mark.browser
PLAYBOOK = Path(__file__).parents[2] / "program" / "playbook"


def test_why_this_shows_the_passage_and_the_intake_goes_on(
    office: Office,  # noqa: F811
    open_window: OpenWindow,
    tmp_path: Path,
) -> None:
    name = "intake-and-outcomes.md"
    (tmp_path / name).write_text((PLAYBOOK / name).read_text(encoding="utf-8"), encoding="utf-8")
    service = office.bot.service
    assert service.wait_for_model(30)
    sync(service.store, Source("playbook", tmp_path), service.embedder, utc_now)
    dana = open_window(f"{office.url}/?as=U0DANA", height=1000)
    dana.get_by_role("textbox", name="Message Preflight").click()
    dana.keyboard.insert_text(IDEA)
    dana.keyboard.press("Enter")
    expect(thread(dana)).to_contain_text("What should get measurably better?")
    last(dana).get_by_role("button", name="Why this?").click()
    expect(last(dana)).to_contain_text("nobody can tell a success from a nice try")
    expect(last(dana)).to_contain_text("From the playbook:")
    expect(last(dana)).to_contain_text("to be reviewed by 1 February 2027")
    picture(dana, "why-this")
    last(dana).get_by_role("button", name="Read on").click()
    expect(dana.get_by_role("dialog")).to_contain_text("One number is enough, and two are the limit.")
    picture(dana, "why-section")
    dana.keyboard.press("Escape")
    expect(dana.get_by_role("dialog")).to_have_count(0)
    writes(dana, "after call work, 9 min now, 5 would be great, by end of june")
    expect(thread(dana)).to_contain_text("9 → 5 minutes")
