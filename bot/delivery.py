"""Delivery: claims what the commits left to do, hands it to a few workers, and knows when to try again."""

from __future__ import annotations

import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.awaited import ASKS_A_MODEL, gave_up, sorry_for, waited_for
from bot.carrying import Carrier
from bot.digest_lost import lost
from bot.drawing import NotDrawable
from bot.in_hand import Item, Later, Undeliverable
from bot.logs import logger
from bot.pacing import Pace
from bot.registry import WORKERS, Moment
from bot.slack_gateway import Busy, Gateway, NoAccess, Refused, Unsure
from bot.telemetry.tally import Tally
from storage import requests
from storage.errors import StaleState, StorageError
from storage.outbox import Claimed
from storage.store import Store
from workflows.effects import Post, Refresh, ShowHome, Whisper, Work
from workflows.ids import UserId

if TYPE_CHECKING:
    from knowledge.embedding import Embedder

log = logger("delivery")

_IN_HAND = 64
_HELD = 20.0
"""A row that must wait longer than this (seconds) is given back to the outbox; a claim holds for 60."""
_OURS = 45.0
"""After this long we let go of a row: its claim runs out, and whoever has it next looks in Slack first."""
_NET = 2.0
"""How often we look even though nobody woke us (seconds)."""
_LOCKED_OUT = 30.0
_FAILURES = 5
"""How often a job or a renderer may fail before its row is given up."""


_KINDS = {Post: "post", Whisper: "whisper", Refresh: "redraw", ShowHome: "home", Work: "job"}


@dataclass
class _Lane:
    """Rows that wait for one set of threads, earliest first."""

    workers: int
    name: str
    waiting: list[tuple[float, int, Item]] = field(default_factory=list)
    busy: int = 0

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(self.workers, thread_name_prefix=self.name)

    @property
    def in_hand(self) -> int:
        return len(self.waiting) + self.busy

    @property
    def next_at(self) -> float | None:
        """When there is something to hand out; ``None`` while nothing is, or nobody is free."""
        return self.waiting[0][0] if self.waiting and self.busy < self.workers else None


def kind_of(row: Claimed) -> str:
    """What kind of effect it is, in a word: for counts and the log."""
    return _KINDS[type(row.effect)]


def _job(work: Work) -> str:
    return work.name if work.name in WORKERS else "unknown"


