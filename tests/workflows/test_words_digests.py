"""Words about digests, and words that are about something else."""

from __future__ import annotations

import pytest

from workflows.words.digests import Wish, read_wish
from workflows.words.zones import is_zone, read_zone

TITLES = {
    "adoption": "AI adoption",
    "risk": "AI risk",
    "functions": "AI this week",
    "executive": "AI for executives",
}
FUNCTIONS = {
    "claims": ("Claims", "claims"),
    "hr": ("People and HR", "hr"),
    "service": ("Customer service", "service"),
}


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("digests", Wish("list")),
        ("Show me my digests", Wish("list")),
        ("which digests are there?", Wish("list")),
        ("list the digests please", Wish("list")),
        ("what digests do I get?", Wish("list")),
        ("send me the adoption digest", Wish("preview", "adoption")),
        ("Could you show me the AI risk digest?", Wish("preview", "risk")),
        ("the risk digest", Wish("preview", "risk")),
        ("this week's adoption digest please", Wish("preview", "adoption")),
        ("send me the risk digest every week", Wish("subscribe", "risk")),
        ("subscribe me to the AI adoption digest", Wish("subscribe", "adoption")),
        ("pause the risk digest", Wish("pause", "risk")),
        ("please pause the AI this week digest for claims", Wish("pause", "functions", "claims")),
        ("resume the risk digest", Wish("resume", "risk")),
        ("stop the risk digest", Wish("end", "risk")),
        ("unsubscribe me from the adoption digest", Wish("end", "adoption")),
        ("change the time of the risk digest", Wish("time", "risk")),
        ("post the risk digest now", Wish("now", "risk")),
        ("pause my digests", Wish("pause")),
    ],
)
def test_what_is_wanted_is_read(said: str, wish: Wish) -> None:
    assert read_wish(said, TITLES, FUNCTIONS) == wish


@pytest.mark.parametrize(
    "said",
    [
        "what is in the risk digest?",
        "who writes the adoption digest?",
        "We want an assistant that writes a digest of every claims call for the team leader each week",
        "risk",
        "pause",
        "I cannot digest the risk register",
        "the digest of the message does not match",
    ],
)
def test_what_is_about_something_else_is_left_alone(said: str) -> None:
    assert read_wish(said, TITLES, FUNCTIONS) is None


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("", Wish("list")),
        ("list", Wish("list")),
        ("risk", Wish("preview", "risk")),
        ("pause risk", Wish("pause", "risk")),
        ("AI adoption", Wish("preview", "adoption")),
        ("send me adoption every week", Wish("subscribe", "adoption")),
    ],
)
def test_after_the_command_the_word_itself_may_be_missing(said: str, wish: Wish) -> None:
    assert read_wish(said, TITLES, FUNCTIONS, sure=True) == wish


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("london", "Europe/London"),
        ("New York", "America/New_York"),
        ("new york time", "America/New_York"),
        ("utc", "UTC"),
        ("Mars/Olympus", ""),
        ("", ""),
    ],
)
def test_a_zone_is_named_as_people_do(said: str, zone: str) -> None:
    assert read_zone(said) == zone
    assert not zone or is_zone(zone)
    assert not is_zone("europe/london")
