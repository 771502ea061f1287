"""The memory of the bot: opens the database and hands out transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import text

from storage import consultations, inbound, migrate, redaction, spending, standing, traces, verify
from storage.database import Database, address
from storage.errors import Unavailable
from storage.outbox import Outbox
from storage.people import DirectoryCache
from storage.reading import Reading
from storage.serving_lock import ServingLock
from storage.spending import Spent
from storage.standing import Standing
from storage.traces import Trace
from storage.transaction import Tx
from storage.verify import Verified
from storage.wake import Wake

_EXPORTED_AT_ONCE = 500

__all__ = ["Reading", "Store", "Tx", "open_store"]


class Settings(Protocol):
    """What the storage needs to know: an address, empty for SQLite, and the folder for local state."""

    @property
    def database_url(self) -> str:
        """``DATABASE_URL``, or empty."""

    @property
    def data_dir(self) -> Path:
        """``PREFLIGHT_DATA_DIR``."""


def open_store(settings: Settings, *, serving: bool = False) -> Store:
    """The store of these settings, its tables brought up to date.

    ``serving`` is for the process that serves: on SQLite there may be only one, see :class:`AlreadyRunning`.
    """
    return Store(settings.database_url, settings.data_dir, serving=serving)


class Store:
    """Everything that is remembered. Safe to use from any thread.

    Raises :class:`StorageError` and its kinds, whose text tells an operator the next step.
    """

    def __init__(self, url: str, data_dir: Path, *, serving: bool = False) -> None:
        where = address(url, data_dir)
        local = where.get_backend_name() == "sqlite"
        if local:
            _make_folder(data_dir)
        self._serving = ServingLock(data_dir) if serving and local else None
        try:
            self._database = Database(where)
            migrate.bring_up_to_date(self._database)
        except BaseException:
            if self._serving:
                self._serving.release()
            raise
        self._done: Callable[[str, bool], None] = _unwatched
        self._wake = Wake(where)
        self._directories = DirectoryCache()
        self.outbox = Outbox(self._database, self._wake)
        if serving:
            self._wake.listen()

    @property
    def local(self) -> bool:
        """Whether all state is in a file of this machine (SQLite), so that only one process may serve."""
        return self._database.sqlite

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """A view of one moment."""
        with self._database.read() as connection:
            yield Reading(connection, self._directories)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """A transaction: committed at the end of the block, or undone when anything is raised in it."""
        with self._database.write() as connection:
            tx = Tx(connection, self._directories, self.outbox, self._wake)
            yield tx
            tx.finish()
        for action, refused in tx.done:
            self._done(action, refused)
        if tx.wakes:
            self._wake.up()

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call it after every commit that left something to carry out, here or (serving) in a replica."""
        self._wake.on_commit(callback)

    def hears_replicas(self, patience_seconds: float = 0.0) -> bool:
        """Whether commits of other replicas wake this one right now; always so on SQLite, which has none."""
        return self.local or self._wake.listening(patience_seconds)

    def check(self) -> None:
        """Return if the database answers and its tables are those of this version; raise what is wrong."""
        with self._database.read() as connection:
            connection.execute(text("SELECT 1"))
            migrate.demand_current(connection)

    def verify(self) -> Verified:
        """Check the audit log against itself and against the state."""
        with self._database.read() as connection:
            return verify.verify(connection)

    def export(self, since: int = 0) -> Iterator[dict[str, Any]]:
        """The audit log after row number ``since``, as JSON objects, one at a time.

        A row that was redacted says so under ``redacted``: by which ``entry``, and the hash of what it says
        since. No transaction is open while the caller does something with them: it may take its time.
        """
        while True:
            with self.read() as reading:
                rows = list(islice(reading.audit(since), _EXPORTED_AT_ONCE))
                if rows:
                    marked = redaction.marks(reading.connection, rows[0]["seq"], rows[-1]["seq"])
                    rows = [{**r, "redacted": m} if (m := marked.get(r["seq"])) else r for r in rows]
            yield from rows
            if len(rows) < _EXPORTED_AT_ONCE:
                return
            since = rows[-1]["seq"]

    def keep_traces(self, kept: Iterable[Trace], days: int) -> None:
        """Keep how answers came about, for so many days."""
        with self._database.write() as connection:
            for trace in kept:
                traces.keep(connection, trace, days)

    def keep_spent(self, spent: Spent, now: datetime) -> None:
        """Add to what models cost on this day."""
        with self._database.write() as connection:
            spending.add(connection, now.date(), spent)

    def standing(self, now: datetime) -> Standing:
        """How things stand, in numbers."""
        with self._database.read() as connection:
            return standing.read(connection, now)

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections to the database are in use, and how many there may be."""
        return self._database.connections

    def watched_by(
        self,
        transaction: Callable[[str, float], None],
        due: Callable[[str, float], None],
        done: Callable[[str, bool], None],
    ) -> None:
        """Whom to tell what happens; they must return at once.

        ``transaction`` hears of each one (its kind, seconds), ``due`` of each planned job that fell due (its
        name, seconds after its time), ``done`` of each line for the audit log (its action, whether refused).
        """
        self._database.watch = transaction
        self.outbox.fell_due = due
        self._done = done

    def prune(self, now: datetime) -> int:
        """Forget what is only kept for a while; returns how many rows went."""
        with self._database.write() as connection:
            gone = inbound.prune(connection, now) + traces.prune(connection, now)
            gone += consultations.prune(connection)
        return gone + self.outbox.prune(now)

    def close(self) -> None:
        """Let go of the database and, when serving, of the folder."""
        self._wake.close()
        self._database.close()
        if self._serving:
            self._serving.release()
            self._serving = None


def _unwatched(_action: str, _refused: bool) -> None:
    """Nobody wants to know."""


def _make_folder(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The folder {data_dir} cannot be made ({error.strerror}). "
            "Check its permissions, or set PREFLIGHT_DATA_DIR to another folder."
        ) from None
