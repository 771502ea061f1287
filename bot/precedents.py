"""Similar decisions before: what was decided on use cases of the same tier and kind, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.registry import Scene
from workflows.approval import Approval
from workflows.ids import QuestionId
from workflows.use_case import UseCase

_LOOKED_AT = 40
_ALIKE = ("category", "business_function", "audience")
"""Answers that make two use cases of one kind, where the questionnaire has them."""


@dataclass(frozen=True)
class Precedent:
    """A use case that was decided, and its case."""

    use_case: UseCase
    approval: Approval


def precedents(scene: Scene, use_case: UseCase, at_most: int = 2) -> list[Precedent]:
    """The decided use cases of the same tier that are most like this one, the best match first.

    Alike are those that share answers which say what kind it is, then those whose names share words.
    """
    if use_case.assessment is None:
        return []
    tier = use_case.assessment.tier.tier
    # Imported records were not decided here, and there may be thousands of them.
    recent = scene.reading.use_cases(tiers=(tier,), source="slack", newest_first=True, at_most=_LOOKED_AT)
    decided = [u for u in recent if u.id != use_case.id and u.decided_at and u.approval]
    ranked = sorted(decided, key=lambda u: _likeness(use_case, u), reverse=True)
    found = []
    for other in ranked[:at_most]:
        approval = scene.reading.approval_of(other.id)
        if approval and approval.status in ("approved", "rejected", "stopped"):
            found.append(Precedent(other, approval))
    return found


def _likeness(one: UseCase, other: UseCase) -> float:
    shared = sum(_value(one, q) is not None and _value(one, q) == _value(other, q) for q in _ALIKE)
    return shared * 100 + fuzz.token_set_ratio(one.title, other.title)


def _value(use_case: UseCase, question: str) -> object:
    answer = use_case.answers.get(QuestionId(question))
    return answer.value if answer else None
