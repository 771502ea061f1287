"""The benchmarks, as tables: ``python -m tests.bench``. Times vary between machines; ratios less."""

from __future__ import annotations

import argparse
import os
import platform

from tests.bench import acknowledge, delivery, startup
from tests.bench.printed import show


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast it is, beside a Bolt app that does nothing.")
    parser.add_argument(
        "--rounds", type=int, default=3, help="how often each server has its turn (default 3)"
    )
    parser.add_argument("--seconds", type=float, default=12.0, help="length of a turn (default 12)")
    parser.add_argument("--only", choices=("acknowledge", "starting", "delivering"))
    given = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {load:.1f} before\n"
    )
    if given.only in (None, "starting"):
        show(startup.rows())
    if given.only in (None, "delivering"):
        show(delivery.rows())
    if given.only in (None, "acknowledge"):
        show(acknowledge.table(acknowledge.measure(given.rounds, given.seconds, given.seconds / 2)))
        print("demand: p50 at most 1.5 times the empty app's, peak at least 0.6 of it, p99 at most 100 ms")


if __name__ == "__main__":
    main()
