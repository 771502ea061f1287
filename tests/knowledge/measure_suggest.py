"""How often suggestions from a first sentence are right: ``python -m tests.knowledge.measure_suggest``.

The labelled sentences are split by turns: the even ones chose the thresholds, the odd ones are reported. A
third file was written after everything was fixed. A label with ``?`` is acceptable but not expected: it is
not wrong when suggested and not missed when it is not.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.embedding import Embedder
from knowledge.suggest import Option, Prompt, suggest

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Labelled:
    """A sentence with, per question, the options it says (expected) and those it may be taken to say."""

    sentence: str
    expected: dict[str, frozenset[str]]
    acceptable: dict[str, frozenset[str]]


@dataclass(frozen=True)
class Figures:
    """Counts over sentences: options suggested, wrong among them, expected, and expected and found."""

    suggested: int
    wrong: int
    expected: int
    found: int

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.suggested if self.suggested else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0


def prompts() -> list[Prompt]:
    """The choice questions that the sentences are labelled for."""
    read = yaml.safe_load((DATA / "suggest_prompts.yaml").read_text(encoding="utf-8"))
    return [
        Prompt(
            p["id"], [Option(o["id"], o["label"], o["phrases"]) for o in p["options"]], p.get("many", False)
        )
        for p in read
    ]


def labelled(name: str) -> list[Labelled]:
    """The labelled sentences of a file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    questions = [prompt.question_id for prompt in prompts()]
    found = []
    for row in rows:
        labels = {q: [label for label in row[q].split(";") if label] for q in questions}
        expected = {q: frozenset(x for x in labels[q] if not x.endswith("?")) for q in questions}
        acceptable = {q: frozenset(x.rstrip("?") for x in labels[q]) for q in questions}
        found.append(Labelled(row["sentence"], expected, acceptable))
    return found


def measure(sentences: Sequence[Labelled], embedder: Embedder | None) -> dict[str, Figures]:
    """Figures per question, and under ``all`` together."""
    asked = prompts()
    counts: Counter[tuple[str, str]] = Counter()
    for item in sentences:
        got = suggest(item.sentence, asked, embedder)
        for prompt in asked:
            q = prompt.question_id
            ids = frozenset(got[q].option_ids) if q in got else frozenset()
            for name, count in (
                ("suggested", len(ids)),
                ("wrong", len(ids - item.acceptable[q])),
                ("expected", len(item.expected[q])),
                ("found", len(ids & item.expected[q])),
            ):
                counts[q, name] += count
                counts["all", name] += count
    names = ("suggested", "wrong", "expected", "found")
    return {q: Figures(*(counts[q, n] for n in names)) for q in ["all", *(p.question_id for p in asked)]}


def main() -> None:
    sentences = labelled("suggest_sentences.csv")
    sets = {"choosing half": sentences[::2], "reported half": sentences[1::2]}
    if (DATA / "suggest_fresh.csv").exists():
        sets["written after"] = labelled("suggest_fresh.csv")
    with tempfile.TemporaryDirectory() as cache:
        for mode, embedder in (("with the model", Embedder(Path(cache))), ("words only", None)):
            for name, chosen in sets.items():
                print(f"{mode}, {name}: {len(chosen)} sentences")
                for question, f in measure(chosen, embedder).items():
                    print(
                        f"  {question:10} precision {f.precision:.3f} ({f.suggested - f.wrong}/{f.suggested})"
                        f"  recall {f.recall:.3f} ({f.found}/{f.expected})"
                    )
                if "--wrong" in sys.argv:
                    for item in chosen:
                        for q, s in suggest(item.sentence, prompts(), embedder).items():
                            bad = set(s.option_ids) - item.acceptable[q]
                            if bad:
                                print(f"    wrong: {item.sentence!r} {q}: {sorted(bad)} {s.score:.2f}")


if __name__ == "__main__":
    main()
