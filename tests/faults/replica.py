"""The real ``preflight serve``, started again whenever it dies, and made to kill itself at chosen steps.

Run as ``python -m tests.faults.replica PLAN`` with the bot's settings in the environment. One process loads
the bot's code and forks a child for each life, so a life begins within a fraction of a second. Everything is
installed from outside, around functions of ``bot`` and ``storage``; the code under test knows nothing of it.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

POINTS = (
    "heard, before the commit",
    "committed, before the acknowledgement",
    "acknowledged, before anything is posted",
    "claimed, before the post",
    "posted, before Slack's answer is read",
    "answered, before the mark",
    "marked, before its commit",
    "marked, after its commit",
)
"""The steps of one message, in order; each life ends at one of them."""

R = TypeVar("R")


@dataclass(frozen=True)
class Plan:
    """How a replica differs from one in production."""

    seed: int = 0
    name: str = "r0"
    deaths: int = 0
    """How many lives end by a kill; the one after them stays."""
    pace: float | None = None
    """Least seconds between two messages in a channel; ``None``: as in production."""
    hurry: float = 1.0
    """By how much the lease of a claim, and all times that depend on it, are shortened."""
    advance_days: float = 0.0
    """How far its clock is ahead."""
    clock: str = ""
    """A file of eight bytes that says how many seconds it is ahead at this moment, see :func:`ahead_in`."""
    skew: float = 0.0
    """By how many seconds its clock differs from that."""
    tick: float = 0.0
    """Seconds between two looks at what is due; 0: as in production."""
    model: bool = False
    """Whether the embedded model is loaded (it is not what is tested here, and costs seconds a life)."""
    log: str = ""
    """Where each death is noted."""

    def arguments(self) -> list[str]:
        """The plan for a command line."""
        return [json.dumps(asdict(self))]


class Fate:
    """Where and when this life ends: at the ``nth`` time one point is passed."""

    def __init__(self, plan: Plan, life: int) -> None:
        chance = random.Random(f"{plan.seed}/{plan.name}/{life}")
        self._plan = plan
        self._life = life
        # Each point in turn, so that every step is hit equally often.
        self.point = POINTS[life % len(POINTS)] if life < plan.deaths else ""
        self._left = chance.randint(1, 25)
        self._lock = threading.Lock()

    def passes(self, point: str) -> None:
        """Dies here if this is the point and the time."""
        if point != self.point:
            return
        with self._lock:
            self._left -= 1
            if self._left > 0:
                return
            line = f"{time.time():.3f}\t{self._plan.name}\t{self._life}\t{point}\n"
            with open(self._plan.log, "a") as log:
                log.write(line)
            os.kill(os.getpid(), signal.SIGKILL)


def ahead_in(path: str) -> Callable[[], float]:
    """What a file of eight bytes says, as often as it is asked: by how many seconds a clock is ahead."""
    with open(path, "rb") as file:
        page = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)
    return lambda: float(struct.unpack("d", page[:8])[0])


def _listening() -> bool:
    return threading.current_thread().name.startswith("listener")


def install(plan: Plan, fate: Fate) -> None:
    """Put the kills, the pace, the leases and the clock around the bot's own functions."""
    from bot import delivery, front_door, service, slack_gateway
    from bot.clock import Clock, utc_now
    from storage import database, outbox

    write = database.Database.write

    @contextmanager
    def writing(self: Any) -> Iterator[Any]:
        with write(self) as connection:
            yield connection
            fate.passes(POINTS[0] if _listening() else POINTS[6])
        fate.passes(POINTS[1] if _listening() else POINTS[7])

    claim = outbox.Outbox.claim

    def claiming(self: Any, n: int, worker: str, now: datetime) -> Any:
        rows = claim(self, n, worker, now, outbox.LEASE / plan.hurry)
        for _ in rows:
            fate.passes(POINTS[3])
        return rows

    post = slack_gateway.Gateway.post

    def posting(self: Any, *arguments: Any, **more: Any) -> str:
        try:
            ts = post(self, *arguments, **more)
        except slack_gateway.Unsure:
            fate.passes(POINTS[4])
            raise
        fate.passes(POINTS[5])
        return ts

    answer = front_door._answer

    async def answering(*arguments: Any) -> None:
        await answer(*arguments)
        fate.passes(POINTS[2])

    begin = service.Service.__init__

    def beginning(self: Any, *arguments: Any, **more: Any) -> None:
        if plan.pace is not None:
            more["pace"] = plan.pace
        if plan.advance_days:
            ahead = timedelta(days=plan.advance_days)
            more["now"] = lambda: utc_now() + ahead
        if plan.clock:
            shown = ahead_in(plan.clock)
            more["now"] = lambda: utc_now() + timedelta(seconds=shown() + plan.skew)
        begin(self, *arguments, **more)
        if plan.tick:
            self.clock = Clock(self.store, self._now, self._hourly, plan.tick)

    for owner, name, replacement in (
        (database.Database, "write", writing),
        (outbox.Outbox, "claim", claiming),
        (slack_gateway.Gateway, "post", posting),
        (front_door, "_answer", answering),
        (service.Service, "__init__", beginning),
    ):
        setattr(owner, name, replacement)
    delivery._OURS /= plan.hurry
    delivery._HELD /= plan.hurry
    if not plan.model:
        service.Service._load_model = lambda self: None  # type: ignore[method-assign]


def _live(plan: Plan, life: int) -> None:
    from bot.cli import main

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    install(plan, Fate(plan, life))
    sys.argv = ["preflight", "serve"]
    main()


def _fork(run: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        run()
        os._exit(0)
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def main(plan: Plan) -> None:
    """Live, die and live again, until told to stop or the one who started us is gone."""
    import bot.cli
    import bot.service  # noqa: F401 - loaded once, here, so that each life starts at once

    if os.environ.get("PREFLIGHT_MODEL"):
        import langchain_openai  # noqa: F401 - it takes seconds

    parent = os.getppid()
    stop: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    life = 0
    child = _fork(lambda: _live(plan, 0))
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if stop or os.getppid() != parent:
            if not ended:
                os.kill(child, signal.SIGTERM)
                _reap(child)
            return
        if ended:
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            if killed:
                life += 1
            else:
                time.sleep(0.5)  # it could not start, or it stopped by itself: the database may be away
            number = life
            child = _fork(lambda: _live(plan, number))  # noqa: B023
        time.sleep(0.01)


def _reap(child: int, seconds: float = 15.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(Plan(**json.loads(sys.argv[1])))
