"""An assessment and an evaluation in a real browser: started in words, their results on one page each.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.clock import utc_now
from knowledge.syncing import Source, sync
from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread
from tests.scenarios.assessing import in_stage, walks_through
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.office import Office
from tests.scenarios.test_assessments import DANAS_PILOT
from tests.scenarios.test_evaluation import WHOLE

pytestmark = pytest.mark.browser
PLAYBOOK = Path(__file__).parents[2] / "program" / "playbook"


def test_an_assessment_ends_in_one_page_and_an_evaluation_in_a_table(
    office: Office,  # noqa: F811
    open_window: OpenWindow,
    tmp_path: Path,
) -> None:
    service = office.bot.service
    assert service.wait_for_model(30)
    name = "data-contracts.md"
    (tmp_path / name).write_text((PLAYBOOK / name).read_text(encoding="utf-8"), encoding="utf-8")
    sync(service.store, Source("playbook", tmp_path), service.embedder, utc_now)
    use_case = in_stage(office, "Claims notes")
    dana = office.person("dana").says("let's do the pilot diagnosis for Claims notes")
    dana.reads("How does the data get into the system today?")
    walks_through(dana, "pilot_diagnosis", DANAS_PILOT, use_case.id)
    window = open_window(f"{office.url}/?as=U0DANA&thread={dana.thread}", height=1500)
    if not thread(window).is_visible():
        window.get_by_role("log").first.get_by_text("repl").last.click()
    page = last(window)
    expect(page).to_contain_text("Pilot diagnosis")
    expect(page).to_contain_text("What to do next")
    picture(window, "result-pilot-diagnosis")
    page.get_by_role("button", name="Read about data contracts").click()
    expect(window.get_by_role("dialog")).to_contain_text("The playbook")
    picture(window, "result-page-behind")
    window.keyboard.press("Escape")
    page.get_by_role("button", name="All answers").click()
    expect(window.get_by_role("dialog")).to_contain_text("How the data arrives")
    picture(window, "result-answers")
    window.keyboard.press("Escape")

    again = office.person("dana").says(
        f"evaluation of Claims notes, version 1.4.2: {WHOLE.replace('12 of 12', '10 of 12')}, nothing harmful"
    )
    again.reads("Version 1.4.2 does not pass yet")
    table = open_window(f"{office.url}/?as=U0DANA&thread={again.thread}", height=1100)
    if not thread(table).is_visible():
        table.get_by_role("log").first.get_by_text("repl").last.click()
    expect(last(table)).to_contain_text("10 of 12")
    picture(table, "result-evaluation")

    again.commands("assess", channel="#general")
    listed = open_window(f"{office.url}/?as=U0DANA&channel=%23general", height=1300)
    expect(listed.get_by_role("log").first).to_contain_text("Baseline audit")
    picture(listed, "assess-list")
