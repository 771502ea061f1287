"""Asks the database for those who watch: one question at a time, and none of them waits for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from storage.errors import StorageError

T = TypeVar("T")

PATIENCE = 0.8
"""Seconds that a probe or a scrape waits for a database that takes its time."""


class Asked(Generic[T]):
    """What ``ask`` says, asked again after ``every`` seconds.

    It runs on one thread of its own, one call at a time: however many probes come while a database hangs,
    they do not pile up.
    """

    def __init__(self, ask: Callable[[], T], every: float, patience: float = PATIENCE) -> None:
        self._ask = ask
        self._every = every
        self._patience = patience
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="asked")
        self._lock = threading.Lock()
        self._under_way: Future[T] | None = None
        self._known: tuple[float, T] | None = None

    def now(self) -> tuple[T | None, bool]:
        """The latest that is known, and whether it is of now: false while the database is away or slow."""
        with self._lock:
            if self._known and time.monotonic() - self._known[0] < self._every:
                return self._known[1], True
            if self._under_way is None or self._under_way.done():
                self._under_way = self._pool.submit(self._asks)
            under_way = self._under_way
        try:
            return under_way.result(timeout=self._patience), True
        except (StorageError, TimeoutError, CancelledError):
            return (self._known[1] if self._known else None), False

    def _asks(self) -> T:
        found = self._ask()
        with self._lock:
            self._known = (time.monotonic(), found)
        return found

    def close(self) -> None:
        """Ask no more. A call that hangs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)
