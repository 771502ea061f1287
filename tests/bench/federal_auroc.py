"""How well the computed tier tells the federal inventory's labelled rows apart, label unseen.

Imports the inventory under the default program and its mapping, whose rules may not read the label or the
questions that were only asked because of it, and then compares the risk with the label: rights- or
safety-impacting against neither. The risk of a row is its tier, and within a tier the number of rules that
hold. Prints the area under the ROC curve, with a 95% interval from resampling the rows.

    python -m tests.bench.federal_auroc
"""

from __future__ import annotations

import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from storage.program_folder import default_program_folder, read_program
from workflows.ids import TIERS, UseCaseId
from workflows.import_rows import read_rows
from workflows.importing import imported, read_list
from workflows.use_case import TierFinding

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("PREFLIGHT_SHARED", ROOT.parent / "shared"))
INVENTORY = SHARED / "data" / "federal" / "2024_inventory.csv"
LABEL = "Is the AI use case rights-impacting, safety-impacting, both, or neither?"
PUBLIC_KEYWORD_SCORER = 0.725


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The chance that a labelled row has a higher score than an unlabelled one; equal scores count half."""
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for place in range(start, end):
            ranks[order[place]] = (start + end + 1) / 2
        start = end
    positive = sum(labels)
    negative = len(labels) - positive
    total = sum(r for r, label in zip(ranks, labels, strict=True) if label)
    return (total - positive * (positive + 1) / 2) / (positive * negative)


def risk(found: TierFinding) -> float:
    """The tier, and within it how many rules hold."""
    return TIERS.index(found.tier) + len(found.rules) / 100


def labelled(cell: str) -> bool | None:
    """Whether a row is labelled as impacting; ``None`` where its label says nothing."""
    said = cell.lower()
    if "neither" in said:
        return False
    return True if any(w in said for w in ("both", "rights", "safety")) else None


def main() -> int:
    """Measure and print."""
    if not INVENTORY.exists():
        print(
            f"The inventory is not there: {INVENTORY}. Set PREFLIGHT_SHARED to the folder that holds data/."
        )
        return 1
    program = read_program(default_program_folder())
    listing = read_rows(INVENTORY.read_bytes())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tiers: list[tuple[TierFinding, bool]] = []
    unlabelled = 0
    for number, reading in enumerate(read_list(program.imports["federal_2024"], program, listing.rows)):
        label = labelled(reading.row.cells.get(LABEL, ""))
        use_case = imported(reading, UseCaseId(f"UC-{number}"), program, now)
        if label is None or use_case.assessment is None:
            unlabelled += 1
            continue
        tiers.append((use_case.assessment.tier, label))
    labels = [label for _, label in tiers]
    scores = [risk(found) for found, _ in tiers]
    area = auroc(scores, labels)
    bare = auroc([float(TIERS.index(found.tier)) for found, _ in tiers], labels)
    chance = random.Random(7)
    drawn = []
    for _ in range(500):
        rows = chance.choices(range(len(tiers)), k=len(tiers))
        drawn.append(auroc([scores[i] for i in rows], [labels[i] for i in rows]))
    drawn.sort()
    table = Counter((found.tier, label) for found, label in tiers)
    print(f"{len(listing.rows)} rows, {sum(labels)} labelled as impacting, {unlabelled} without a label")
    for tier in TIERS:
        yes, no = table[tier, True], table[tier, False]
        share = f"{yes / (yes + no):.0%} impacting" if yes + no else "-"
        print(f"  {tier:<11}{yes:>5} impacting {no:>5} neither   {share}")
    print(f"AUROC {area:.3f} (95% {drawn[12]:.3f} to {drawn[487]:.3f}); tier alone {bare:.3f}")
    print(f"A public keyword scorer reaches {PUBLIC_KEYWORD_SCORER}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
