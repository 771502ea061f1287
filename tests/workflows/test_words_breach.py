"""Words that say that data is broken are heard as such, and others are left alone."""

from __future__ import annotations

import pytest

from workflows.words.breach import Broken, read_breach, speaks_of_trouble

KNOWN = [("DC-0001", "Claims feed"), ("DC-0002", "Claims feed archive"), ("DC-0003", "Broker list")]


@pytest.mark.parametrize(
    ("said", "contract", "kind"),
    [
        ("the claims feed is late again", "DC-0001", "late"),
        ("Claims feed hasn't arrived yet!", "DC-0001", "late"),
        ("half of the broker list is missing since Monday", "DC-0003", "incomplete"),
        ("there are wrong values in the claims feed archive", "DC-0002", "errors"),
        ("the broker list is broken", "DC-0003", "form"),
        ("report a breach", "", ""),
        ("please report a data breach of the broker list", "DC-0003", ""),
    ],
)
def test_a_statement_that_names_the_data_and_the_trouble_is_a_report(
    said: str, contract: str, kind: str
) -> None:
    assert speaks_of_trouble(said)
    assert read_breach(said, KNOWN) == Broken(contract, kind)


@pytest.mark.parametrize(
    "said",
    [
        "is the claims feed late?",
        "what do i do when the claims feed is late",
        "the claims feed is a table of claims",
        "we lose hours on missing values, an assistant would help",
        "the train was late",
        "",
        "the claims feed is late " + "and so on " * 60,
    ],
)
def test_questions_ideas_and_talk_of_other_things_are_not(said: str) -> None:
    assert read_breach(said, KNOWN) is None
