"""What this process counted and timed since it started. Cheap enough to be always on."""

from __future__ import annotations

import bisect
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bot.telemetry.catalogue import METRICS

Labels = tuple[str, ...]

SERIES_AT_MOST = 300
"""Of one metric. Whatever comes beyond is counted under ``other``: a mistake must not flood who watches."""

OTHER = "other"


@dataclass(frozen=True)
class Times:
    """A histogram: how many fell at or below each bound (and above the last), and their sum in seconds."""

    counts: tuple[int, ...]
    total: float


class Tally:
    """Counts and times by metric and labels. Thread-safe.

    Only what :mod:`bot.telemetry.catalogue` names can be counted, with exactly its labels.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, dict[Labels, float]] = {}
        self._times: dict[str, dict[Labels, tuple[list[int], list[float]]]] = {}

    def add(self, name: str, *labels: str, by: float = 1.0) -> None:
        """Count one, or so many."""
        _check(name, "counter", labels)
        with self._lock:
            series = self._counts.setdefault(name, {})
            key = _room_for(series, labels)
            series[key] = series.get(key, 0.0) + by

    def took(self, name: str, seconds: float, *labels: str) -> None:
        """Note how long one took."""
        _check(name, "histogram", labels)
        bounds = METRICS[name].bounds
        at = bisect.bisect_left(bounds, seconds)
        with self._lock:
            series = self._times.setdefault(name, {})
            key = _room_for(series, labels)
            counts, total = series.setdefault(key, ([0] * (len(bounds) + 1), [0.0]))
            counts[at] += 1
            total[0] += seconds

    @contextmanager
    def timing(self, name: str, *labels: str) -> Iterator[None]:
        """Note how long the block takes, however it ends."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.took(name, time.perf_counter() - began, *labels)

    def counts(self, name: str) -> Mapping[Labels, float]:
        """What was counted, by labels."""
        with self._lock:
            return dict(self._counts.get(name, {}))

    def times(self, name: str) -> Mapping[Labels, Times]:
        """What was timed, by labels."""
        with self._lock:
            found = self._times.get(name, {})
            return {labels: Times(tuple(counts), total[0]) for labels, (counts, total) in found.items()}


def _check(name: str, kind: str, labels: Labels) -> None:
    metric = METRICS[name]
    if metric.kind != kind or len(metric.labels) != len(labels):
        raise ValueError(f"{name} is a {metric.kind} with labels {metric.labels}")


def _room_for(series: Mapping[Labels, object], labels: Labels) -> Labels:
    if labels in series or len(series) < SERIES_AT_MOST:
        return labels
    return (OTHER,) * len(labels)
