"""Where a metric says what it is: the words beside the query that computes it.

A metric is a function from an :class:`Ask` to cells, in one of the modules of this package; importing them
(:func:`load`) fills :data:`METRICS`. What every metric owes its readers (a cell for each week, small groups
withheld) is done once, in ``storage/metrics/series.py``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

import storage.metrics
from workflows.expressions import nearest
from workflows.measures.measured import Cell, Metric
from workflows.people import Directory
from workflows.program import Program

By = Literal["", "function", "use_case", "severity", "driver"]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Ask:
    """What is to be computed. A metric answers with cells in these weeks only, of these keys only."""

    connection: Connection
    program: Program
    directory: Directory
    now: datetime
    weeks: tuple[date, ...]
    """Mondays one after the other, the oldest first; never empty."""
    function: str = ""
    use_case: str = ""
    by: By = ""

    @cached_property
    def zone(self) -> ZoneInfo:
        """By whose clock weeks begin: the company's own."""
        return ZoneInfo(self.program.digests.zone)

    @property
    def last(self) -> date:
        """The newest week asked for."""
        return self.weeks[-1]

    def begins(self, week: date) -> datetime:
        """The first moment of a week."""
        return datetime.combine(week, time(), self.zone)

    def ends(self, week: date) -> datetime:
        """The first moment after a week."""
        return self.begins(week + WEEK)

    def seen(self, week: date) -> datetime:
        """The moment at which a standing of that week is looked at: its end, or now while it is running."""
        return min(self.ends(week), self.now)


Query = Callable[[Ask], Sequence[Cell]]


@dataclass(frozen=True)
class Registered:
    """A metric: its words, its query, and by what it can be broken down and narrowed."""

    metric: Metric
    query: Query
    by: tuple[By, ...] = ()
    counts: bool = False
    """Where nothing is found there was none, and not just nothing to compute from."""


METRICS: dict[str, Registered] = {}
"""Every metric by its id, in the order of their modules and definitions."""


class UnknownMetric(LookupError):
    """There is no metric of that id; the text names the nearest."""


def metric(
    words: Metric, by: tuple[By, ...] = ("function", "use_case"), *, counts: bool = False
) -> Callable[[Query], Query]:
    """Register the function below as the query of this metric. Raises ``ValueError`` for an id used twice."""

    def register(query: Query) -> Query:
        if words.id in METRICS and METRICS[words.id].query.__qualname__ != query.__qualname__:
            raise ValueError(f"two metrics are called {words.id}")
        METRICS[words.id] = Registered(words, query, by, counts)
        return query

    return register


@cache
def load() -> None:
    """Import every module of this package, so that the registry is full."""
    for module in sorted(m.name for m in pkgutil.iter_modules(storage.metrics.__path__)):
        importlib.import_module(f"storage.metrics.{module}")


def found(id: str) -> Registered:
    """The metric of that id. Raises :class:`UnknownMetric` with the nearest one there is."""
    load()
    if id not in METRICS:
        near = nearest(id, METRICS)
        hint = f'Did you mean "{near}"?' if near else "`preflight metrics list` shows those there are."
        raise UnknownMetric(f'There is no metric "{id}". {hint}')
    return METRICS[id]
