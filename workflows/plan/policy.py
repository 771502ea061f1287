"""The shape of ``plan.yaml``: the phases of the 90-day plan and their tasks."""

from __future__ import annotations

from workflows.ids import Frozen


class PlanPolicy(Frozen):
    """``plan.yaml``."""
