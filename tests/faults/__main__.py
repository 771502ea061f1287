"""Every fault run at full size, one after the other, and a table: ``python -m tests.faults``."""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.faults import (
    approvers,
    corpus_at_once,
    damaged,
    digests,
    disk_full,
    duplicates,
    forged,
    half_told,
    index_down,
    kills,
    lifecycle,
    pace,
    restarts,
    rights,
    stop_told,
    three_weeks,
)
from tests.faults.outcome import Outcome, Run

BOTH = ("sqlite", "postgres")
RUNS: tuple[tuple[Run, int, tuple[str, ...]], ...] = (
    (kills.run, 1_000, BOTH),
    (half_told.run, 120, BOTH),
    (duplicates.run, 1_000, ("postgres",)),
    (approvers.run, 1_000, BOTH),
    (stop_told.run, 200, BOTH),
    (rights.run, 10_000, ("sqlite",)),
    (lifecycle.run, 10_000, BOTH),
    (forged.run, 10_000, ("sqlite",)),
    (restarts.run, 20, ("postgres",)),
    (disk_full.run, 20, ("sqlite",)),
    (three_weeks.run, 20, ("sqlite",)),
    (pace.run, 200, ("sqlite",)),
    (digests.run, 104, ("postgres",)),
    (corpus_at_once.run, 60, (*BOTH, "sqlite with a Chroma server")),
    (index_down.run, 20, ("sqlite",)),
    (damaged.run, 1_000_000, ("sqlite",)),
)
"""Each run, its full size, and the databases it is about."""


def _name(run: Run) -> str:
    return str(run.__module__).rpartition(".")[2]  # type: ignore[attr-defined]


def main() -> None:
    """Run all; exit 1 when anything was lost, double or wrong."""
    if sys.argv[1:2] == ["digests"] and len(sys.argv) > 2:
        # This one has switches of its own.
        digests.main(sys.argv[2:])
    parser = argparse.ArgumentParser(description="Every fault run at full size.")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("name", nargs="?", default="", help="those whose name begins so, such as corpus")
    parser.add_argument("--only", help="the same")
    parser.add_argument("--steps", type=int, help="how many, in place of the full size")
    parser.add_argument("--db", choices=BOTH, help="on this database alone")
    given = parser.parse_args()
    seed = given.seed
    named = given.only or given.name
    chosen = [
        (run, given.steps or n, tuple(d for d in on if given.db in (None, d)))
        for run, n, on in RUNS
        if _name(run).startswith(named)
    ]
    if not chosen:
        parser.error(f"there is {', '.join(_name(r[0]) for r in RUNS)}")
    print(f"seed {seed}", flush=True)
    outcomes: list[Outcome] = []
    for run, n, databases in chosen:
        for database in databases:
            started = time.monotonic()
            outcome = run(database, n, seed)
            outcome.counts["took, s"] = round(time.monotonic() - started)
            outcome.print()
            outcomes.append(outcome)
    print()
    for outcome in outcomes:
        lost, double, wrong = (outcome.counts.get(k, 0) for k in ("lost", "double", "wrong"))
        name = f"{outcome.name} ({outcome.database})"
        print(f"{name:<75} lost {lost}, double {double}, wrong {wrong}  {'ok' if outcome.sound else 'FAIL'}")
    sys.exit(0 if all(o.sound for o in outcomes) else 1)


if __name__ == "__main__":
    main()
