"""The shape of ``retention.yaml``: how long what is kept."""

from __future__ import annotations

from workflows.ids import Frozen


class Retention(Frozen):
    """``retention.yaml``."""
