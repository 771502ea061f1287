"""The shape of ``portfolio.yaml``: lanes, buckets and how the inventory is ranked."""

from __future__ import annotations

from workflows.ids import Frozen


class Inventory(Frozen):
    """``portfolio.yaml``."""
