"""Question in to message posted: written in the workspace, sent to the bot as a signed event, answered there.

The bot is ``preflight serve`` as in production, in a process of its own, with its own index of vectors; the
corpus is brought in beside it (``tests/bench/grown.py``). Each person asks once, in their own conversation,
one after the other. The workspace stamps the question when it is written, before the event leaves, and the
answer when it is posted, so the time between the two holds everything: the request, the commits, the search,
the drawing and the call that posts.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from knowledge.embedding import Embedder
from knowledge.evaluating import percentile
from tests.bench import squad
from tests.bench.grown import Grown, write
from tests.bench.printed import show
from tests.bench.speed import groups
from tests.faults.postgres import NoPostgres, wait_until
from tests.faults.workplace import Workplace

DEMANDED_MS = {10_000: 150.0, 100_000: 300.0}
_WARM = 10
_PATIENCE = 30.0
_CATCHES_UP = 900.0


def measure(
    sizes: Sequence[int] = (10_000, 100_000),
    questions: int = 200,
    databases: Sequence[str] = ("sqlite", "postgres"),
) -> None:
    """Print a row for each size and database."""
    found = squad.read_set()
    asked = random.Random(6).sample([q.text for q in found.questions if q.answers], questions + _WARM)
    rows = [["question to message posted", "load", "answered", "p50 ms", "p95 ms", "demand p95 ms", "index"]]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        grown = Grown(found, Embedder(Path(made)))
        for size in sizes:
            for database in databases:
                try:
                    times, load, index = _one(grown, size, database, asked)
                except NoPostgres as error:
                    rows.append([f"{size:,} passages, {database}: {error}"])
                    continue
                p95 = 1000 * percentile(times, 0.95) if times else float("inf")
                limit = DEMANDED_MS.get(size)
                rows.append(
                    [
                        f"{size:,} passages, {database}",
                        f"{load:.1f}",
                        f"{len(times)} of {questions}",
                        f"{1000 * percentile(times, 0.5):.0f}" if times else "-",
                        f"{p95:.0f}",
                        f"{limit:.0f}" + (" MISSED" if p95 > limit else "") if limit else "",
                        index,
                    ]
                )
    show(rows)


def _one(grown: Grown, size: int, database: str, asked: Sequence[str]) -> tuple[list[float], float, str]:
    """Seconds of each question that was answered, the load before, and how the bot's index stood."""
    with Workplace(database, [None], people=len(asked)) as place:
        place.control("POST", "/sandbox/settings", {"rate_limits": False})
        with place.memory() as store:
            for documents in groups(grown.documents(size), 50):
                write(store, documents)
        port = place.replicas[0].port
        wait_until(lambda: _index(port).get("vectors", size) >= size, _CATCHES_UP, every=1)
        load = os.getloadavg()[0]
        times = [_ask(place, f"U0CLERK{number}", words) for number, words in enumerate(asked)]
        return [t for t in islice(times, _WARM, None) if t is not None], load, str(_index(port)["state"])


def _index(port: int) -> dict[str, Any]:
    """What the bot says of its index of vectors; searched in memory where it has none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return dict(json.loads(connection.getresponse().read())["index"] or {"state": "in memory"})
    finally:
        connection.close()


def _ask(place: Workplace, user: str, words: str) -> float | None:
    """Seconds from the question to the first message in its thread; ``None`` if none came."""
    sent = place.act("message", user, channel="@app", text=words)
    channel = place.sandbox.world.channels[sent["channel"]]
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        replies = channel.threads.get(sent["ts"])
        if replies:
            return float(replies[0]) - float(sent["ts"])
        # Seldom enough that looking does not slow the workspace down, which runs in this process.
        time.sleep(0.02)
    return None
