"""The walk through the years of ``digests.py``: the shared clock, kills, rests, closed channels."""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import signal
import struct
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from storage import laters
from storage.store import Store
from tests.faults.digest_oracle import Seen
from tests.faults.postgres import wait_until
from tests.faults.workplace import Replica, Workplace

START = datetime(2024, 9, 1, 12, 0, 17, tzinfo=UTC)
STEP = timedelta(hours=12)


@dataclass
class Size:
    """How large a run is."""

    zones: Sequence[str]
    weeks: int
    replicas: int
    kills: int
    rests: int
    """How often all replicas are down for days or weeks."""
    closed: int
    """How many channels are archived for some weeks, and as many are renamed."""
    step: timedelta = STEP


class SharedClock:
    """The time that all replicas have: this machine's, so many seconds ahead."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(struct.pack("d", 0.0))
        self._file = path.open("r+b")
        self._page = mmap.mmap(self._file.fileno(), 8)
        self.set(START)

    def now(self) -> datetime:
        """What time it is for the replicas."""
        return datetime.now(UTC) + timedelta(seconds=struct.unpack("d", self._page[:8])[0])

    def set(self, moment: datetime) -> None:
        """From now on it is that moment."""
        self._page[:8] = struct.pack("d", (moment - datetime.now(UTC)).total_seconds())

    def close(self) -> None:
        """Let go of the file."""
        self._page.close()
        self._file.close()


_STILL = 4.0
"""After so many seconds in which nothing moved, whoever had it in hand is taken for dead."""


class Walk:
    """The run itself: moves the clock, kills, lets rest, and notes when everything due was done."""

    def __init__(
        self, place: Workplace, store: Store, clock: SharedClock, size: Size, chance: random.Random
    ) -> None:
        self.place, self.store, self.clock, self.size, self.chance = place, store, clock, size, chance
        self.seen: list[Seen] = []
        self.counts: Counter[str] = Counter()
        self.closed: dict[str, datetime] = {}
        """Channels that are archived, and until when."""
        self.stuck: list[str] = []

    def go(self) -> None:
        """From the first moment to the last."""
        end = START + timedelta(weeks=self.size.weeks)
        steps = int((end - START) / self.size.step)
        kills = set(self.chance.sample(range(1, steps), min(self.size.kills, steps - 1)))
        rests = set(self.chance.sample(range(1, steps), min(self.size.rests, steps - 1)))
        closings = set(self.chance.sample(range(1, steps), min(self.size.closed, steps - 1)))
        self.look(kill=False)
        for step in range(1, steps + 1):
            if self.clock.now() >= end:
                return
            if step in closings:
                self.close_one()
            self.reopen()
            if step in rests:
                self.rest()
            else:
                self.clock.set(self.seen[-1].begins + self.size.step)
            if self.chance.random() < 0.02:
                self.set_back()
            self.look(kill=step in kills)

    def look(self, kill: bool) -> None:
        """Everything that is due now is done, whoever is killed meanwhile."""
        begins = self.clock.now()
        if kill:
            time.sleep(self.chance.uniform(0.0, 0.25))
            self.kill()
        closed = frozenset(self.closed)
        waited = time.monotonic()
        moved, before = waited, -1
        while not self.settled():
            time.sleep(0.01)
            left = self.left()
            if left != before:
                moved, before = time.monotonic(), left
            if time.monotonic() - moved > _STILL:
                # What a killed replica had in hand is held by its claim for a minute. Claims of those who
                # live must not run out: no clock goes on by a minute while somebody is posting.
                self.clock.set(self.clock.now() + timedelta(seconds=61))
                self.counts["claims that ran out"] += 1
                moved = time.monotonic()
            if time.monotonic() - waited > 180:
                self.stuck.append(f"not settled at {self.clock.now()}")
                break
        self.seen.append(Seen(begins, self.clock.now(), closed))
        self.counts["steps"] += 1

    def left(self) -> int:
        """How much is on its way; -1 where nobody can say."""
        with contextlib.suppress(Exception):
            return self.store.outbox.backlog().open
        return -1

    def settled(self) -> bool:
        """Whether nothing is due any more, and nothing is on its way."""
        with contextlib.suppress(Exception):
            now = self.clock.now()
            with self.store.read() as reading:
                next_due = laters.next_due(reading.connection)
            return (next_due is None or next_due > now) and self.store.outbox.backlog().open == 0
        return False

    def kill(self) -> None:
        """One of them, in the middle of whatever it is doing."""
        replica = self.chance.choice(self.place.replicas)
        # While its next life is being prepared there is nobody to kill.
        with contextlib.suppress(IndexError, ProcessLookupError):
            os.kill(replica.pid(), signal.SIGKILL)
            self.counts["kills"] += 1

    def rest(self) -> None:
        """All of them are killed and stay down for days or weeks."""
        down = timedelta(
            days=self.chance.choice((1, 2, 3, 8, 15, 24, 40)), minutes=self.chance.randrange(1440)
        )
        # Whoever starts them again is halted first, and goes on when the time has gone by.
        for replica in self.place.replicas:
            replica.process.send_signal(signal.SIGSTOP)
            with contextlib.suppress(IndexError, ProcessLookupError):
                os.kill(replica.pid(), signal.SIGKILL)
        assert wait_until(lambda: not any(r.status() for r in self.place.replicas), 30), "somebody lives"
        self.clock.set(self.seen[-1].begins + down)
        for replica in self.place.replicas:
            replica.process.send_signal(signal.SIGCONT)
        for replica in self.place.replicas:
            assert wait_until(partial(_ready, replica), 90), self.place.said(replica)
        self.counts["rests"] += 1
        self.counts["days at rest"] += down.days

    def set_back(self) -> None:
        """The clocks show an earlier time for a moment, and then the right one again."""
        now = self.clock.now()
        self.clock.set(now - timedelta(hours=self.chance.choice((1, 26, 200))))
        time.sleep(0.15)
        self.clock.set(now)
        self.counts["times set back"] += 1

    def close_one(self) -> None:
        """A channel is archived for some weeks; another has a new name from now on."""
        archived, renamed = self.chance.sample(range(len(self.size.zones)), 2)
        until = self.clock.now() + timedelta(days=self.chance.choice((5, 12, 33)))
        id = f"C0MORE{archived}"
        if id not in self.closed:
            self._admin("archive", id)
            self.closed[id] = until
            self.counts["archived"] += 1
        self._admin("rename", f"C0MORE{renamed}", name=f"renamed-{self.counts['renamed']}")
        self.counts["renamed"] += 1

    def reopen(self) -> None:
        """What was archived for so long is open again."""
        for id, until in list(self.closed.items()):
            if until <= self.clock.now():
                self._admin("unarchive", id)
                del self.closed[id]

    def _admin(self, what: str, channel: str, **more: str) -> None:
        answer = self.place.control("POST", f"/sandbox/admin/{what}", {"channel": channel, **more})
        assert not answer.get("error"), answer


def _ready(replica: Replica) -> bool:
    return replica.status() == 200
