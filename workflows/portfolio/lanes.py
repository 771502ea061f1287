"""What a use case is filtered by in the portfolio: its lane, its kind, its function and its owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workflows.expressions import environment, holds
from workflows.portfolio.inventory import SCORE, Inventory, Lane

if TYPE_CHECKING:
    from workflows.program import Program
    from workflows.use_case import Score, UseCase

FACET_AT_MOST = 80
"""Characters: facets stand in an index, where a key must not be long."""


def facets_of(
    program: Program, env: Mapping[str, Any], scores: Sequence[Score], tier: str | None
) -> dict[str, str]:
    """The facets of a use case whose answers are ``env`` as conditions see them; empty ones are left out.

    ``lane``, ``bucket``, ``function``, ``business_owner``, ``metric_owner``, ``users`` (a number as text) and
    ``room``, the function whose channel hears of its releases.
    """
    inventory = program.inventory
    lane = lane_of(inventory, env, scores, tier)
    asked = {
        "bucket": inventory.bucket,
        "function": inventory.function,
        "business_owner": inventory.business_owner,
        "metric_owner": inventory.metric_owner,
        "users": inventory.users,
        "room": program.releases.channel,
    }
    said = {name: _text(env.get(question)) for name, question in asked.items() if question}
    return {name: text for name, text in {"lane": lane.id if lane else "", **said}.items() if text}


def lane_of(
    inventory: Inventory, env: Mapping[str, Any], scores: Sequence[Score], tier: str | None
) -> Lane | None:
    """The first lane whose condition holds."""
    known = {**env, "tier": tier, **{f"{SCORE}{s.dimension}": float(s.value) for s in scores}}
    return next((lane for lane in inventory.lanes if holds(lane.when, known)), None)


def facets_now(use_case: UseCase, program: Program) -> dict[str, str]:
    """As :func:`facets_of`, of a stored use case under the program of now; none for one not assessed."""
    assessed = use_case.assessment
    if assessed is None:
        return {}
    env = environment(program.intake, use_case.answers)
    scores = assessed.scorecards.get(program.scorecard, ())
    return facets_of(program, env, scores, assessed.tier.tier)


def topic_of(source_key: str, row: Mapping[str, Any], program: Program) -> str:
    """What the list that a use case came from files it under; empty where its mapping names no column.

    ``source_key`` begins with the mapping's id and a colon.
    """
    mapping = program.imports.get(source_key.partition(":")[0])
    said = " ".join(str(row.get(mapping.topic) or "").split()) if mapping and mapping.topic else ""
    return said[:FACET_AT_MOST]


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool | list | dict):
        return ""
    return f"{value:.0f}" if isinstance(value, float) else str(value)[:FACET_AT_MOST]
