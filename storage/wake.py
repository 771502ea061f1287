"""Wakes whoever carries effects out: at once in this process, through NOTIFY in the other replicas."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import uuid4

import psycopg
from sqlalchemy import URL, Connection, text

_CHANNEL = "preflight_outbox"
_LOOK_EVERY_SECONDS = 1.0
"""How soon a listener notices that it was told to stop."""
_RETRY_SECONDS = 1.0


class Wake:
    """Callbacks that run after a commit which left something to do; they must return at once."""

    def __init__(self, url: URL) -> None:
        self._postgres = url.get_backend_name() == "postgresql"
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._name = uuid4().hex
        self._announce = text(f"NOTIFY {_CHANNEL}, '{self._name}'")
        self._callbacks: list[Callable[[], None]] = []
        self._stop = threading.Event()
        self._listening = threading.Event()
        self._listener: threading.Thread | None = None

    def on_commit(self, callback: Callable[[], None]) -> None:
        """Call it, without arguments, after every commit that left something to do, here or in a replica."""
        self._callbacks.append(callback)

    def announce(self, connection: Connection) -> None:
        """Within the transaction: tell the other replicas once it is committed."""
        if self._postgres:
            connection.execute(self._announce)

    def up(self) -> None:
        """After the commit: call the callbacks."""
        for callback in tuple(self._callbacks):
            callback()

    def listen(self) -> None:
        """Begin to hear the other replicas, until :meth:`close`. On SQLite there are none."""
        if self._postgres and self._listener is None:
            self._listener = threading.Thread(target=self._hear, name="preflight-wake", daemon=True)
            self._listener.start()

    def listening(self, patience_seconds: float = 0.0) -> bool:
        """Whether other replicas are heard right now; waits so long for it to become true."""
        return self._listening.wait(patience_seconds)

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._listener is not None:
            self._listener.join(timeout=2 * _LOOK_EVERY_SECONDS)

    def _hear(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    self._listening.set()
                    # Whatever was announced while nobody listened is found by looking once.
                    self.up()
                    while not self._stop.is_set():
                        for told in connection.notifies(timeout=_LOOK_EVERY_SECONDS, stop_after=1):
                            # Our own commits woke us already, without the way through the database.
                            if told.payload != self._name:
                                self.up()
            except psycopg.Error:
                # The database is away: others say so to people; here one only tries again.
                self._listening.clear()
                self._stop.wait(_RETRY_SECONDS)
        self._listening.clear()
