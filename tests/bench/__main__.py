"""The benchmarks, as tables: ``python -m tests.bench``. Times vary between machines; ratios less.

``--only`` runs one part, ``--quick`` each with less of everything, to see that it runs rather than to claim.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable

from tests.bench import (
    acknowledge,
    delivery,
    digests,
    peers,
    portfolio,
    posted,
    speed,
    squad,
    startup,
    syncing,
)
from tests.bench.printed import show

PARTS = (
    "starting",
    "delivering",
    "acknowledge",
    "ranking",
    "peers",
    "speed",
    "posted",
    "first-sync",
    "unchanged",
    "digests",
    "portfolio",
)
_ON_SQUAD = ("ranking", "peers", "speed", "posted", "first-sync", "unchanged")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast and how good it is, beside peers in the same run.")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often each server has its turn (default 3)"
    )
    parser.add_argument("--seconds", type=float, default=12.0, help="length of a turn (default 12)")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--quick", action="store_true", help="fewer questions, at most 10,000 passages")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {load:.1f} before\n",
        flush=True,
    )
    quick = given.quick
    rounds, seconds = (1, 6.0) if quick else (given.rounds, given.seconds)
    runs: dict[str, Callable[[], object]] = {
        "starting": lambda: show(startup.rows()),
        "delivering": lambda: show(delivery.rows()),
        "acknowledge": lambda: _acknowledge(rounds, seconds),
        "ranking": lambda: _ranking(20 if quick else 1),
        "peers": lambda: peers.measure(20 if quick else 1),
        "speed": lambda: speed.measure(speed.SIZES[:2], 60) if quick else speed.measure(),
        "posted": lambda: posted.measure((10_000,), 40, ("sqlite",)) if quick else posted.measure(),
        "first-sync": lambda: syncing.first(10 if quick else 1),
        "digests": lambda: digests.measure(digests.SMALL, 1_000) if quick else digests.measure(),
        "unchanged": lambda: syncing.again(10_000 if quick else 100_000),
        "portfolio": lambda: portfolio.measure(1_000, 10) if quick else portfolio.measure(),
    }
    for part in PARTS:
        if part not in given.only:
            continue
        if part in _ON_SQUAD and not squad.available():
            print(f"{part}: {squad.SQUAD} is not there; set PREFLIGHT_SHARED to the folder with data/.\n")
            continue
        runs[part]()


def _acknowledge(rounds: int, seconds: float) -> None:
    show(acknowledge.table(acknowledge.measure(rounds, seconds, seconds / 2)))
    print("demand: p50 at most 1.5 times the empty app's, peak at least 0.6 of it, p99 at most 100 ms\n")


def _ranking(every: int) -> None:
    """In a process of its own, whose memory is then given back."""
    subprocess.run([sys.executable, "-m", "tests.bench.retrieval", str(every)], check=False)


if __name__ == "__main__":
    main()
