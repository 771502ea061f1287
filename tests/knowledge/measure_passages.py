"""How well explanations are found for questions: ``python -m tests.knowledge.measure_passages``.

Questions by turns: the even ones chose weights and threshold, the odd ones are reported.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.embedding import Embedder
from knowledge.passages import Passage, closest

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Figures:
    """Counts: questions with an answer, answered rightly, answered wrongly; others, and others answered."""

    answerable: int
    right: int
    wrong: int
    others: int
    answered_others: int


def passages() -> list[Passage]:
    """Explanations as a program gives them."""
    with (DATA / "passages.csv").open(encoding="utf-8", newline="") as file:
        return [Passage(row["id"], row["title"], row["text"]) for row in csv.DictReader(file)]


def questions() -> list[tuple[str, frozenset[str]]]:
    """Questions in people's words and the passages that answer them; none for other matters."""
    with (DATA / "passage_questions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["question"], frozenset(filter(None, row["passage"].split("|")))) for row in rows]


def measure(asked: Sequence[tuple[str, frozenset[str]]], embedder: Embedder | None) -> Figures:
    """Figures over these questions."""
    known = passages()
    right = wrong = answered_others = 0
    for question, answers in asked:
        for scored in closest(question, known, embedder):
            if not answers:
                answered_others += 1
            elif scored.id in answers:
                right += 1
            else:
                wrong += 1
    answerable = sum(bool(answers) for _, answers in asked)
    return Figures(answerable, right, wrong, len(asked) - answerable, answered_others)


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        for mode, embedder in (("with the model", Embedder(Path(cache))), ("words only", None)):
            for name, chosen in (("choosing half", questions()[::2]), ("reported half", questions()[1::2])):
                f = measure(chosen, embedder)
                print(
                    f"{mode}, {name}: of {f.answerable} answerable {f.right} right, {f.wrong} wrong; "
                    f"of {f.others} about other things {f.answered_others} answered"
                )


if __name__ == "__main__":
    main()
