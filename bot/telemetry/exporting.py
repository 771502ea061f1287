"""The text that Prometheus reads: every metric of the catalogue, from the tally and from what is so now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from bot.telemetry.catalogue import METRICS, Metric
from bot.telemetry.tally import Labels, Tally

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

Now = Mapping[str, Mapping[Labels, float]]
"""By metric and labels: gauges, and counters that are kept elsewhere."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Exporter:
    """Makes the text. ``so_now`` is asked once for each."""

    def __init__(self, tally: Tally, so_now: Callable[[], Now]) -> None:
        self._tally = tally
        self._so_now = so_now
        self._registry: CollectorRegistry | None = None

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        # Imported here: a twentieth of a second that only those pay who watch.
        from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

        if self._registry is None:
            registry = CollectorRegistry(auto_describe=False)
            registry.register(self)
            ProcessCollector(registry=registry)
            self._registry = registry
        return bytes(generate_latest(self._registry))

    def describe(self) -> Iterable[Any]:
        """Nothing: asking what there is would already collect it."""
        return ()

    def collect(self) -> Iterator[Any]:
        """One family after the other, as Prometheus' library takes them."""
        now = self._so_now()
        for metric in METRICS.values():
            yield self._family(metric, now.get(metric.name, {}))

    def _family(self, metric: Metric, now: Mapping[Labels, float]) -> Any:
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        if metric.kind == "histogram":
            timed = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, times in sorted(self._tally.times(metric.name).items()):
                bounds = [*map(str, metric.bounds), "+Inf"]
                buckets = list(zip(bounds, accumulate(times.counts), strict=True))
                timed.add_metric(labels, buckets, times.total)
            return timed
        if metric.kind == "counter":
            counted = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
            for labels, value in sorted({**self._tally.counts(metric.name), **now}.items()):
                counted.add_metric(labels, value)
            return counted
        gauge = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
        for labels, value in sorted(now.items()):
            gauge.add_metric(labels, value)
        return gauge
