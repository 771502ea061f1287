"""How soon a request is acknowledged, commit included, and how many a second: beside an empty Bolt app.

Three servers are up at once and are measured in turn, round after round, so that a machine that gets
slower gets slower for all: the empty one, ours on SQLite, ours on PostgreSQL. The workspace runs in this
process, the load in one of its own, and on PostgreSQL the database in others: all share the machine's cores.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.mix import PEOPLE, Mix
from tests.faults.postgres import free_port, wait_until
from tests.faults.workplace import ROOT, Workplace

RATE = 50.0
_WARM = 400
_CONVERSATIONS = 100
_CASES = 150
_REQUESTS = 30_000
_PATIENCE = 12.0


@dataclass
class Target:
    """One server that is measured. ``figures`` collects over the rounds."""

    name: str
    port: int
    file: Path
    place: Workplace | None = None
    latencies: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Milliseconds at the fixed rate, by kind of request."""
    peaks: list[float] = field(default_factory=list)
    """Requests a second, one for each round."""
    statuses: Counter[str] = field(default_factory=Counter)

    def all(self) -> list[float]:
        """Every latency at the fixed rate."""
        return [x for found in self.latencies.values() for x in found]

    def load(self, seconds: float, rate: float | None, skip: int) -> dict[str, Any]:
        """One run of the load, from request number ``skip`` on.

        The empty server remembers nothing, so it may be sent the same again: flat out it would run out.
        """
        skip = skip if self.place else 0
        part = self.file.with_suffix(".part")
        lines = self.file.read_text(encoding="utf-8").splitlines(keepends=True)
        part.write_text("".join(lines[skip:]), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.load", str(self.port), str(part), str(seconds)]
        said = subprocess.run(
            [*command, *([str(rate)] if rate else [])], capture_output=True, text=True, cwd=ROOT, check=True
        )
        result: dict[str, Any] = json.loads(said.stdout)
        self.statuses.update(result["statuses"])
        return result


def quantile(values: list[float], q: float) -> float:
    """The value below which a share ``q`` lies."""
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def measure(rounds: int = 3, seconds: float = 15.0, peak_seconds: float = 6.0) -> list[Target]:
    """All targets with what was measured."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preflight-bench-")))
        targets = [_ours(stack, folder, "sqlite"), _ours(stack, folder, "postgres")]
        targets.insert(0, _empty(stack, folder, targets[0].file))
        used = dict.fromkeys((t.name for t in targets), 0)
        for target in targets:
            used[target.name] += _warm(target)
        for _ in range(rounds):
            for target in targets:
                result = target.load(seconds, RATE, used[target.name])
                for kind, found in result["latencies"].items():
                    target.latencies[kind] += found
                used[target.name] += int(seconds * RATE) + 1
                _calm(target)
        for _ in range(rounds):
            for target in targets:
                result = target.load(peak_seconds, None, used[target.name])
                done = sum(len(found) for found in result["latencies"].values())
                target.peaks.append(done / result["seconds"])
                used[target.name] += done
                _calm(target)
        return targets


def _warm(target: Target) -> int:
    result = target.load(4, 100.0, 0)
    target.statuses.clear()
    _calm(target)
    return sum(len(found) for found in result["latencies"].values())


def _calm(target: Target) -> None:
    """Let what the run left to deliver go out, so that it does not weigh on the next."""
    if target.place is not None:
        with target.place.memory() as store:
            wait_until(lambda: store.outbox.backlog().open == 0, _PATIENCE, every=0.2)


def _empty(stack: contextlib.ExitStack, folder: Path, file: Path) -> Target:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.empty", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait, 10)
    stack.callback(process.terminate)
    assert wait_until(lambda: _status(port) == 200, 20), "the empty server did not start"
    return Target("empty Bolt app", port, file)


def _status(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _ours(stack: contextlib.ExitStack, folder: Path, database: str) -> Target:
    place = stack.enter_context(Workplace(database, [None], people=PEOPLE))
    wait_until(lambda: "model loaded" in place.said(place.replicas[0]), 20)
    quiet = {"direction": "out", "match": {"kind": "event", "name": "message"}, "action": "drop"}
    place.control("POST", "/sandbox/faults", quiet)
    world = place.sandbox.world
    assert world.app is not None
    channels = {}
    for user in (*(f"U0CLERK{i}" for i in range(PEOPLE)), "U0PRIYA", "U0TOM"):
        direct = world.direct([user, world.app.bot_user])
        assert direct is not None
        channels[user] = direct.id
    threads = []
    for number in range(_CONVERSATIONS):
        clerk = number % PEOPLE
        sent = place.act("message", f"clerk{clerk}", channel="@app", text=f"Idea {number}")
        threads.append((f"U0CLERK{clerk}", channels[f"U0CLERK{clerk}"], str(sent["ts"])))
    place.control("POST", "/sandbox/settings", {"rate_limits": False})
    with place.memory() as store:
        mix = Mix(store, threads, _CASES, channels)
    file = folder / f"{database}.jsonl"
    mix.write(file, _REQUESTS, seed=7)
    place.settle(30)
    return Target(f"ours, {database}", place.replicas[0].port, file, place)


def table(targets: list[Target]) -> list[tuple[str, ...]]:
    """The rows: figures, and what they are beside the empty server's."""
    empty = targets[0]
    base50, base_peak = quantile(empty.all(), 0.5), statistics.median(empty.peaks)
    rows: list[tuple[str, ...]] = [
        (
            f"at {RATE:.0f} requests/s",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "p50 ratio",
            "peak /s",
            "peak ratio",
            "not 200",
        )
    ]
    for target in targets:
        found = target.all()
        peak = statistics.median(target.peaks)
        wrong = sum(n for status, n in target.statuses.items() if status != "200")
        rows.append(
            (
                target.name,
                *(f"{quantile(found, q):.1f}" for q in (0.5, 0.95, 0.99)),
                f"{quantile(found, 0.5) / base50:.2f}",
                f"{peak:.0f}",
                f"{peak / base_peak:.2f}",
                str(wrong),
            )
        )
        for kind, some in sorted(target.latencies.items()):
            own = empty.latencies[kind]
            rows.append(
                (
                    f"  {kind}",
                    *(f"{quantile(some, q):.1f}" for q in (0.5, 0.95, 0.99)),
                    f"{quantile(some, 0.5) / quantile(own, 0.5):.2f}",
                    "",
                    "",
                    "",
                )
            )
    return rows
