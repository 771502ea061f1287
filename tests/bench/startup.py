"""What it costs to start, and to do nothing: import, help, start to ready, the model, memory at rest."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import psutil

from tests.faults.postgres import wait_until
from tests.faults.workplace import ROOT, Replica, Workplace

_TIMES = 5
_LOADED = "model loaded"


def rows() -> list[tuple[str, ...]]:
    """The figures with what is demanded of each."""
    found: list[tuple[str, ...]] = [("starting", "median", "most", "demand")]
    for name, command, demand in (
        ("import of the command line, s", ["-c", "import bot.cli"], ""),
        ("import of the whole bot, s", ["-c", "import bot.service"], ""),
        ("preflight --help, s", ["-m", "bot.cli", "--help"], "0.4"),
    ):
        times = [_took(command) for _ in range(_TIMES)]
        found.append((name, f"{statistics.median(times):.2f}", f"{max(times):.2f}", demand))
    ready, loaded, memory = [], [], []
    with Workplace("sqlite", [None]) as place:
        replica = place.replicas[0]
        # The first start of an installation checks the weights and builds the model's graph, once.
        wait_until(lambda: _LOADED in place.said(replica), 60)
        for _ in range(3):
            place.stop_replica(replica)
            begun = time.monotonic()
            replica = place.start_replica(None, replica.port)
            before = place.said(replica).count(_LOADED)
            assert wait_until(lambda r=replica: r.status() == 200, 30, every=0.02)  # type: ignore[misc]
            ready.append(time.monotonic() - begun)
            assert wait_until(lambda: _more_loaded(place, replica, before), 30, every=0.02)  # noqa: B023
            loaded.append(time.monotonic() - begun)
            time.sleep(3)
            memory.append(psutil.Process(replica.pid()).memory_info().rss / 2**20)
    for name, values, demand, digits in (
        ("start to ready, s", ready, "3", 2),
        ("start to ready with the model, s", loaded, "5", 2),
        ("memory at rest with the model, MB", memory, "400", 0),
    ):
        found.append((name, f"{statistics.median(values):.{digits}f}", f"{max(values):.{digits}f}", demand))
    return found


def _more_loaded(place: Workplace, replica: Replica, before: int) -> bool:
    return place.said(replica).count(_LOADED) > before


def _took(command: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun
