"""Slack's rate limits: how many calls of a method it takes before it answers 429."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class Rates:
    """Token buckets: one per method for the whole app, one per channel for posting."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def wait_for(self, name: str, key: str, capacity: int, per_second: float) -> int | None:
        """Take one call from the bucket: None if it was there, else seconds to wait (``Retry-After``)."""
        now = self._clock()
        level, then = self._buckets.get((name, key), (float(capacity), now))
        level = min(float(capacity), level + (now - then) * per_second)
        if level >= 1:
            self._buckets[(name, key)] = (level - 1, now)
            return None
        self._buckets[(name, key)] = (level, now)
        return max(1, math.ceil((1 - level) / per_second))

    def clear(self) -> None:
        """Forget what was used."""
        self._buckets.clear()
