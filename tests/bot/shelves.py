"""What shelves of use cases in memory answer where the database would list a portfolio."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

from workflows.portfolio.listing import Page
from workflows.use_case import UseCase


def listed(use_cases: Iterable[UseCase]) -> Page:
    """A page with all of them, without counts."""
    rows = tuple(SimpleNamespace(id=one.id) for one in use_cases)
    counts: dict[str, dict[str, int]] = {
        name: {} for name in ("lanes", "stages", "buckets", "functions", "tiers")
    }
    return Page.model_construct(rows=rows, of=len(rows), first=0, **counts)  # type: ignore[arg-type]
