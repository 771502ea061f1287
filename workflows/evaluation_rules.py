"""The shape of ``evaluation.yaml``: what an evaluation has to show, by risk tier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workflows.ids import Frozen, QuestionId, Tier
from workflows.questions import Expression

ByTier = Mapping[Tier, float]
"""One figure for each of the tiers that can be in use."""


class ScenarioClass(Frozen):
    """One class of cases. Its results are the questions ``ID_right`` and ``ID_of``; in the plan ``ID_of`` is
    the number of cases and ``ID_pass`` the share, in per cent, that has to be right."""

    id: str
    label: str = Field(max_length=60)
    words: tuple[str, ...] = ()
    """How people say it."""
    says: str
    share_of_all: float = Field(default=0, ge=0, le=100)
    """Per cent of all cases that have to be of this class."""


class Measure(Frozen):
    """One figure over all cases. In the results it is the question of its id, in the plan ``ID_limit``."""

    id: str
    label: str = Field(max_length=60)
    words: tuple[str, ...] = ()
    unit: str = ""
    better: Literal["higher", "lower"] = "higher"
    limit: ByTier
    when: Expression = "true"
    """Wanted only while this holds; it reads the answers of the plan."""


class EvaluationRules(Frozen):
    """The whole file."""

    plan: str
    """The questionnaire that is the plan."""
    results: str
    """The questionnaire that takes what was found, of kind ``evaluation``."""
    cases: ByTier
    cases_each: ByTier
    times: QuestionId | None = None
    """A question of the plan: numbers of cases are multiplied by its answer."""
    left_out: QuestionId | None = None
    """A question of the plan whose options are the ids of classes."""
    waived_by: tuple[str, ...] = ()
    """Items of checklists (``CHECKLIST.ITEM``): a waiver of one of them accepts the classes left out."""
    bearable: QuestionId | None = None
    """A question of the intake: the share of wrong results, in per cent, that can be borne."""
    wrong_at_most: ByTier
    """The same where the intake does not say."""
    never: QuestionId | None = None
    """A question of the results: one such result fails the whole."""
    version: QuestionId | None = None
    """A question of the results: which version was tried."""
    repeated_with: tuple[Literal["model", "prompt", "retrieval", "data", "evaluation"], ...] = (
        "model",
        "prompt",
        "retrieval",
        "data",
    )
    """Parts of a version: where one differs from the version in use, only results of the new one count."""
    tested_on: QuestionId | None = None
    """A question of the results: on which day."""
    lasts_days: ByTier
    classes: tuple[ScenarioClass, ...]
    measures: tuple[Measure, ...] = ()
