"""The load: signed requests over kept connections on loopback, at a fixed rate or flat out.

Run as a process of its own: ``python -m tests.bench.load PORT FILE SECONDS [RATE]``, where FILE holds one
JSON request a line (``kind`` and ``payload``). With RATE, each request has its time, and its latency counts
from then, so that a slow answer also counts against those that had to wait behind it. Without, ``WIDTH``
connections each send the next request when the last is answered. At most ``MOST`` requests are under way
at once. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from sandbox.http_client import Poster
from tests.faults.hand import JSON, event_request, form_request, interaction_request
from tests.faults.workplace import EVENTS

WIDTH = 16
MOST = 256
_SIGNED = {"event": event_request, "interaction": interaction_request, "command": form_request}


class Load:
    """One run against one port."""

    def __init__(self, port: int, requests: list[JSON]) -> None:
        self._url = f"http://127.0.0.1:{port}{EVENTS}"
        self._requests = iter(requests)
        self._poster = Poster()
        self.latencies: dict[str, list[float]] = defaultdict(list)
        """Milliseconds, by kind of request."""
        self.statuses: Counter[int] = Counter()

    async def _one(self, request: JSON, since: float) -> None:
        body, headers = _SIGNED[request["kind"]](request["payload"])
        try:
            answer = await asyncio.wait_for(self._poster.post(self._url, body, headers), 10)
            self.statuses[answer.status] += 1
        except (OSError, TimeoutError):
            self.statuses[0] += 1
        self.latencies[request["name"]].append((time.perf_counter() - since) * 1000)

    async def at_rate(self, rate: float, seconds: float) -> None:
        """Open loop: one request each ``1/rate`` seconds, whatever the answers do."""
        under_way: set[asyncio.Task[None]] = set()
        begun = time.perf_counter()
        for number in itertools.count():
            due = begun + number / rate
            if due - begun > seconds:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            request = next(self._requests, None)
            if request is None or len(under_way) >= MOST:
                break
            task = asyncio.create_task(self._one(request, due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def flat_out(self, seconds: float) -> None:
        """Closed loop: as many as are answered."""
        until = time.perf_counter() + seconds

        async def connection() -> None:
            while (now := time.perf_counter()) < until:
                request = next(self._requests, None)
                if request is None:
                    return
                await self._one(request, now)

        await asyncio.gather(*(connection() for _ in range(WIDTH)))


async def _run(port: int, requests: list[JSON], seconds: float, rate: float | None) -> dict[str, Any]:
    load = Load(port, requests)
    gc.disable()
    begun = time.perf_counter()
    await (load.at_rate(rate, seconds) if rate else load.flat_out(seconds))
    took = time.perf_counter() - begun
    return {"seconds": took, "latencies": load.latencies, "statuses": load.statuses}


if __name__ == "__main__":
    port, path, seconds, *more = sys.argv[1:]
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    result = asyncio.run(
        _run(
            int(port), [json.loads(line) for line in lines], float(seconds), float(more[0]) if more else None
        )
    )
    print(json.dumps(result))
