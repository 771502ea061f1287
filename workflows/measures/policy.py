"""The shape of ``metrics.yaml``: targets, who looks after a metric, and what is done when it moves."""

from __future__ import annotations

from workflows.ids import Frozen


class MetricPolicy(Frozen):
    """``metrics.yaml``."""
