"""What a person wants who writes to the bot out of the blue."""

from __future__ import annotations

import pytest

from workflows.words.opening import opening

SAID = {
    "idea": [
        "we spend ages writing summaries of claims calls, could AI do that? maybe 40 agents, 300 calls a day",
        "Can we use ChatGPT for customer emails?",
        "Could a model sort incoming post?",
        "the underwriting team reads 200 broker emails a day by hand",
        "my idea: flag duplicate invoices before they are paid",
        "It would be great if something drafted the renewal letters",
        "Draft replies to simple customer letters",
    ],
    "question": [
        "who can stop a release?",
        "and how fast does a rollback have to be",
        "what is the fine under the EU AI Act if we get this wrong",
        "is chatgpt allowed?",
        "what counts as personal data?",
        "does a recording count as personal data?",
    ],
    "where": [
        "where is my use case?",
        "Where's my idea",
        "status",
        "UC-0003",
        "any news on my idea?",
        "what happened to uc-0004",
        "has my idea been approved?",
        "is it approved yet",
    ],
    "desk": [
        "what is waiting for me?",
        "anything for me to approve?",
        "my approvals",
        "do I have any pending decisions",
    ],
    "new": [
        "new use case",
        "I have an idea",
        "i'd like to submit a use case",
        "how do I submit a use case",
        "new",
    ],
    "help": ["help", "what can you do?", "hi, how does this work?", "who are you"],
    "greeting": ["hi", "hello there!", "Good morning", "hey preflight"],
    "thanks": ["thanks!", "thank you", "great, thanks"],
    "drafts": ["drafts", "show my drafts", "my drafts"],
    "nothing": [":wave:", "   ", "👍👍", "..."],
}


@pytest.mark.parametrize(("wanted", "text"), [(w, t) for w, texts in SAID.items() for t in texts])
def test_the_first_words_are_understood(wanted: str, text: str) -> None:
    assert opening(text) == wanted


def test_forty_thousand_characters_are_read_without_trouble() -> None:
    assert opening("we copy invoices by hand " * 1700) == "idea"
