"""Bringing a corpus in: beside the model alone, and again with nothing changed at 100,000 passages.

The first sync and the model alone have their turns in ten rounds, each on the same paragraphs, so that a
machine that gets slower gets slower for both; each round has a model that remembers nothing. For the second,
folders of files are written and brought in with vectors that cost nothing, since only the time in which
nothing is to be done is measured; the command line is a process of its own, with its start.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.loading import Loaded
from knowledge.passages_of import passages
from knowledge.syncing import Source, sentences_of, sync
from storage.store import Store
from tests.bench import squad
from tests.bench.printed import show
from tests.faults.postgres import NoPostgres, durable
from tests.faults.workplace import ROOT

DEMANDED_SHARE = 0.9
DEMANDED_SECONDS = 5.0
_ROUNDS = 10
_PASSAGES_A_FILE = 20
_LONG_AGO = 1_700_000_000


def first(every: int = 1) -> None:
    """The rate of a first sync beside that of the model, on every so manieth paragraph."""
    found = squad.read_set().paragraphs[::every]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        Embedder(folder / "model").load()
        places = _stores(stack, folder)
        took = dict.fromkeys(["the model alone", *places], 0.0)
        texts = 0
        load = os.getloadavg()[0]
        for number in range(_ROUNDS):
            part = found[number::_ROUNDS]
            place = folder / f"part{number}"
            place.mkdir()
            for n, p in enumerate(part):
                (place / f"{p.article} {n}.md").write_text(f"# {p.article}\n\n{p.text}\n", encoding="utf-8")
            cut = [passages(Loaded(p.text), p.article) for p in part]
            said = [text for each in cut for p in each for text in (p.indexed, *sentences_of(p))]
            model = _fresh(folder)
            begun = time.perf_counter()
            model.embed(said)
            took["the model alone"] += time.perf_counter() - begun
            texts += len(said)
            for name, at in places.items():
                model = _fresh(folder)
                begun = time.perf_counter()
                report = sync(at.store, Source(place.name, place), model, _now)
                took[name] += time.perf_counter() - begun
                assert not report.problems, report.problems
    alone = took["the model alone"]
    rows = [[f"first sync, {len(found)} documents, load {load:.1f}", "texts/s", "of the model's", "demand"]]
    for name, seconds in took.items():
        short = " MISSED" if alone / seconds < DEMANDED_SHARE else ""
        wanted = "" if name == "the model alone" else f"{DEMANDED_SHARE:.0%}{short}"
        rows.append([name, f"{texts / seconds:.1f}", f"{alone / seconds:.1%}", wanted])
    show(rows)


def again(size: int = 100_000) -> None:
    """The seconds of a sync in which nothing has changed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        files = folder.resolve() / "files"
        source = Source(str(files), files)  # as the command line names it
        _write(files, size)
        rows = [[f"sync with nothing changed, {size:,} passages", "files", "load", "seconds", "demand"]]
        for name, at in _stores(stack, folder).items():
            begun = time.perf_counter()
            report = sync(at.store, source, _Free(folder / "model"), _now)
            print(f"{name}: {report.passages:,} passages written in {time.perf_counter() - begun:.0f} s")
            times = []
            for _ in range(3):
                begun = time.perf_counter()
                report = sync(at.store, source, Embedder(folder / "model"), _now)
                times.append(time.perf_counter() - begun)
                assert report.unchanged == len(list(files.iterdir()))
            begun = time.perf_counter()
            command = [sys.executable, "-m", "bot.cli", "corpus", "sync", str(files)]
            subprocess.run(command, cwd=ROOT, env=at.environment, check=True, stdout=subprocess.DEVNULL)
            whole = time.perf_counter() - begun
            for what, seconds in ((name, sorted(times)[1]), (f"{name}, command line", whole)):
                wanted = f"{DEMANDED_SECONDS:.0f}" + (" MISSED" if seconds > DEMANDED_SECONDS else "")
                rows.append(
                    [what, str(report.unchanged), f"{os.getloadavg()[0]:.1f}", f"{seconds:.2f}", wanted]
                )
        show(rows)


class _Free(Embedder):
    """Vectors that cost nothing and mean nothing."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.zeros((len(texts), self.dimensions), np.float32)
        found[:, 0] = 1.0
        return found


def _fresh(folder: Path) -> Embedder:
    made = Embedder(folder / "model")
    made.load()
    return made


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Place:
    """A store and where it is, for another process."""

    store: Store
    environment: dict[str, str]


def _stores(stack: ExitStack, folder: Path) -> dict[str, _Place]:
    urls = {"SQLite": ""}
    try:
        server = durable()
        stack.callback(server.remove)
        urls["PostgreSQL"] = server.new_database(empty=True)
    except NoPostgres as error:
        print(f"PostgreSQL: {error}")
    places = {}
    for name, url in urls.items():
        data = folder / name
        store = Store(url, data)
        stack.callback(store.close)
        others = {k: v for k, v in os.environ.items() if not k.startswith(("PREFLIGHT_", "SLACK_"))}
        places[name] = _Place(store, {**others, "PREFLIGHT_DATA_DIR": str(data), "DATABASE_URL": url})
    return places


def _write(files: Path, size: int) -> None:
    """Files of Markdown with twenty passages each, under headings, last changed long ago."""
    files.mkdir()
    said = [p.text for p in squad.read_set().paragraphs if 600 <= len(p.text) <= 1_000]
    for number in range(size // _PASSAGES_A_FILE):
        parts = [f"# Document {number}"]
        for n in range(_PASSAGES_A_FILE):
            parts.append(f"## Part {n}\n\n{said[(number * 7 + n) % len(said)]}")
        place = files / f"{number:05}.md"
        place.write_text("\n\n".join(parts), encoding="utf-8")
        os.utime(place, (_LONG_AGO, _LONG_AGO))
