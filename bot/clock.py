"""The ticks: what is due becomes work, the people are read again, old keys are cleared away.

The scheduler keeps no jobs of its own beyond these ticks. What is due is claimed in the database, so any
number of replicas may tick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from bot.logs import logger
from storage.errors import StorageError
from storage.store import Store

log = logger("clock")

EVERY_SECONDS = 5.0
_HOURLY = 3600


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Ticks every ``seconds``, and hourly. A tick that is late is run once, not once for each missed one."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        hourly: Callable[[], None],
        seconds: float = EVERY_SECONDS,
    ) -> None:
        self._store = store
        self._now = now
        self._hourly = hourly
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_job(self.tick, "interval", seconds=seconds, next_run_time=datetime.now(UTC))
        self._scheduler.add_job(self._every_hour, "interval", seconds=_HOURLY)

    def start(self) -> None:
        """Begin to tick, the first time at once."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a tick in hand is finished."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Turn what is due into work, which wakes the delivery."""
        try:
            self._store.outbox.due(self._now())
        except StorageError as error:
            log.warning("a tick was missed", error=type(error).__name__)

    def _every_hour(self) -> None:
        try:
            self._store.prune(self._now())
        except StorageError as error:
            log.warning("old keys were not cleared", error=type(error).__name__)
        self._hourly()
