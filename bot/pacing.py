"""How fast we may talk: once a second in a channel or Home tab, and not before Slack said we may again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Slots by channel or Home tab: the first is at once, each next ``seconds`` after the one before.

    Thread-safe. Channels at rest are forgotten, so that memory does not grow with the workspace.
    """

    def __init__(self, seconds: float = 1.0, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def take(self, channel: str) -> float:
        """0.0 when a message may go to the channel now (its slot is then taken), else seconds to wait."""
        now = self._monotonic()
        with self._lock:
            free = self._next.get(channel, now)
            if free > now:
                return free - now
            if len(self._next) > 5000:
                self._next = {c: t for c, t in self._next.items() if t > now}
            self._next[channel] = now + self._seconds
        return 0.0


class Patience:
    """Methods that Slack asked us not to call for a while (``Retry-After``). Thread-safe."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def left(self, method: str) -> float:
        """Seconds until the method may be called again; 0.0: now."""
        with self._lock:
            return max(0.0, self._until.get(method, 0.0) - self._monotonic())

    def asked(self, method: str, seconds: float) -> None:
        """Slack answered 429 for the method, with this Retry-After."""
        with self._lock:
            self._until[method] = max(self._until.get(method, 0.0), self._monotonic() + seconds)
