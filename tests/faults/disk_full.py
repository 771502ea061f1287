"""The disk is full: a kind answer, nothing half stored; with room again, everything goes on."""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from storage.database import FILE
from tests.faults.checker import check
from tests.faults.hand import Line, form, interaction_request
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.replica import Plan
from tests.faults.story import idea
from tests.faults.workplace import Workplace

_MEGABYTES = 24
_AT_MOST = 600
"""Messages that are tried for the log of the database to grow beyond what it has."""


@contextlib.contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A file system of a few megabytes at ``folder``; false where that is not permitted."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` messages before and after there is no room, and as many meanwhile as it takes to notice."""
    outcome = Outcome("disk full", database)
    with (
        tempfile.TemporaryDirectory(prefix="preflight-disk-") as made,
        _small_disk(Path(made) / "disk") as real,
    ):
        folder = Path(made) / "disk"
        with Workplace(database, [Plan(pace=0.0)], people=n, data_dir=folder / "data") as place:
            place.control("POST", "/sandbox/settings", {"rate_limits": False, "retry_speed": 6.0})
            fill, free = _ways(place, folder, real)
            for number in range(n):
                place.act("message", f"clerk{number}", channel="@app", text=idea(number))
            place.settle(30)
            fill()
            sent = _until_refused(place, n)
            outcome.demand(_refusals(place) > 0, f"none of {sent} messages was refused for want of room")
            line = Line(place.replicas[0].port)
            status, said = line.send(
                *interaction_request(form("U0DANA", "walk.start", "{}", {"idea": {"text": _typed(idea(1))}}))
            )
            outcome.demand(
                status == 200 and b"could not save" in said, f"a form got {status}: {said[:200]!r}"
            )
            time.sleep(2)
            alive = place.replicas[0].process.poll() is None
            outcome.demand(alive, "the server ended")
            free()
            for number in range(n + sent, 2 * n + sent):
                place.act("message", f"clerk{number % n}", channel="@app", text=idea(number))
            outcome.demand(place.settle(150), "something was still on its way with room again")
            with place.memory() as store:
                found = check(store, place.sandbox)
            outcome.counts = {
                "real file system": int(real),
                "messages": 2 * n + sent,
                "refused for want of room": _refusals(place),
                "acknowledged": found.acknowledged,
            }
            outcome.add(found)
            with contextlib.closing(sqlite3.connect(place.data_dir / FILE)) as connection:
                whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
            outcome.demand(whole == "ok", f"the database is damaged: {whole}")
    return outcome


def _typed(text: str) -> dict[str, str]:
    return {"type": "plain_text_input", "value": text}


def _until_refused(place: Workplace, n: int) -> int:
    """Messages while there is no room, ``n`` at a time, until one is refused; returns how many.

    The log that SQLite writes before its file is written over again and again: what it has is room still.
    """
    sent = 0
    while sent < n + _AT_MOST:
        for number in range(n + sent, 2 * n + sent):
            place.act("message", f"clerk{number % n}", channel="@app", text=idea(number))
        sent += n
        if wait_until(lambda: _refusals(place) > 0, 3):
            break
    return sent


def _refusals(place: Workplace) -> int:
    return sum(d["status"] == 503 for d in place.deliveries(kind="event", name="message"))


def _ways(place: Workplace, folder: Path, real: bool) -> tuple[Callable[[], None], Callable[[], None]]:
    """How to take the room away, and how to give it back."""
    ballast = folder / "ballast"
    pid = place.replicas[0].pid()

    def fill() -> None:
        if not real:
            size = max(f.stat().st_size for f in place.data_dir.iterdir())
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (min(size, 4096 * 4), resource.RLIM_INFINITY))
            return
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as out:
            while True:
                out.write(b"\0" * 65536)
                out.flush()
        with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as out:
            while True:
                os.write(out.fileno(), b"\0" * 512)

    def free() -> None:
        if not real:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        ballast.unlink(missing_ok=True)

    return fill, free


if __name__ == "__main__":
    main(run, n=20, databases=("sqlite",))
