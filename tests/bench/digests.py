"""How long a digest takes over a large company, beside hand-written SQL for the same figures in the same run.

``python -m tests.bench --only digests``. Each size and spread has a process of its own, so that its memory is
its own; the figures of both ways are compared before any time is printed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text

from bot.digests import compose
from storage.store import Store
from tests.bench.grown_company import Spread, grow
from tests.bench.plain_sql import PLAIN, seen_of, weeks_of
from tests.bench.printed import show
from tests.bench.storage import OnDisk
from tests.databases import programs
from tests.storage.metrics.company import NOW, PROGRAM

USE_CASES = 10_000
SIZES: tuple[tuple[int, Spread], ...] = (
    (100_000, "two years"),
    (1_000_000, "two years"),
    (1_000_000, "ten weeks"),
)
SMALL: tuple[tuple[int, Spread], ...] = ((20_000, "two years"),)
_TIMES = 3
_WEEKS = 8
_DIGESTS = ("adoption", "risk", "value")
_HEAD = ("", "adoption", "risk", "value", "figures", "plain SQL", "ratio", "peak memory", "of it by digests")


def measure(sizes: tuple[tuple[int, Spread], ...] = SIZES, use_cases: int = USE_CASES) -> None:
    """Measure each size on each database, and print one row for each."""
    rows: list[tuple[str, ...]] = [_HEAD]
    for database in ("sqlite", "postgresql") if programs() else ("sqlite",):
        for events, spread in sizes:
            told = _run(database, str(use_cases), str(events), spread)
            rows.append(_row(f"{database}, {events:,} events in {spread}", json.loads(told)))
    show(rows)
    print("demand: every digest under 2 s, memory the same at 100,000 and at 1,000,000 events")
    print("figures and plain SQL: the figures of the three digests that both ways were asked for, compared\n")


def _row(name: str, found: dict[str, float]) -> tuple[str, ...]:
    digests = tuple(f"{found[id]:.2f} s" for id in _DIGESTS)
    ratio = found["figures"] / found["plain"]
    return (
        name, *digests, f"{found['figures']:.2f} s", f"{found['plain']:.2f} s", f"{ratio:.2f}",
        f"{found['peak']:.0f} MB", f"{found['peak'] - found['before']:.0f} MB",
    )  # fmt: skip


def main(database: str, use_cases: int, events: int, spread: Spread) -> None:
    """Grow one company in a process of its own, measure it in another, and print what was found as JSON."""
    with tempfile.TemporaryDirectory(prefix="preflight-bench-") as folder:
        where = programs()
        cluster = OnDisk(where) if database == "postgresql" and where else None
        try:
            url = cluster.new_database() if cluster else ""
            for part in ("grow", "look"):
                told = _run(part, url, folder, str(use_cases), str(events), spread)
            print(told)
        finally:
            if cluster:
                cluster.remove()


def _run(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.bench.digests", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def look(store: Store) -> dict[str, float]:
    """Seconds for each digest, for the figures by metrics and by plain SQL, and megabytes of memory."""
    _compare(store)
    before = _megabytes()
    found = {id: _seconds(lambda id=id: _digest(store, id)) for id in _DIGESTS}  # type: ignore[misc]
    found["figures"] = _seconds(lambda: _by_metrics(store))
    found["plain"] = _seconds(lambda: _by_hand(store))
    return {**found, "before": before, "peak": _megabytes()}


def _digest(store: Store, id: str) -> object:
    spec = PROGRAM.digests.digest(id)
    assert spec is not None
    with store.read() as reading:
        return compose(reading, PROGRAM, reading.directory(), spec, "", NOW, "2026-W47", None, None)


def _by_metrics(store: Store) -> dict[str, list[float | None]]:
    with store.read() as reading:
        return {id: [c.value for c in reading.measure(id, PROGRAM, NOW, weeks=_WEEKS).cells] for id in PLAIN}


def _by_hand(store: Store) -> dict[str, list[float | None]]:
    given: dict[str, Any] = {"first": weeks_of(_WEEKS)[0], "last": weeks_of(_WEEKS)[-1]}
    found: dict[str, list[float | None]] = {}
    with store.read() as reading:
        for id, (sql, standing) in PLAIN.items():
            if standing:
                found[id] = [
                    float(reading.connection.execute(text(sql), {"seen": moment}).scalar_one())
                    for moment in _moments(store)
                ]
            else:
                rows = {row[0]: row[1] for row in reading.connection.execute(text(sql), given)}
                found[id] = [rows.get(week) for week in weeks_of(_WEEKS)]
    return found


def _moments(store: Store) -> list[Any]:
    """As the database keeps moments."""
    seen = seen_of(_WEEKS)
    return [m.strftime("%Y-%m-%d %H:%M:%S.%f") for m in seen] if store.local else list(seen)


def _compare(store: Store) -> None:
    ours, theirs = _by_metrics(store), _by_hand(store)
    for id, values in ours.items():
        for mine, other in zip(values, theirs[id], strict=True):
            same = mine == other or (mine is not None and other is not None and abs(mine - other) < 1e-6)
            if not same:
                raise SystemExit(f"{id}: {values} by the metric, {theirs[id]} by plain SQL")


def _seconds(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _part(part: str, url: str, folder: str, use_cases: str, events: str, spread: str) -> None:
    store = Store(url, Path(folder))
    try:
        if part == "grow":
            grow(store, int(use_cases), int(events), "ten weeks" if spread == "ten weeks" else "two years")
        else:
            print(json.dumps(look(store)))
    finally:
        store.close()


if __name__ == "__main__":
    if sys.argv[1] in ("grow", "look"):
        _part(*sys.argv[1:7])
    else:
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])  # type: ignore[arg-type]
