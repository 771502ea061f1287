"""The shape of ``metrics.yaml``: targets, who looks after a metric, and what is done when it moves."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workflows.ids import Frozen


class MetricTerms(Frozen):
    """What the company has decided about one metric."""

    id: str
    target: float | None = None
    """In the metric's unit; ``None``: none is set."""
    action: str = Field(default="", max_length=300)
    """What is done when it moves the wrong way; empty: nobody acts on it, and that is said."""
    owner: str = ""
    """The role that sees to it; empty: nobody does."""


class Driver(Frozen):
    """What moves a north star: the use cases whose answer is one of ``choices`` hang on it."""

    id: str
    label: str = Field(max_length=80)
    choices: tuple[str, ...]
    """Of the question that the tree hangs on."""


class NorthStar(Frozen):
    """The one figure of the company that use cases serve in the end."""

    id: str
    label: str = Field(max_length=120)
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    drivers: tuple[Driver, ...]


class ValueTree(Frozen):
    """North stars, their drivers, and how use cases hang on these."""

    question: str = ""
    """The question of the intake whose answer says on which driver a use case hangs."""
    north_stars: tuple[NorthStar, ...] = ()


class Currency(Frozen):
    """In what money is told."""

    code: str = "EUR"
    sign: str = "€"
    where: Literal["before", "after"] = "before"


class MetricPolicy(Frozen):
    """``metrics.yaml``."""

    currency: Currency = Currency()
    metrics: tuple[MetricTerms, ...] = ()
    value_tree: ValueTree = ValueTree()

    def terms(self, id: str) -> MetricTerms | None:
        """What is decided about the metric of that id."""
        return next((m for m in self.metrics if m.id == id), None)

    def target(self, id: str) -> float | None:
        """The target of the metric of that id, where one is set."""
        found = self.terms(id)
        return found.target if found else None

    def acted_on(self, id: str) -> bool:
        """Whether it is said what is done when the metric of that id moves, and who does it."""
        found = self.terms(id)
        return bool(found and found.action.strip() and found.owner)
