"""Groups that are too small to be shown, and those that would give them away.

Whoever knows the total and all parts but one knows that one. So where a part is withheld, enough others are
withheld with it that what is missing is never a single group, and never fewer people than may be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from workflows.measures.measured import Cell


def hidden(cells: Sequence[Cell], smallest: int) -> tuple[Cell, ...]:
    """The cells in their order, without the values of groups smaller than ``smallest``, and of their
    complements. A group is as large as what its share is of; of a plain count, as the count."""
    weeks: dict[object, list[Cell]] = defaultdict(list)
    for cell in cells:
        weeks[cell.week].append(cell)
    gone = {(c.week, c.key) for part in weeks.values() for c in _too_small(part, smallest)}
    return tuple(withheld(c) if (c.week, c.key) in gone else c for c in cells)


def withheld(cell: Cell) -> Cell:
    """The cell, telling nothing but that there is something."""
    return cell.model_copy(update={"value": None, "of": None, "withheld": True})


def _too_small(cells: Sequence[Cell], smallest: int) -> list[Cell]:
    """Of one week: those that are too small, and the smallest of the others until these are covered."""
    there = sorted((c for c in cells if _group(c) > 0), key=lambda c: (_group(c), c.key))
    gone = [c for c in there if _group(c) < smallest]
    if not gone:
        return []
    left = there[len(gone) :]
    while left and (len(gone) < 2 or sum(map(_group, gone)) < smallest):
        gone.append(left.pop(0))
    return gone


def _group(cell: Cell) -> float:
    if cell.value is None:
        return 0.0
    return cell.value if cell.of is None else cell.of
