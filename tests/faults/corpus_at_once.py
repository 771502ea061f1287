"""Three processes sync one folder that keeps changing, and ask, while they are killed: no vector is lost."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from storage.store import Store
from tests.faults.corpus_worker import Seen, Task
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import durable, wait_until
from tests.faults.workplace import ROOT
from tests.knowledge.vectors_of import chroma_server

_PROCESSES = 3
_SECTIONS = 4
_UNTIL_THE_KILL = (0.0, 1.5)
_CHANGES_A_SECOND = 15
_IN_THE_END = 240.0


@dataclass
class _Worker:
    task: Task
    process: subprocess.Popen[bytes]


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` kills, with an index in Chroma: embedded with one owner on ``sqlite``, else a server for all."""
    outcome = Outcome("a corpus synced and asked by three, killed all the while", database)
    chance = random.Random(seed)
    with ExitStack() as stack:
        place = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="preflight-", ignore_cleanup_errors=True))
        )
        folder = place / "docs"
        folder.mkdir()
        for number in range(30):
            _write(folder, number, chance)
        url, chromas = "", ["embedded", "none", "none"]
        if database != "sqlite":
            address = stack.enter_context(chroma_server(place / "server")).url
            chromas = [address] * _PROCESSES
        if database == "postgres":
            server = durable()
            stack.callback(server.remove)
            url = server.new_database(empty=True)
        Store(url, place / "data").close()
        tasks = [
            Task(f"w{i}", url, str(place / "data"), str(folder), chromas[i], seed) for i in range(_PROCESSES)
        ]
        workers = [_Worker(task, _start(task, place)) for task in tasks]
        stack.callback(_end, workers)
        died, changes = _break(workers, folder, place, n, chance)
        (place / "finish").touch()
        done = wait_until(lambda: all(w.process.poll() is not None for w in workers), _IN_THE_END, 0.2)
        outcome.demand(done, "a process did not come to an end")
        seen = _said(workers, place, outcome)
    lost = sum(s.lost for s in seen)
    outcome.counts = {
        "kills": died,
        "changes": changes,
        "syncs": sum(s.syncs for s in seen),
        "asked": sum(s.asked for s in seen),
        "second owners refused": sum(s.refused for s in seen),
        "lost": lost + sum(s.missed for s in seen),
        "wrong": sum(s.halves + s.owned_twice for s in seen),
    }
    outcome.demand(lost == 0, f"{lost} passages are not found by their own vectors in the end")
    for s in seen:
        outcome.demand(s.missed == 0, f"{s.missed} of {s.asked} passages were not found by their own vectors")
        outcome.demand(s.halves == 0, f"{s.halves} documents were there by half")
        outcome.demand(s.owned_twice == 0, "a second owner was refused without saying what to do")
    if database == "sqlite":
        outcome.demand(outcome.counts["second owners refused"] > 0, "no second owner was ever refused")
    return outcome


def _break(
    workers: list[_Worker], folder: Path, place: Path, n: int, chance: random.Random
) -> tuple[int, int]:
    """Change documents all the while, and kill one process or another ``n`` times."""
    died, changes = 0, 0
    victim = chance.choice(workers)
    at: float | None = None
    while died < n:
        _write(folder, chance.randrange(60), chance)
        if chance.random() < 0.2:
            (folder / f"d{chance.randrange(60)}.md").unlink(missing_ok=True)
        changes += 1
        time.sleep(1 / _CHANGES_A_SECOND)
        if at is None and _life(victim, place).exists():  # it is at work, so there is something to interrupt
            at = time.monotonic() + chance.uniform(*_UNTIL_THE_KILL)
        if at is not None and time.monotonic() >= at:
            victim.process.kill()
            victim.process.wait(10)
            victim.process = _start(victim.task, place)
            died += 1
            victim, at = chance.choice(workers), None
    wait_until(lambda: all(_life(w, place).exists() for w in workers), 30)
    return died, changes


def _life(worker: _Worker, place: Path) -> Path:
    """What the present process of a worker tells."""
    return place / f"seen-{worker.task.name}-{worker.process.pid}.json"


def _write(folder: Path, number: int, chance: random.Random) -> None:
    """A document of some sections, each one passage; replaced in one step, as editors do."""
    sections = [
        f"## Part {p}\n\nThis is said in part {p}, edition {chance.randrange(10**9)}, of document {number}."
        for p in range(chance.randint(2, _SECTIONS))
    ]
    fresh = folder / f".d{number}.new"
    fresh.write_text(f"# Document {number}\n\n" + "\n\n".join(sections) + "\n")
    fresh.rename(folder / f"d{number}.md")


def _start(task: Task, place: Path) -> subprocess.Popen[bytes]:
    with (place / f"log-{task.name}").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.corpus_worker", json.dumps(asdict(task))],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )


def _said(workers: list[_Worker], place: Path, outcome: Outcome) -> list[Seen]:
    """What every life of every process saw."""
    for worker in workers:
        last = _life(worker, place)
        if not last.exists() or not json.loads(last.read_text())["ended"]:
            log = (place / f"log-{worker.task.name}").read_text(errors="replace")
            outcome.demand(False, f"{worker.task.name} ended with an error: {log[-600:]}")
    return [Seen(**json.loads(told.read_text())) for told in sorted(place.glob("seen-*.json"))]


def _end(workers: list[_Worker]) -> None:
    for worker in workers:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait(10)


if __name__ == "__main__":
    main(run, n=60, databases=("sqlite", "postgres", "sqlite with a Chroma server"))
