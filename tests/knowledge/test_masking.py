"""Personal data is taken out before anything is sent, and put back letter for letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.masking import Masker

PEOPLE = ("Ada Byron", "Lee Chen", "Zoë O’Neil", "Jo Li")


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("write to ada.byron+ai@corp.example.com today", "write to [EMAIL_1] today"),
        ("ring +41 44 668 18 00", "ring [PHONE_1]"),
        ("ring (555) 010-1234 or 044 668 18 00.", "ring [PHONE_1] or [PHONE_2]."),
        ("pay to CH93 0076 2011 6238 5295 7 now", "pay to [IBAN_1] now"),
        ("pay to DE89370400440532013000", "pay to [IBAN_1]"),
        ("card 4111 1111 1111 1111 expires", "card [CARD_1] expires"),
        ("AHV 756.9217.0769.85", "AHV [ID_1]"),
        ("SSN 123-45-6789", "SSN [ID_1]"),
        ("NINO AB 12 34 56 C", "NINO [ID_1]"),
        ("SIN 130 692 544", "SIN [ID_1]"),
        ("ask <@U0LEE> or @lee.chen", "ask [PERSON_1] or [PERSON_2]"),
        ("Ada Byron and ada  byron and Byron", "[PERSON_1] and [PERSON_2] and [PERSON_3]"),
        ("Zoë O’Neil said", "[PERSON_1] said"),
        ("Ada Byron. Again: Ada Byron", "[PERSON_1]. Again: [PERSON_1]"),
    ],
)
def test_it_is_hidden_and_comes_back(said: str, hidden: str) -> None:
    masker = Masker(PEOPLE)
    assert masker.hide(said) == hidden
    assert masker.restore(hidden) == said


@pytest.mark.parametrize(
    "said",
    [
        "due on 2027-03-15, version 1.4.2, tier 3",
        "1,000,000 calls at 0.0123 each, 2026-11-21 10:30",
        "card 4111 1111 1111 1112 has a wrong digit",
        "the chen of chens, jo and li, adamant byronic",
        "UC-0042 and ISO/IEC 42001:2023, article 6(2)",
        "30 minutes, 90 days, 5 per cent",
    ],
)
def test_what_is_no_personal_data_stays(said: str) -> None:
    assert Masker(PEOPLE).hide(said) == said


def test_switched_off_nothing_is_hidden() -> None:
    assert Masker(PEOPLE, on=False).hide("Ada Byron, ada@corp.example") == "Ada Byron, ada@corp.example"


def test_a_placeholder_that_stands_in_a_text_is_given_to_nobody() -> None:
    masker = Masker(PEOPLE)
    said = "[PERSON_1] is literal, Ada Byron is not"
    assert masker.hide(said) == "[TEXT_1] is literal, [PERSON_1] is not"
    assert masker.restore(masker.hide(said)) == said


PIECES = [
    "Ada Byron",
    "Lee",
    "a@b.example",
    "+41 44 668 18 00",
    "[PERSON_1]",
    "[EMAIL_2]",
    " ",
    "stop",
    "<@U1>",
    "\n",
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join), min_size=1, max_size=3))
def test_whatever_is_hidden_comes_back_letter_for_letter(texts: list[str]) -> None:
    masker = Masker(PEOPLE)
    hidden = [masker.hide(text) for text in texts]
    assert not [h for h in hidden if "Ada" in h or "668" in h or "@" in h]
    assert masker.restore(hidden[-1]) == texts[-1]


def test_everybody_in_a_directory_of_thousands_is_found() -> None:
    many = Masker([f"Given{n} Family{n}" for n in range(5000)])
    assert many.hide("Given7 Family7 asked Family4999, not Given5000.") == (
        "[PERSON_1] asked [PERSON_2], not Given5000."
    )