class Delivery:
    """One replica's delivery: a dispatcher thread and ``workers`` threads.

    With ``patient`` more threads, work that may wait for a chat model is done by these alone: however many
    questions a slow model keeps waiting, everything else goes on.

    Rows of one conversation are carried out one after the other. ``locked_out`` is set while Slack does not
    accept our token: then everything waits, and nothing is given up.
    """

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        moment: Callable[[], Moment],
        embedder: Callable[[], Embedder | None],
        pace: Pace,
        workers: int = 4,
        patient: int = 0,
        tally: Tally | None = None,
    ) -> None:
        self._tally = tally or Tally()
        self.locked_out = threading.Event()
        self._store = store
        self._moment = moment
        self._name = f"{os.uname().nodename}/{os.getpid()}/{uuid4().hex[:8]}"
        self._carrier = Carrier(gateway, moment, embedder, pace)
        self._quick = _Lane(workers, "delivery")
        self._patient = _Lane(patient, "patient") if patient else self._quick
        self._lanes = list({id(lane): lane for lane in (self._quick, self._patient)}.values())
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._looks: list[float] = []
        self._count = itertools.count()
        self._thread = threading.Thread(target=self._run, name="dispatch", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the dispatcher runs."""
        return self._thread.is_alive()

    @property
    def idle(self) -> bool:
        """Whether nothing is in hand at this moment."""
        with self._lock:
            return not any(lane.in_hand for lane in self._lanes)

    def start(self) -> None:
        """Begin; every commit that leaves something to do wakes it."""
        self._store.on_commit(self._wake.set)
        self._wake.set()
        self._thread.start()

    def stop(self) -> None:
        """Claim no more, finish what workers hold, give the rest back."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=10)
        for lane in self._lanes:
            lane.pool.shutdown(wait=True)
        try:
            self._store.outbox.take_back(self._moment().now, self._name)
        except StorageError:
            log.info("claims are left to run out")

    # The dispatcher

    def _run(self) -> None:
        pause = 0.5
        while not self._stopping.is_set():
            self._wake.wait(self._until_next())
            self._wake.clear()
            if self._stopping.is_set():
                return
            try:
                self._claim()
                pause = 0.5
            except StorageError as error:
                log.warning("the outbox cannot be read", error=type(error).__name__)
                self._stopping.wait(pause)
                pause = min(pause * 2, 4.0)
            except Exception:
                log.exception("the outbox cannot be read")
                self._stopping.wait(pause)
                pause = min(pause * 2, 30.0)
            self._hand_out()

    def _until_next(self) -> float:
        with self._lock:
            known = self._looks[:1]
            known += [lane.next_at for lane in self._lanes if lane.next_at is not None]
        return min([_NET, *(max(0.0, at - time.monotonic()) for at in known)])

    def _claim(self) -> None:
        with self._lock:
            while self._looks and self._looks[0] <= time.monotonic():
                heapq.heappop(self._looks)
            room = _IN_HAND - sum(lane.in_hand for lane in self._lanes)
        if room <= 0:
            return
        claimed = self._store.outbox.claim(room, self._name, self._moment().now)
        now = time.monotonic()
        with self._lock:
            for row in claimed:
                heapq.heappush(self._lane(row).waiting, (now, next(self._count), Item(row)))

    def _hand_out(self) -> None:
        now = time.monotonic()
        with self._lock:
            for lane in self._lanes:
                while lane.next_at is not None and lane.next_at <= now:
                    item = heapq.heappop(lane.waiting)[2]
                    lane.busy += 1
                    lane.pool.submit(self._do, item)

    def _lane(self, row: Claimed) -> _Lane:
        slow = isinstance(row.effect, Work) and row.effect.name in ASKS_A_MODEL
        return self._patient if slow else self._quick

    # The workers

    def _do(self, item: Item) -> None:
        again: float | None = None
        try:
            if time.monotonic() - item.since < _OURS:
                with requests.within(item.row.request):
                    again = self._attempt(item)
        except StorageError as error:
            log.warning("the outbox cannot be written", error=type(error).__name__)
            again = 0.5
        except Exception:
            log.exception("delivery failed", row=item.row.id)
        finally:
            with self._lock:
                lane = self._lane(item.row)
                lane.busy -= 1
                if again is not None and time.monotonic() - item.since < _OURS:
                    heapq.heappush(lane.waiting, (time.monotonic() + again, next(self._count), item))
            self._wake.set()

    def _attempt(self, item: Item) -> float | None:
        """Carry it out; the seconds after which to try again with the row still in hand, if so."""
        row = item.row
        try:
            began = time.monotonic()
            self._carrier.carry(item)
            self._carried_out(row, time.monotonic() - began)
        except Later as later:
            return later.seconds
        except Busy as busy:
            if busy.seconds <= _HELD:
                return busy.seconds
            self._give_back(item, busy.seconds, "rate limited")
        except NoAccess as trouble:
            if not self.locked_out.is_set():
                log.error("slack does not accept the bot token: delivery waits", error=trouble.reason)
                self.locked_out.set()
            self._give_back(item, _LOCKED_OUT, trouble.reason)
            return None
        except Unsure as trouble:
            self._give_back(item, min(0.25 * 2 ** min(row.attempts, 8), 60.0), trouble.reason)
        except Refused as refused:
            self._give_up(item, refused.reason)
        except Undeliverable as trouble:
            self._give_up(item, trouble.reason)
        except NotDrawable as trouble:
            self._give_up(item, str(trouble)[:200], "it cannot be drawn")
        except StaleState:
            self._give_back(item, 0.1, "met another change")
        except StorageError:
            raise
        except Exception:
            log.exception("an effect failed", row=row.id, attempt=row.attempts)
            if row.attempts >= _FAILURES:
                self._give_up(item, "it failed inside Preflight; the log has the details")
            else:
                self._give_back(item, 0.5 * 2**row.attempts, "failed")
        if not isinstance(row.effect, Work):
            self.locked_out.clear()
        return None

    def _carried_out(self, row: Claimed, took: float) -> None:
        since = max((self._moment().now - row.created_at).total_seconds(), 0.0)
        self._tally.took("preflight_delivery_seconds", since, kind_of(row))
        told = {"row": row.id, "kind": kind_of(row), "attempt": row.attempts}
        if isinstance(row.effect, Work):
            told["job"] = _job(row.effect)
            self._tally.add("preflight_job_seconds_total", _job(row.effect), by=took)
        self._came_to(row, "delivered")
        log.info("delivered", **told, ms=round(1000 * took), since_ms=round(1000 * since))

    def _came_to(self, row: Claimed, result: str) -> None:
        self._tally.add("preflight_deliveries_total", kind_of(row), result)
        if isinstance(row.effect, Work):
            self._tally.add("preflight_jobs_total", _job(row.effect), result)

    def _give_back(self, item: Item, seconds: float, error: str) -> None:
        self._came_to(item.row, "again")
        at = self._moment().now + timedelta(seconds=seconds)
        self._store.outbox.retry(item.row, at, error[:200])
        with self._lock:
            heapq.heappush(self._looks, time.monotonic() + seconds + 0.005)

    def _give_up(self, item: Item, reason: str, in_short: str = "") -> None:
        """``in_short`` is for the log, where the reason may hold what people wrote."""
        moment = self._moment()
        row = item.row
        if not self._store.outbox.dead(row, reason[:200], now=moment.now):
            return
        self._came_to(row, "given_up")
        log.error("given up", row=row.id, kind=kind_of(row), why=in_short or reason)
        with self._store.write() as tx:
            # What is there in part counts as posted: it is told as any other message that was given up.
            decision = None if item.posted else lost(tx, row, reason, moment)
            if decision is None:
                decision = gave_up(row, reason, moment.program, tx.directory(), moment.now)
            if isinstance(row.effect, Work):
                decision = decision.and_then(sorry_for(row, waited_for(tx, row.effect)))
            tx.apply(decision, moment.circumstances(UserId("preflight"), "delivery"))
