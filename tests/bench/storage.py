"""How long the memory takes: ``python -m tests.bench.storage`` prints milliseconds for each thing it does.

Each is measured on SQLite and, where it is installed, on PostgreSQL (with its writes really on the disk), in
one run; the figures depend on the machine's disk more than on anything else, so the bare cost of putting one
page on that disk is printed beside them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert, update

from storage.schema import OutboxRows
from storage.store import Store
from tests.databases import Cluster, programs
from tests.storage.records import CIRC, HOUR, NOW, answers, decision, post, stored, use_case, walk
from workflows.decision import Decision
from workflows.effects import Later
from workflows.ids import UserId

_TIMES = 300
_DELIVERED = 100_000
_WAITING = 1_000


class OnDisk(Cluster):
    """A server that puts every commit on the disk, as in production."""

    def _command(self, program: str, *arguments: str) -> list[str]:
        return super()._command(program, *(a.replace("=off", "=on") for a in arguments))


def milliseconds(work: Callable[[int], object], times: int = _TIMES) -> str:
    """The median and the 99th percentile of running it so many times."""
    taken = []
    for n in range(times):
        began = time.perf_counter()
        work(n)
        taken.append(1000 * (time.perf_counter() - began))
    taken.sort()
    return f"p50 {taken[len(taken) // 2]:7.2f} ms   p99 {taken[int(0.99 * len(taken))]:7.2f} ms"


def figures(store: Store) -> Iterator[tuple[str, str]]:
    """Name and figure of everything measured."""
    long_answers = answers(
        **{f"q{n}": "a sentence of the length that people write here" * 3 for n in range(20)}
    )

    def step(n: int) -> None:
        with store.write() as tx:
            tx.first_time(f"event-{n}", NOW)
            found = tx.lock_walk("W-0001")
            assert found is not None
            later = Later(key="nudge/W-0001", due=NOW + HOUR, name="nudge_draft", subject=found.subject)
            changed = found.model_copy(update={"ask": n})
            tx.apply(decision(changed, effects=(post(subject=found.subject), later)), CIRC)

    stored(store, use_case(answers=long_answers), walk(answers=long_answers))
    yield "one answer in a walk of 20: heard, locked, applied, committed", milliseconds(step)
    yield "the same two aggregates read", milliseconds(lambda n: _read(store))

    with store.write() as tx:
        row = {"conversation": "person/U1", "effect": {}, "attempts": 1, "next_at": NOW, "created_at": NOW}
        done = {**row, "status": "delivered", "done_at": NOW}
        for start in range(0, _DELIVERED, 10_000):
            rows = [{**done, "key": f"old-{n}"} for n in range(start, start + 10_000)]
            tx.connection.execute(insert(OutboxRows), rows)
        tx.connection.execute(update(OutboxRows).values(done_at=NOW, status="delivered"))
    yield f"claim when nothing waits, {_DELIVERED:,} delivered", milliseconds(lambda n: _claim(store))
    with store.write() as tx:
        tx.apply(decision_with_posts(), CIRC)
    yield (
        f"claim one and mark it, {_WAITING:,} waiting in 200 conversations",
        milliseconds(lambda n: _deliver(store)),
    )
    began = time.perf_counter()
    verified = store.verify()
    seconds = time.perf_counter() - began
    assert verified.sound
    yield "verify the audit log", f"{verified.rows / seconds:,.0f} rows a second"


def decision_with_posts() -> Decision:
    """Many messages to many people."""
    return decision(effects=tuple(post(UserId(f"U{n % 200}")) for n in range(_WAITING)))


def _read(store: Store) -> None:
    with store.read() as reading:
        reading.walk("W-0001")
        reading.use_case("UC-0001")


def _claim(store: Store) -> None:
    assert not store.outbox.claim(4, "w", NOW)


def _deliver(store: Store) -> None:
    (row,) = store.outbox.claim(1, "w", NOW)
    store.outbox.delivered(row, "D1", "1.0", now=NOW)


def bare_disk(folder: Path) -> str:
    """What one page on the disk costs, whoever asks."""
    with (folder / "page").open("wb", buffering=0) as file:

        def put(_: int) -> None:
            file.write(bytes(4096))
            os.fdatasync(file.fileno())

        return milliseconds(put)


@contextmanager
def stores(folder: Path) -> Iterator[dict[str, Store]]:
    """A fresh store on each database there is."""
    found = {"SQLite": Store("", folder)}
    cluster = None
    where = programs()
    if where is None:
        print("PostgreSQL is not installed: measured on SQLite only", file=sys.stderr)
    else:
        cluster = OnDisk(where)
        found["PostgreSQL"] = Store(cluster.new_database(), folder)
    try:
        yield found
    finally:
        for store in found.values():
            store.close()
        if cluster:
            cluster.remove()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="preflight-bench-") as folder, stores(Path(folder)) as found:
        print(f"{'the disk: 4 KiB written and synchronised':75} {bare_disk(Path(folder))}")
        for name, store in found.items():
            print(name)
            for what, figure in figures(store):
                print(f"  {what:73} {figure}")


if __name__ == "__main__":
    main()
