"""Words about gates and moves, told from questions about the rules and from everything else."""

from __future__ import annotations

import pytest

from tests.program.office import DANA, NOW, PROGRAM
from workflows.gate_questions import GateAsked, read_gate_question
from workflows.ids import UseCaseId
from workflows.use_case import UseCase
from workflows.words.known_titles import Known

TITLES = [
    Known("UC-0001", "Summarise claims calls"),
    Known("UC-0002", "Wrap up customer chats"),
    Known("UC-0003", "Sort incoming claims letters"),
]


def own(id: str = "UC-0001", stage: str = "pilot", before: str = "") -> UseCase:
    return UseCase(
        id=UseCaseId(id),
        title=next(k.title for k in TITLES if k.id == id),
        stage=stage,
        stage_before=before,
        submitter=DANA,
        program=PROGRAM.stamp,
        created_at=NOW,
    )


def read(text: str, *mine: UseCase, pointed: str = "") -> GateAsked | None:
    return read_gate_question(
        text, PROGRAM, TITLES, mine or (own(),), UseCaseId(pointed) if pointed else None
    )


@pytest.mark.parametrize(
    ("text", "kind", "gate", "use_case"),
    [
        ("are we ready for production?", "ready", "production", "UC-0001"),
        ("Are we ready to go live?", "ready", "production", "UC-0001"),
        ("is Summarise claims calls ready for the pilot", "ready", "pilot_start", "UC-0001"),
        ("is *Wrap up customer chats* ready?", "ready", "", "UC-0002"),
        ("what is missing for production of the customer chats?", "ready", "production", "UC-0002"),
        ("what's still missing before promotion of UC-0003?", "ready", "platform_candidate", "UC-0003"),
        ("how ready is summarise claims calls for production", "ready", "production", "UC-0001"),
        ("readiness of UC-0002", "ready", "", "UC-0002"),
        ("promote Summarise claims calls", "promote", "", "UC-0001"),
        ("please promote wrap up customer chats", "promote", "", "UC-0002"),
        ("are we ready?", "ready", "", "UC-0001"),
        ("what is missing?", "ready", "", "UC-0001"),
        ("What's still missing?", "ready", "", "UC-0001"),
    ],
)
def test_what_is_asked_of_a_gate(text: str, kind: str, gate: str, use_case: str) -> None:
    asked = read(text)
    assert asked is not None
    assert (asked.kind, asked.gate, asked.use_case) == (kind, gate, use_case)


@pytest.mark.parametrize(
    ("text", "kind", "to", "why"),
    [
        ("pause Summarise claims calls", "move", "paused", ""),
        (
            "pause summarise claims calls because the vendor changed the model",
            "move",
            "paused",
            "the vendor changed the model",
        ),
        ("put on hold UC-0001", "move", "paused", ""),
        ("retire Summarise claims calls", "move", "retired", ""),
        ("can you archive Summarise claims calls", "move", "archived", ""),
        ("start the pilot of Summarise claims calls", "move", "pilot", ""),
        ("resume Summarise claims calls", "back", "", ""),
    ],
)
def test_what_is_to_be_moved(text: str, kind: str, to: str, why: str) -> None:
    asked = read(text)
    assert asked is not None
    assert (asked.kind, asked.to, asked.use_case, asked.why) == (kind, to, "UC-0001", why)


@pytest.mark.parametrize(
    "text",
    [
        "what do we have to show before going live for everybody",
        "what are the seven parts of being ready for production",
        "can we go live without a risk owner?",
        "who may pause a use case?",
        "our pilot went well, what do we need for the next step",
        "could AI archive our old mails?",
        "we spend ages pausing for the system, could AI help?",
        "resume writing takes us hours",
        "archive our old mails with AI",
        "are you ready?",
        "is lunch ready?",
        "who can stop a release?",
        "start a pilot for reading invoices with AI",
        "thanks",
        "",
    ],
)
def test_what_is_about_the_rules_or_anything_else_is_left_alone(text: str) -> None:
    assert read(text) is None


def test_what_is_missing_is_a_question_like_any_other_for_those_who_have_nothing_under_way() -> None:
    asked = read("what is missing?", own(stage="retired"))
    assert asked is not None
    assert (asked.use_case, asked.offered) == (None, ())


def test_it_is_what_the_thread_is_about() -> None:
    asked = read("is it ready for production?", pointed="UC-0003")
    assert asked is not None
    assert asked.use_case == "UC-0003"


def test_of_several_of_ones_own_it_is_asked_which() -> None:
    asked = read("are we ready for production?", own(), own("UC-0003"))
    assert asked is not None
    assert (asked.use_case, set(asked.offered)) == (None, {"UC-0001", "UC-0003"})


def test_only_those_count_that_the_gate_lies_ahead_of() -> None:
    asked = read("are we ready for production?", own(), own("UC-0003", stage="production"))
    assert asked is not None
    assert asked.use_case == "UC-0001"
