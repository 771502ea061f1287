"""The default program and answers to it, for the tests about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from storage.program_folder import default_program_folder, read_program
from workflows.answers import Answer
from workflows.ids import QuestionId, UserId
from workflows.scoring import assess
from workflows.use_case import Assessment, Override

PROGRAM = read_program(default_program_folder())
INTAKE = PROGRAM.intake
DANA = UserId("U0DANA")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

SUMMARIES: dict[str, Any] = {
    "problem": "We spend ages writing summaries of claims calls, could AI do that?",
    "name": "Summarise claims calls",
    "outcome_metric": "after-call work",
    "outcome_baseline": 9.0,
    "outcome_target": 5.0,
    "outcome_by": "2027-06-30",
    "data_sources": ["recordings", "core_system"],
    "data_owner": "U0LEE",
    "data_sensitivity": "confidential",
    "personal_data": True,
    "audience_users": "Claims agents",
    "users_expected": 40.0,
    "volume": "300 calls a day",
    "autonomy": "assist",
    "affected": "employees",
    "harm": "inconvenience",
    "prohibited_uses": ["none"],
    "audience": "internal",
    "jurisdictions": ["uk"],
    "build_or_buy": "existing",
    "release_by": "2027-03-31",
    "business_owner": "U0DANA",
    "technical_owner": "U0LEE",
}
"""Scene 2's use case: drafts of summaries, from recordings, for forty agents."""


def answers(**given: Any) -> dict[QuestionId, Answer]:
    """Answers with these values."""
    return {QuestionId(k): Answer(value=v, how="said", by=DANA, at=NOW) for k, v in given.items()}


def summaries(**changed: Any) -> dict[QuestionId, Answer]:
    """Scene 2's answers, with some of them changed (``None`` takes one away)."""
    return answers(**{k: v for k, v in {**SUMMARIES, **changed}.items() if v is not None})


def assessed(*overrides: Override, **changed: Any) -> Assessment:
    """Scene 2's use case, changed, assessed."""
    return assess(PROGRAM, INTAKE, summaries(**changed), overrides)
