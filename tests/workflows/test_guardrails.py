"""Limits are read from the words of an intake, and numbers are held against them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sizes import examples
from workflows.figures.guardrails import crossed, edge_of, in_words, read_limit

READ = {
    "Wrong summaries above 5%: switch it off": ("Wrong summaries", "above 5%"),
    "drafts dropped unread above 40 percent": ("drafts dropped unread", "above 40%"),
    "complaints up by 10%": ("complaints", "up by more than 10%"),
    "Complaints up by 10%: go back to manual replies": ("Complaints", "up by more than 10%"),
    "no more than 3 a week": ("", "above 3"),
    "answer under 2 seconds": ("answer", "above 2 seconds"),
    "CSAT drops below 4.2": ("CSAT", "below 4.2"),
    "Satisfaction under 4": ("Satisfaction", "below 4"),
    "accuracy above 95%": ("accuracy", "below 95%"),
    "accuracy at least 95 %": ("accuracy", "below 95%"),
    "People who ask for a human above 20%: offer one at once": ("People who ask for a human", "above 20%"),
    "wrong answers more than 1 in 20": ("wrong answers", "above 5%"),
    "one in fifty summaries wrong": ("summaries wrong", "above 2%"),
    "any leak of personal data": ("leak of personal data", "above 0"),
    "zero policy violations": ("policy violations", "above 0"),
    "complaints double": ("complaints", "up by more than 100%"),
    "more than 3 complaints in 30 days": ("complaints in 30 days", "above 3"),
    "p95 above 2.5 s": ("", "above 2.5 seconds"),
    "Cost per task over €0.40": ("Cost per task", "above 0.4 EUR"),
    "cost above $ 500 a week": ("cost", "above 500 USD"),
    "response time within 3 seconds": ("response time", "above 3 seconds"),
    "error rate <= 2%": ("error rate", "above 2%"),
    "error rate > 2 %": ("error rate", "above 2%"),
    "error rate below 2%": ("error rate", "above 2%"),
    "escalations rise by more than 15%": ("escalations", "up by more than 15%"),
    "+10% complaints": ("complaints", "up by more than 10%"),
    "10% more complaints": ("more complaints", "up by more than 10%"),
    "Average handling time goes above 9 minutes": ("Average handling time", "above 9 minutes"),
    "CSAT < 4": ("CSAT", "below 4"),
    "satisfaction falls by 10%": ("satisfaction", "down by more than 10%"),
    "less than 80% of drafts used": ("drafts used", "below 80%"),
    "5% wrong": ("wrong", "above 5%"),
    "if wrong summaries exceed 5%, switch it off": ("wrong summaries", "above 5%"),
    "max 2 wrong payouts per month": ("wrong payouts", "above 2"),
    "NPS not below 30": ("NPS", "below 30"),
    "overrides above 0,5 %": ("overrides", "above 0.5%"),
    "complaints rise to 2%": ("complaints", "above 2%"),
}


@pytest.mark.parametrize("words", READ)
def test_a_limit_is_read_as_it_is_meant(words: str) -> None:
    limit = read_limit(words)
    assert limit is not None
    assert (limit.metric, in_words(limit)) == READ[words]


@pytest.mark.parametrize("words", ["trust", "complaints", "when people complain", "", "quality: stop it"])
def test_words_without_a_limit_name_none(words: str) -> None:
    assert read_limit(words) is None


@pytest.mark.parametrize(
    ("words", "value", "start", "over"),
    [
        ("wrong above 5%", 5.0, None, False),
        ("wrong above 5%", 5.1, None, True),
        ("CSAT drops below 4.2", 4.2, None, False),
        ("CSAT drops below 4.2", 4.1, None, True),
        ("answer under 2 seconds", 2.4, None, True),
        ("complaints up by 10%", 43.0, 40.0, False),
        ("complaints up by 10%", 45.0, 40.0, True),
        ("complaints up by 10%", 45.0, None, None),
        ("satisfaction falls by 10%", 3.5, 4.0, True),
    ],
)
def test_a_number_crosses_its_limit_or_not(
    words: str, value: float, start: float | None, over: bool | None
) -> None:
    limit = read_limit(words)
    assert limit is not None
    assert crossed(limit, value, start) is over


@given(text=st.text(max_size=400), value=st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=examples(200))
def test_whatever_is_written_there_nothing_breaks(text: str, value: float) -> None:
    limit = read_limit(text)
    if limit is not None:
        assert in_words(limit)
        assert crossed(limit, value, 1.0) is not None
        assert edge_of(limit, 1.0) is not None
