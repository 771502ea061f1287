"""The shape of ``learning.yaml``: learning paths, for whom they are, and their modules."""

from __future__ import annotations

from workflows.ids import Frozen


class LearningPolicy(Frozen):
    """``learning.yaml``."""
