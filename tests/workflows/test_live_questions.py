"""Questions about what is so, told from questions about rules, and the use case that they name."""

from __future__ import annotations

import pytest

from tests.program.office import PROGRAM
from workflows.ids import UseCaseId
from workflows.live_questions import LiveQuestion, read_live
from workflows.words.known_titles import Known, fitting, stem

TITLES = [
    Known("UC-0001", "Summarise claims calls"),
    Known("UC-0002", "Draft unit tests for internal services"),
    Known("UC-0003", "Sort supplier invoices"),
    Known("UC-0004", "Sort supplier letters"),
    Known("UC-0005", "Customer data quality check"),
]


def read(text: str, pointed: str = "", before: LiveQuestion | None = None) -> LiveQuestion | None:
    return read_live(text, PROGRAM, TITLES, UseCaseId(pointed) if pointed else None, before)


@pytest.mark.parametrize(
    ("text", "kind", "use_case"),
    [
        ("who can stop Summarise claims calls?", "right", "UC-0001"),
        ("who may halt the claim call sumaries", "right", "UC-0001"),
        ("who approves a model change for draft unit tests?", "right", "UC-0002"),
        ("Who is the technical owner of UC-2", "owner", "UC-0002"),
        ("where is Summarise claims calls", "where", "UC-0001"),
        ("what tier is *Sort supplier letters* and why?", "tier", "UC-0004"),
        ("was the unit test one approved, and with which conditions?", "decision", "UC-0002"),
        ("who decides on Sort supplier invoices and until when?", "deciders", "UC-0003"),
        ("uc-0003", "where", "UC-0003"),
    ],
)
def test_a_question_about_one_use_case_is_read(text: str, kind: str, use_case: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.kind, found.use_case) == (kind, use_case)


@pytest.mark.parametrize(
    "text",
    [
        "who approves high risk use cases?",
        "who owns the customer data?",
        "what happens when an approver does not answer?",
        "who signs off a waiver?",
        "where is the glossary?",
        "which use cases need a data protection impact screening?",
        "how many approvers does a high risk case need?",
        "and how many of them are there?",
        "is a chatbot high risk?",
        "what counts as personal data?",
        "when is a system retired?",
        "who has to be told about an incident?",
    ],
)
def test_a_question_about_the_rules_is_left_to_the_playbook(text: str) -> None:
    assert read(text) is None


def test_a_general_question_about_a_right_is_about_ones_own() -> None:
    found = read("who can stop a release?")
    assert found is not None
    assert (found.right, found.mine, found.use_case) == ("stop", True, None)


def test_what_it_points_at_is_the_thread() -> None:
    found = read("and who can stop it?", pointed="UC-0003")
    assert found is not None
    assert found.use_case == "UC-0003"


def test_the_same_is_asked_of_another_one() -> None:
    before = read("who owns Summarise claims calls?")
    found = read("and Draft unit tests?", before=before)
    assert found is not None
    assert (found.kind, found.use_case) == ("owner", "UC-0002")
    assert read("and for high risk?", before=before) is None


def test_where_two_names_fit_both_are_offered() -> None:
    found = read("what is the status of sort supplier?")
    assert found is not None
    assert not found.settled
    assert set(found.offered) == {"UC-0003", "UC-0004"}


def test_an_unknown_name_is_kept_as_it_was_said() -> None:
    found = read('where is "Bake bread at noon"?')
    assert found is not None
    assert (found.named, found.offered, found.use_case) == ("Bake bread at noon", (), None)
    assert (read("where is UC-0099?") or found).named == "UC-0099"


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("which use cases are in pilot?", "list", {"stages": ("pilot",)}),
        ("which use cases are high risk?", "list", {"tiers": ("high",), "function": ""}),
        ("how many use cases are in production", "count", {"stages": ("production",)}),
        ("what's stuck?", "list", {"late": True}),
        ("show me all use cases from claims", "list", {"function": "claims"}),
        ("what is waiting for me?", "desk", {"mine": True}),
    ],
)
def test_several_are_asked_for_by_what_they_have_in_common(
    text: str, kind: str, part: dict[str, object]
) -> None:
    found = read(text)
    assert found is not None
    assert found.kind == kind
    assert {k: getattr(found, k) for k in part} == part


def test_words_of_a_name_are_known_by_their_stems_and_through_slips() -> None:
    assert stem("summaries") == stem("summarise") == stem("summary")
    assert fitting(["suplier", "letter"], TITLES)[0].known.id == "UC-0004"
    assert fitting(["bread"], TITLES) == []
