"""PostgreSQL as in production: every commit is on the disk before it is acknowledged."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from tests.databases import Cluster, programs


class NoPostgres(RuntimeError):
    """The server's programs are not installed here."""


class Durable(Cluster):
    """The tests' own cluster with its shortcuts undone: what was committed outlives a stop the hard way."""

    def _command(self, program: str, *arguments: str) -> list[str]:
        return super()._command(program, *(a.replace("=off", "=on") for a in arguments))


def durable() -> Durable:
    """A running server. Raises :class:`NoPostgres` where it is not installed."""
    found = programs()
    if found is None:
        raise NoPostgres("PostgreSQL is not installed; on Debian: apt-get install postgresql")
    return Durable(found)


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(true: Callable[[], bool], seconds: float, every: float = 0.05) -> bool:
    """Ask again and again until it is true; false when the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(every)
    return true()
