"""Questions about which version runs are told from those about what a version is."""

from __future__ import annotations

import pytest

from tests.program.office import PROGRAM
from workflows.live_questions import read_live
from workflows.words.known_titles import Known

TITLES = (Known("UC-0001", "Wrap up customer chats"), Known("UC-0002", "Sort incoming letters"))


@pytest.mark.parametrize(
    "asked",
    [
        "which version of Wrap up customer chats is live?",
        "what version of wrap up customer chats is in use right now",
        "which release is running for UC-0001?",
        "what is the current version of wrap up customer chats?",
        "which version does wrap up customer chats run?",
    ],
)
def test_which_version_runs_is_answered_from_the_records(asked: str) -> None:
    found = read_live(asked, PROGRAM, TITLES)
    assert found is not None
    assert (found.kind, found.use_case) == ("version", "UC-0001")


@pytest.mark.parametrize(
    "asked", ["which version is live?", "what version are we running?", "which release is in use now?"]
)
def test_without_a_name_it_is_asked_of_one_s_own(asked: str) -> None:
    found = read_live(asked, PROGRAM, TITLES)
    assert found is not None
    assert (found.kind, found.mine, found.use_case) == ("version", True, None)


@pytest.mark.parametrize(
    "asked",
    [
        "what makes up a version",
        "when do I bump the version number",
        "is a changed prompt a new version",
        "how many users get the new version first",
        "which changes need a new version",
        "who signs off a new version",
        "can we just use the latest model alias",
    ],
)
def test_what_a_version_is_stays_a_question_to_the_playbook(asked: str) -> None:
    found = read_live(asked, PROGRAM, TITLES)
    assert found is None or found.kind != "version"
