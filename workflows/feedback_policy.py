"""The shape of ``feedback.yaml``: the themes that feedback is sorted by."""

from __future__ import annotations

from workflows.ids import Frozen


class FeedbackPolicy(Frozen):
    """``feedback.yaml``."""
