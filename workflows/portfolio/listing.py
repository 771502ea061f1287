"""What is wanted of the portfolio and what is found: filters, orders, a page of rows, and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from workflows.ids import Frozen, Tier, UseCaseId, UserId
from workflows.portfolio.inventory import BUILT_IN
from workflows.program import Program
from workflows.seeing import UNFINISHED

NONE = "-"
"""As a lane, kind, function or topic: those that have none."""


class Wanted(Frozen):
    """Which use cases are wanted; what is empty does not filter."""

    lanes: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    """Empty: every stage that is open (``closed`` adds the others)."""
    tiers: tuple[Tier, ...] = ()
    topics: tuple[str, ...] = ()
    owner: str = ""
    """The person who is its business owner or metric owner, or brought it in."""
    submitter: str = ""
    """The person who brought it in."""
    ids: tuple[str, ...] | None = None
    """Only these; ``None``: whichever."""
    words: str = ""
    """A part of its name or number."""
    closed: bool = False
    """Those that were put away, retired or rejected as well."""


class Order(Frozen):
    """How rows are ordered: the product of dimensions of a scorecard, or one of the built-in ways."""

    id: str
    label: str
    scorecard: str = ""
    by: tuple[tuple[str, bool], ...] = ()
    """Each dimension, and whether it is good when it is high."""
    column: str = ""
    """Instead of scores a column: ``title``, ``lane``, ``stage``, ``tier``, ``bucket``, ``function``,
    ``business_owner``, ``users`` or ``created_at``."""
    down: bool = True
    """Whether the highest comes first."""


class Listed(Frozen):
    """One use case in the list."""

    id: UseCaseId
    title: str
    stage: str
    tier: Tier | None
    lane: str
    bucket: str
    function: str
    business_owner: str
    metric_owner: str
    submitter: UserId
    topic: str = ""
    users: float | None = None
    created_at: datetime
    scores: Mapping[str, int] = Field(default_factory=dict)
    """Of the program's scorecard, by dimension."""


class Page(Frozen):
    """A page of the portfolio, and the counts over all that meets the filter."""

    rows: tuple[Listed, ...]
    of: int
    first: int
    """How many come before this page."""
    lanes: Mapping[str, int]
    """By lane, whatever lane is filtered by; ``""`` for those without one."""
    stages: Mapping[str, int]
    buckets: Mapping[str, int]
    functions: Mapping[str, int]
    tiers: Mapping[str, int]


def orders(program: Program) -> dict[str, Order]:
    """Every order there is, the usual one first: the program's, each dimension, and the built-in ones."""
    card = program.scorecards[program.scorecard]
    good = {d.id: d.high_is == "good" for d in card.dimensions}
    made = [
        Order(id=r.id, label=r.label, scorecard=card.id, by=tuple((d, good.get(d, True)) for d in r.by))
        for r in program.inventory.ranks
    ]
    made += [
        Order(id=f"by_{d.id}", label=f"By {d.label.lower()}", scorecard=card.id, by=((d.id, True),))
        for d in card.dimensions
    ]
    made += [Order(id=id, label=label) for id, label in BUILT_IN.items()]
    return {order.id: order for order in made}


def open_stages(program: Program) -> tuple[str, ...]:
    """The stages that are looked at where nobody names one."""
    return tuple(s.id for s in program.life_cycle.stages if s.open and s.id not in UNFINISHED)


def stages_of(wanted: Wanted, program: Program) -> tuple[str, ...]:
    """The stages that a filter means."""
    if wanted.stages:
        return wanted.stages
    every = tuple(s.id for s in program.life_cycle.stages if s.id not in UNFINISHED)
    return every if wanted.closed else open_stages(program)
