"""The default intake as a person meets it: few questions where little can go wrong, more where more can."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.program.office import INTAKE, SUMMARIES, answers
from workflows.expressions import environment, holds
from workflows.questions import Question

FIRST = "we spend ages writing summaries of claims calls, could AI do that? maybe 40 agents, 300 calls a day"
LOW = {
    **SUMMARIES,
    "data_sensitivity": "internal",
    "personal_data": False,
    "affected": "nobody",
    "harm": "negligible",
}
RISKY: dict[str, Any] = {
    **SUMMARIES,
    "autonomy": "act_alone",
    "affected": "customers",
    "harm": "serious",
    "audience": "customer_facing",
    "decides_about_people": True,
    "build_or_buy": "buy",
}


def steps(given: dict[str, Any]) -> list[str]:
    """The steps that are asked in the end."""
    env = environment(INTAKE, answers(**given))
    return [s.id for s in INTAKE.steps if any(holds(q.when, env) and not q.quiet for q in s.questions)]


def hinted(text: str) -> dict[str, Any]:
    """What the hints of each question read in a text: the first that matches."""
    found: dict[str, Any] = {}
    for question in INTAKE.questions():
        for hint in question.hints:
            match = re.search(hint.pattern, text, re.IGNORECASE)
            if match and question.id not in found:
                read = match.groupdict().get("value") or match.group()
                found[question.id] = read if hint.value is None else hint.value
    return found


def test_a_harmless_internal_idea_is_asked_about_twelve_things() -> None:
    assert len(steps(LOW)) == 12


def test_drafts_from_personal_data_are_asked_one_thing_more() -> None:
    assert set(steps(SUMMARIES)) - set(steps(LOW)) == {"limits"}


def test_what_can_hurt_people_is_asked_for_guardrails_and_exclusions() -> None:
    more = set(steps(RISKY)) - set(steps(SUMMARIES))
    assert more == {"workflow", "north_star", "guardrail_1", "guardrail_2", "error_rate", "exclusions"}
    env = environment(INTAKE, answers(**RISKY))
    for question in ("vendor", "risk_owner", "metric_owner", "integrations", "jurisdictions"):
        assert holds(INTAKE.question(question).when, env)


def test_the_first_sentence_says_how_many_and_how_often() -> None:
    found = hinted(FIRST)
    assert found["users_expected"] == "40"
    assert found["volume"] == "300 calls a day"
    assert found["business_function"] == "claims"
    assert found["model_type"] == "generative"
    assert not {"data_sources", "personal_data", "audience_users", "autonomy", "harm"} & set(found)


@pytest.mark.parametrize(
    ("said", "question", "read"),
    [
        ("recordings and the claims system", "personal_data", True),
        ("recordings and the claims system", "system_of_record", "claims system"),
        ("it never sees personal data, no customer data at all", "personal_data", False),
        ("a chatbot on our website", "audience", "customer_facing"),
        ("it's internal only", "audience", "internal"),
        ("it pays small claims fully automatically", "autonomy", "act_alone"),
        ("it answers once an agent approves", "autonomy", "act_with_approval"),
        ("help recruiting shortlist applicants", "category", "regulated_decisions"),
        ("detect the mood of our agents on calls", "prohibited_uses", ["emotions"]),
        ("we are piloting it already", "pilot_status", "pilot"),
        ("a team of 12", "users_expected", "12"),
        ("about 1,200 employees would use it", "users_expected", "1,200"),
        ("with a budget of about 20k EUR", "budget", "20k EUR"),
        ("20 invoices per week", "volume", "20 invoices per week"),
    ],
)
def test_hints_read_what_people_say(said: str, question: str, read: object) -> None:
    assert hinted(said).get(question) == read


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("we want to read 300 emails faster", "users_expected"),
        ("the mood in the team is good", "prohibited_uses"),
        ("we have 5 systems", "users_expected"),
        ("a person checks every draft", "autonomy"),
        ("our claims process is slow", "volume"),
    ],
)
def test_hints_do_not_read_what_is_not_there(said: str, question: str) -> None:
    assert question not in hinted(said)


def every_question() -> list[Question]:
    return list(INTAKE.questions())


@pytest.mark.parametrize("question", every_question(), ids=lambda q: q.id)
def test_each_question_helps_whoever_reads_it(question: Question) -> None:
    assert len(question.ask) <= 200
    assert question.ask.endswith(("?", ".")), "it is a sentence"
    assert question.names, "it can be changed by name"
    if not question.quiet:
        assert question.examples
        assert question.why is None or question.why.text.endswith(".")
    if question.type in ("choice", "multi"):
        assert all(c.label for c in question.choices)


def test_every_kind_of_answer_occurs() -> None:
    kinds = {q.type for q in INTAKE.questions()}
    assert kinds == {
        "short_text", "long_text", "choice", "multi", "yesno", "number", "money", "percent", "date", "person",
        "people", "link", "file",
    }  # fmt: skip


def test_names_of_questions_are_not_shared() -> None:
    owners: dict[str, str] = {}
    shared = []
    for question in INTAKE.questions():
        for name in {n.lower() for n in (*question.names, question.label)}:
            if owners.setdefault(name, question.id) != question.id:
                shared.append(f"{name}: {owners[name]} and {question.id}")
    assert not shared, "\n".join(shared)


def test_choices_a_first_sentence_can_imply_have_phrases() -> None:
    for id in ("autonomy", "data_sensitivity", "affected", "harm", "audience", "category", "data_sources"):
        for choice in INTAKE.question(id).choices:
            assert len(choice.phrases) >= 4, f"{id}: {choice.id}"
