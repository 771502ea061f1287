"""A peer as a process of its own: ``.venv-peers/bin/python -P tests/bench/peer.py NAME``.

Of ours only ``knowledge.embedding`` is loaded here, the model that all share: one of LlamaIndex's packages is
called ``workflows``, and so is one of ours. Reads JSON lines: first the files of passages (and, for corpora
made for speed, of their vectors), the model's folder and one for indexes; then a question a line with the
number of the system that is asked. Writes versions and the seconds it took to index, then for each question
the paragraphs, best first, and seconds of a call and of the processor, both taken here, within the process.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from knowledge.embedding import Embedder

Ask = Callable[[str], list[int]]


@dataclass(frozen=True)
class Given:
    """What a peer's ``build`` is given. ``texts`` and ``paragraphs`` (their numbers) go together."""

    texts: Sequence[str]
    paragraphs: Sequence[int]
    embedder: Embedder
    at_most: int
    """How many passages each retriever, and the whole, may name."""
    folder: Path
    known: NDArray[np.float32] | None
    """``(len(texts), dimensions)``; without it the peer embeds the texts."""

    def embed(self, text: str) -> list[float]:
        """One text's vector, as these libraries pass them."""
        return [float(x) for x in self.embedder.embed([text])[0]]


def main() -> None:
    """Build, then answer until the input ends."""
    # Behind the installed packages, so that each library finds its own.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    import numpy as np

    from knowledge.embedding import Embedder

    peer: Any = importlib.import_module(f"tests.bench.peer_{sys.argv[1]}")
    order = json.loads(sys.stdin.readline())
    embedder = Embedder(Path(order["model"]))
    embedder.load()
    chunks = [json.loads(line) for line in Path(order["chunks"]).read_text(encoding="utf-8").splitlines()]
    given = Given(
        [text for _, text in chunks],
        [paragraph for paragraph, _ in chunks],
        embedder,
        order["at_most"],
        Path(order["folder"]),
        np.load(order["vectors"]) if order["vectors"] else None,
    )
    begun = time.perf_counter()
    asks: list[Ask] = peer.build(given)
    took = time.perf_counter() - begun
    names = [f"{package} {version(package)}" for package in peer.PACKAGES]
    _say({"names": peer.NAMES, "packages": names, "seconds": took})
    for line in sys.stdin:
        number, question = json.loads(line)
        begun, busy = time.perf_counter(), time.process_time()
        named = asks[number](question)
        _say([named, time.perf_counter() - begun, time.process_time() - busy])


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
