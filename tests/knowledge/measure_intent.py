"""What the bot takes utterances for: ``python -m tests.knowledge.measure_intent [--fitting] [--wrong]``.

Prints accuracy, confusion matrix, precision and recall of the rules alone and of rules and model, on the set
that is only reported; with ``--fitting`` on the one that rules and weights were made on. ``--wrong`` lists
what was wrong.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from knowledge.embedding import Embedder
from tests.knowledge.intents import accuracy, matrix, outcome, printed, utterances


def main() -> None:
    name = "intents_fitting.jsonl" if "--fitting" in sys.argv else "intents_reported.jsonl"
    said = utterances(name)
    with tempfile.TemporaryDirectory() as cache:
        for mode, embedder in (("rules alone", None), ("rules and model", Embedder(Path(cache)))):
            found = matrix(said, embedder)
            print(f"{name}, {mode}: {accuracy(found):.3f} of {len(said)}\n\n{printed(found)}\n")
            if "--wrong" in sys.argv:
                for u in said:
                    taken = outcome(u, embedder)
                    if taken != u.intent:
                        print(f"{u.intent} taken for {taken}: {u.text!r} {u.context}")
                print()


if __name__ == "__main__":
    main()
