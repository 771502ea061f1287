"""The sections of digests, each a function from one fact to one finding, found by its decorator."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workflows.digests.facts import Fact, Found
from workflows.digests.page import Finding, Part
from workflows.people import Directory
from workflows.program import Program


@dataclass(frozen=True)
class Seen:
    """What a section may look at besides the fact."""

    program: Program
    directory: Directory


Says = Callable[[Fact, Seen], Finding]


@dataclass(frozen=True)
class Section:
    """One section: the kinds of facts it is made from, in the order in which they are told."""

    id: str
    kinds: tuple[str, ...]
    says: Says


SECTIONS: dict[str, Section] = {}
"""By the id that programs name them by."""

ORDER: tuple[str, ...] = (
    "guardrail_in_use",
    "incident_worst",
    "approval_overdue_high",
    "incident_open",
    "breach_open",
    "guardrail_crossed",
    "waiver_over",
    "evidence_over",
    "approval_over",
    "action_overdue",
    "approval_overdue",
    "owner_missing",
    "figure_off",
    "outcome_over",
    "expires_soon",
    "stage_stuck",
    "plan_behind",
    "figures_missing",
    "reached",
    "waits",
    "figure_moved",
    "feedback",
    "training",
    "document_stale",
    "unattended",
)
"""What stands in the first line: the first of these that there is. ``figure_off`` is a figure that went the
wrong way and misses its target, ``figure_moved`` one that moved by a tenth. Below all of them comes the word
that nothing did."""


def rank_of(name: str) -> int:
    """How much it matters for the first line."""
    return len(ORDER) - ORDER.index(name)


def section(id: str, *kinds: str) -> Callable[[Says], Says]:
    """The function says one line of this section for each fact of these kinds."""

    def enter(function: Says) -> Says:
        if id in SECTIONS:
            raise ValueError(f"the section {id!r} is there twice")
        SECTIONS[id] = Section(id, kinds, function)
        return function

    return enter


def load() -> None:
    """Import every module that has sections in it. Calling it again does nothing."""
    found = importlib.import_module("workflows.digests.sections")
    for module in pkgutil.iter_modules(found.__path__):
        importlib.import_module(f"{found.__name__}.{module.name}")


def section_of(kind: str) -> str:
    """The section that tells facts of this kind. ``LookupError`` where none does."""
    load()
    found = next((s.id for s in SECTIONS.values() if kind in s.kinds), None)
    if found is None:
        raise LookupError(f"no section tells {kind}")
    return found


def part_of(id: str, found: Mapping[str, Found], seen: Seen, at_most: int) -> Part | None:
    """The section over these facts, by their kind; ``None`` where there are none."""
    one = SECTIONS[id]
    there = [found[kind] for kind in one.kinds if kind in found]
    total = sum(f.total for f in there)
    if not total:
        return None
    facts = [fact for f in there for fact in f.facts]
    return Part(section=id, findings=findings(id, facts[:at_most], seen), total=total)


def findings(id: str, facts: Sequence[Fact], seen: Seen) -> tuple[Finding, ...]:
    """One line for each fact, in their order."""
    return tuple(SECTIONS[id].says(fact, seen) for fact in facts)
