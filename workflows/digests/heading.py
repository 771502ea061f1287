"""The first line of a digest: the one thing to know, chosen by an order that everybody can read."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.digests.amounts import amount, difference
from workflows.digests.page import Finding, Number, Part
from workflows.digests.section import rank_of
from workflows.measures.policy import Currency

_LARGE = 0.1
"""A figure that moved by this part of itself has moved."""


def head_of(parts: Sequence[Part], numbers: Sequence[Number], currency: Currency) -> Finding:
    """The weightiest finding; where there is none, the figure that moved most; else that nothing happened."""
    candidates = [f for part in parts for f in part.findings]
    candidates += [found for n in numbers if (found := _about(n, currency)) is not None]
    best = max(candidates, key=lambda f: f.rank, default=None)
    if best is not None and best.rank > 0:
        return best
    told = next((n for n in numbers if n.value is not None), None)
    if told is not None:
        return Finding(says="steady", values=_values(told, currency))
    return Finding(says="listed" if parts else "nothing")


def _about(number: Number, currency: Currency) -> Finding | None:
    """What a figure says of itself where it moved; worse than wanted weighs more than merely worse."""
    if number.good is None or number.value is None or number.before is None:
        return None
    moved = abs(number.value - number.before) / max(abs(number.before), 1e-9)
    missed = _missed(number)
    if number.good:
        says, rank = (
            ("figure_reached", "reached") if _just_reached(number) else ("figure_better", "figure_moved")
        )
    elif missed:
        says, rank = "figure_off", "figure_off"
    else:
        says, rank = "figure_worse", "figure_moved"
    if moved < _LARGE and rank == "figure_moved":
        return None
    return Finding(says=says, values=_values(number, currency), rank=rank_of(rank))


def _missed(number: Number) -> bool:
    """Whether it is on the wrong side of its target."""
    if number.target is None or number.value is None:
        return False
    return number.value < number.target if number.better == "up" else number.value > number.target


def _just_reached(number: Number) -> bool:
    before = number.model_copy(update={"value": number.before})
    return number.target is not None and not _missed(number) and _missed(before)


def _values(number: Number, currency: Currency) -> dict[str, str]:
    value, before = number.value or 0.0, number.before if number.before is not None else number.value or 0.0
    target = "" if number.target is None else amount(number.target, number.unit, currency)
    return {
        "figure": number.label,
        "value": amount(value, number.unit, currency),
        "before": amount(before, number.unit, currency),
        "by": difference(value, before, number.unit, currency),
        "target": target,
    }
