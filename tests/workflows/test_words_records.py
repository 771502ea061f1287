from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from workflows.words.records import Wanted, read_wanted


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("give me the record of UC-0042", "UC-0042"),
        ("Can you send me the governance record of Claims notes, please?", "Claims notes"),
        ("I'd like to have the record for Claims notes as a PDF", "Claims notes"),
        ("the record of Claims notes", "Claims notes"),
        ("export the full record of UC-0042 as markdown", "UC-0042"),
        ("could i get the record please", ""),
        ("send me the record as pdf", ""),
    ],
)
def test_words_that_ask_for_a_record(text: str, about: str) -> None:
    assert read_wanted(text) == Wanted("record", about)


@pytest.mark.parametrize(
    "text",
    [
        "my data please",
        "give me my data",
        "Can I have all my personal data?",
        "everything you know about me",
        "what do you know about me?",
        "what data do you keep on me",
        "export the data you have about me",
    ],
)
def test_words_that_ask_for_ones_own_data(text: str) -> None:
    assert read_wanted(text) == Wanted("own_data")


@pytest.mark.parametrize(
    "text",
    [
        "how long do we keep the record of a use case?",
        "who may read the record of a use case?",
        "where is the record kept",
        "records",
        "my data owner is Elena",
        "we keep records of phone calls and want AI to sort them",
        "what data do you need for a chatbot?",
        "my data is in a warehouse and I want to sort it with AI",
        "delete my draft",
        "record a meeting with AI",
        "",
    ],
)
def test_words_that_ask_for_no_document(text: str) -> None:
    assert read_wanted(text) is None


@given(st.text(max_size=400))
@settings(max_examples=examples(200), deadline=1000)
def test_any_words_at_all_are_read(text: str) -> None:
    found = read_wanted(text)
    assert found is None or found.document in ("record", "own_data")
