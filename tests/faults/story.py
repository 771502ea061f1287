"""What people write in the fault runs: ideas that a use case starts from, each with a number of its own."""

from __future__ import annotations

_IDEAS = (
    "We spend hours on summaries of claims calls, could AI draft them?",
    "Brokers wait two days for answers that are in our product manual, could AI find them?",
    "We want to use AI to sort the customer inbox by topic",
    "Could AI check invoices against orders before finance pays them?",
    "I would like AI to translate our renewal letters into plain language",
)


def idea(number: int) -> str:
    """The first sentence of conversation ``number``; no two are the same."""
    return f"{_IDEAS[number % len(_IDEAS)]} This is idea {number:05d}."
