"""How much of what is tried at random is tried: all of it, or for the daily check a part."""

from __future__ import annotations

import os

DAILY = os.environ.get("PREFLIGHT_DAILY") == "1"
"""Whether this is the daily check, which tries a part of what is tried at random."""


def examples(full: int) -> int:
    """How many examples a property is tried with: ``full``, or a quarter of it in ``make check``."""
    return max(full // 4, 8) if DAILY else full
