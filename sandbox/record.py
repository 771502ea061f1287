"""Numbered logs that a test reads back: calls, deliveries, notifications."""

from __future__ import annotations

import time
from collections import deque

from sandbox.model import Json


class Record:
    """The latest entries, each with a number and the time in seconds since the epoch."""

    def __init__(self, kept: int = 20_000) -> None:
        self._entries: deque[Json] = deque(maxlen=kept)
        self._next = 1

    def add(self, **entry: object) -> Json:
        """Add an entry; the returned object may be completed later."""
        made: Json = {"n": self._next, "at": time.time(), **entry}
        self._next += 1
        self._entries.append(made)
        return made

    def read(self, after: int = 0, limit: int | None = None, **equal: str | None) -> list[Json]:
        """Entries after a number whose fields equal what is given (None: whatever they are), oldest first."""
        wanted = {name: value for name, value in equal.items() if value is not None}
        found = [
            e
            for e in self._entries
            if e["n"] > after and all(e.get(name) == value for name, value in wanted.items())
        ]
        return found if limit is None else found[-limit:]

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        self._entries.clear()
