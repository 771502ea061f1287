"""What is measured side by side: each takes a question and gives paragraphs back, best first.

Ours runs in this process, on the real store; a peer in one of its own (``tests/bench/peer.py`` says why).
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.answering import answer
from knowledge.embedding import Embedder
from knowledge.retrieval import Retriever
from storage.store import Store

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
AT_MOST = 10
"""How many passages a system may name."""
PEERS = ("langchain", "llama_index", "haystack")


class NotThere(Exception):
    """A peer could not be set up; ``str()`` says why."""


@dataclass(frozen=True)
class Chunk:
    """A passage as every system is given it: title, section and text; and the paragraph it is of."""

    paragraph: int
    text: str


class Asked(NamedTuple):
    """Paragraphs, best first; seconds that passed; seconds of processor time in the system's own process."""

    named: list[int]
    seconds: float
    busy: float


@dataclass
class System:
    """One that is asked, with what came of it."""

    name: str
    ask: Callable[[str], Asked]
    index_seconds: float | None
    """From the texts to the first question; ``None`` where it shares the index of the one before."""
    seconds: list[float] = field(default_factory=list)
    """Of each question asked."""
    busy: list[float] = field(default_factory=list)
    """Processor time of each; without a database server's."""
    ranks: list[int] = field(default_factory=list)
    """Of the right paragraph among those named; 0: not there."""

    def put(self, question: str, right: int = -1) -> None:
        """Ask and keep what came of it."""
        asked = self.ask(question)
        self.seconds.append(asked.seconds)
        self.busy.append(asked.busy)
        self.ranks.append(asked.named.index(right) + 1 if right in asked.named else 0)


def ours(name: str, store: Store, embedder: Embedder | None, index_seconds: float | None = None) -> System:
    """Question to answer through the real store; a document's path ends in its paragraph's number."""
    retriever = Retriever(embedder)

    def ask(question: str) -> Asked:
        begun, busy = time.perf_counter(), time.process_time()
        with store.read() as reading:
            told = answer(retriever, reading, question)
        took = time.perf_counter() - begun, time.process_time() - busy
        return Asked(list(dict.fromkeys(int(c.path.rsplit("/", 1)[-1]) for c in told.citations)), *took)

    return System(name, ask, index_seconds)


def peer(
    stack: ExitStack,
    name: str,
    chunks: Sequence[Chunk],
    folder: Path,
    vectors: NDArray[np.float32] | None = None,
) -> tuple[list[System], str]:
    """A peer's systems with their indexes built, and its versions; its process ends with the stack.

    ``folder`` holds the model's graph in ``model`` and takes the rest. Raises :class:`NotThere`.
    """
    if not PYTHON.exists():
        raise NotThere("its environment is not set up; `make bench` does that")
    place = folder / name
    place.mkdir()
    lines = (json.dumps((chunk.paragraph, chunk.text)) for chunk in chunks)
    (place / "chunks").write_text("\n".join(lines), encoding="utf-8")
    if vectors is not None:
        np.save(place / "vectors.npy", vectors)
    process = subprocess.Popen(
        [str(PYTHON), "-P", str(Path(__file__).with_name("peer.py")), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(place / "log").open("wb"),
        text=True,
    )
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)
    order = {
        "chunks": str(place / "chunks"),
        "vectors": str(place / "vectors.npy") if vectors is not None else "",
        "model": str(folder / "model"),
        "folder": str(place / "index"),
        "at_most": AT_MOST,
    }
    told = _told(process, order, place)
    systems = [
        System(shown, partial(_ask, process, number, place), None if number else float(told["seconds"]))
        for number, shown in enumerate(told["names"])
    ]
    return systems, ", ".join(told["packages"])


def _ask(process: subprocess.Popen[str], number: int, place: Path, question: str) -> Asked:
    return Asked(*_told(process, [number, question], place))


def _told(process: subprocess.Popen[str], asked: object, place: Path) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    line = ""
    try:
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        pass
    if not line:
        last = (place / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise NotThere("its process ended: " + " ".join(last))
    return json.loads(line)
