"""How well similar use cases are found: ``python -m tests.knowledge.measure_similar``.

Three checks. Pairs of the public federal inventory (row numbers with a judgement; the rows stay where the
inventory is, ``PREFLIGHT_SHARED`` or ``../shared``): the even ones chose weights and threshold, the odd ones
are reported. Short use cases of our own, each with one other that does the same job in other words: likewise.
And uses of the inventory that share their name with one to four others: given only the purpose of one,
is one of the others found?
"""

from __future__ import annotations

import csv
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder
from knowledge.similar import Candidate, rank_similar

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parents[2]
INVENTORY = (
    Path(os.environ.get("PREFLIGHT_SHARED", ROOT.parent / "shared")) / "data/federal/2024_inventory.csv"
)
LONGEST = 1500


@dataclass(frozen=True)
class Row:
    """A use case of the inventory."""

    name: str
    purpose: str

    @property
    def text(self) -> str:
        return f"{self.name}. {self.purpose}"


@dataclass(frozen=True)
class Figures:
    """Judged pairs: how many are alike, how many are shown, and how many of those shown are alike."""

    alike: int
    shown: int
    right: int


def inventory() -> list[Row]:
    """The use cases of the inventory, in order."""
    with INVENTORY.open(encoding="cp1252", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [Row(row[0].strip(), row[7].strip()[:LONGEST]) for row in rows]


def judged() -> list[tuple[int, int, bool]]:
    """Pairs of row numbers and whether a person called them similar."""
    with (DATA / "similar_pairs.csv").open(newline="") as file:
        return [(int(r["query"]), int(r["candidate"]), r["similar"] == "1") for r in csv.DictReader(file)]


def own_pairs() -> list[tuple[str, str]]:
    """Short use cases of our own, two and two alike."""
    with (DATA / "use_case_pairs.csv").open(encoding="utf-8", newline="") as file:
        return [(r["one"], r["other"]) for r in csv.DictReader(file)]


def candidates(texts: Sequence[str], embedder: Embedder | None) -> list[Candidate]:
    """The texts as candidates named by their place, with vectors if there is a model."""
    vectors: Sequence[NDArray[np.float32] | None] = (
        [None] * len(texts) if embedder is None else list(embedder.embed(texts))
    )
    return [Candidate(str(i), text, vectors[i]) for i, text in enumerate(texts)]


def measure_pairs(
    pairs: Sequence[tuple[int, int, bool]], known: Sequence[Candidate], embedder: Embedder | None
) -> Figures:
    """Each judged candidate among all the others: is it shown, however low its rank?"""
    shown = right = 0
    for query, candidate, alike in pairs:
        found = rank_similar(known[query].text, known, embedder, limit=len(known))
        if any(similar.id == str(candidate) for similar in found):
            shown += 1
            right += alike
    return Figures(sum(alike for *_, alike in pairs), shown, right)


def measure_own(known: Sequence[Candidate], first: int, embedder: Embedder | None) -> tuple[int, int, int]:
    """(asked, partner shown among the best three, others shown beside) for every second pair."""
    asked = found = beside = 0
    for row, candidate in enumerate(known):
        if row // 2 % 2 != first:
            continue
        rest = [other for other in known if other is not candidate]
        ids = {similar.id for similar in rank_similar(candidate.text, rest, embedder, limit=3)}
        asked += 1
        found += str(row ^ 1) in ids
        beside += len(ids - {str(row ^ 1)})
    return asked, found, beside


def measure_namesakes(
    rows: Sequence[Row], known: Sequence[Candidate], embedder: Embedder | None
) -> tuple[int, int, int]:
    """(asked, namesake shown first, namesake among the three shown), asking with the purpose alone."""
    groups: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        groups[row.name.casefold()].append(i)
    asked = first = among = 0
    for group in groups.values():
        if not 1 < len(group) <= 5:
            continue
        for query in group:
            rest = [candidate for i, candidate in enumerate(known) if i != query]
            shown = [int(s.id) for s in rank_similar(rows[query].purpose, rest, embedder, limit=3)]
            asked += 1
            first += bool(shown) and shown[0] in group
            among += any(i in group for i in shown)
    return asked, first, among


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        for mode, embedder in (("with the model", Embedder(Path(cache))), ("words only", None)):
            print(mode)
            short = candidates([text for pair in own_pairs() for text in pair], embedder)
            for half, name in enumerate(("choosing half", "reported half")):
                asked, found, beside = measure_own(short, half, embedder)
                print(f"  own use cases, {name}: partner shown for {found}/{asked}, {beside} others beside")
            if not INVENTORY.exists():
                print(f"  the federal inventory is not at {INVENTORY}: skipped")
                continue
            rows = inventory()
            known = candidates([row.text for row in rows], embedder)
            for name, pairs in (("choosing half", judged()[::2]), ("reported half", judged()[1::2])):
                f = measure_pairs(pairs, known, embedder)
                print(
                    f"  judged pairs, {name}: precision {f.right}/{f.shown} ({f.right / f.shown:.2f}), "
                    f"recall {f.right}/{f.alike} ({f.right / f.alike:.2f})"
                )
            asked, first, among = measure_namesakes(rows, known, embedder)
            print(f"  namesakes by purpose alone: first {first}/{asked}, among three {among}/{asked}")
            started = time.perf_counter()
            for query in range(0, 1000, 50):
                rank_similar(rows[query].text, known, embedder)
            print(f"  {(time.perf_counter() - started) / 20 * 1000:.0f} ms a query over {len(known)}")


if __name__ == "__main__":
    main()
