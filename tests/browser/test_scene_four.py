"""Scene 4 in a real browser: ready, or not; each gap with its button, the card always as things stand.

With ``PREFLIGHT_PICTURES`` set to a folder, a picture is kept of each screen that matters.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.answers import MEDIUM
from tests.browser.conftest import OpenWindow
from tests.browser.test_scenes import last, picture, thread, writes
from tests.scenarios.conftest import office  # noqa: F401 - the fixture
from tests.scenarios.gates import approved, put
from tests.scenarios.office import Office

pytestmark = pytest.mark.browser
TITLE = "Summarise claims calls"
NAMED = {"metric_owner": "U0MO", "stop_authority": "U0LEE"}


def test_scene_four_in_a_browser(office: Office, open_window: OpenWindow) -> None:  # noqa: F811
    approved(office, TITLE, {**MEDIUM, **NAMED})
    put(
        office,
        TITLE,
        "pilot",
        {
            "id": "production_readiness",
            "without": ("fallbacks", "monitoring"),
            "handed_to": {"monitoring": "U0LEE"},
        },
        {"id": "promotion", "met": ("outcome_moved", "cost_known", "evaluation_passed")},
        {"id": "gate_questions"},
    )
    dana = open_window(f"{office.url}/?as=U0DANA", height=1000)
    dana.get_by_role("textbox", name="Message Preflight").click()
    dana.keyboard.insert_text("are we ready for production?")
    dana.keyboard.press("Enter")
    card = thread(dana)
    expect(card).to_contain_text("Not yet: 5 of 7. Fallbacks needs evidence")
    expect(card).to_contain_text("Monitoring waits for Lee")
    expect(card).to_contain_text("And there is no risk owner.")
    picture(dana, "readiness-not-yet")

    card.get_by_role("button", name="Name a risk owner").click()
    dialog = dana.get_by_role("dialog")
    expect(dialog).to_contain_text("Who owns the risk")
    picture(dana, "readiness-owner")
    dana.keyboard.press("Escape")

    card.get_by_role("button", name="All items").click()
    expect(dialog).to_contain_text("All items")
    expect(dialog).to_contain_text("Needs evidence")
    picture(dana, "readiness-items")
    dana.keyboard.press("Escape")

    card.get_by_role("button", name="Add evidence: Fallbacks").click()
    expect(dialog).to_contain_text("when it is down")
    picture(dana, "readiness-evidence")
    dana.keyboard.press("Escape")

    writes(dana, f"promote {TITLE}")
    expect(last(dana)).to_contain_text("Business value")
    expect(last(dana)).to_contain_text("Organisational readiness has no evidence")
    picture(dana, "readiness-promotion")

    writes(dana, f"pause {TITLE}")
    last(dana).get_by_role("button", name="Move it").click()
    expect(dialog).to_contain_text("Everyone named in it will be told")
    picture(dana, "readiness-move")
