"""The shape of ``figures.yaml``: how the numbers of use cases in use are asked for and judged."""

from __future__ import annotations

from workflows.ids import Frozen


class FigurePolicy(Frozen):
    """``figures.yaml``."""
