"""Which use cases look different before their gates after something changed: their cards are drawn again."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.approval import Approval
from workflows.contract import Contract
from workflows.decision import Aggregate
from workflows.ids import UseCaseId
from workflows.matter import Matter
from workflows.use_case import UseCase
from workflows.walk import Walk


def touched(changed: Iterable[Aggregate], draft: str = "intake") -> tuple[UseCaseId, ...]:
    """The use cases whose readiness may have changed with these, each once.

    A walk of the questionnaire ``draft`` counts only once its answers are in the record.
    """
    found: dict[UseCaseId, None] = {}
    for aggregate in changed:
        if isinstance(aggregate, UseCase):
            found[aggregate.id] = None
        elif isinstance(aggregate, Walk):
            if aggregate.about and aggregate.questionnaire != draft:
                found[aggregate.about] = None
        elif isinstance(aggregate, Approval):
            found[aggregate.use_case] = None
        elif isinstance(aggregate, Contract):
            found.update(dict.fromkeys(aggregate.consumers))
        elif isinstance(aggregate, Matter) and aggregate.use_case:
            found[aggregate.use_case] = None
    return tuple(found)
