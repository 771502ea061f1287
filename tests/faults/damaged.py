"""The program damaged at every field (left out, misspelt, of the wrong type, naming nothing)."""

from __future__ import annotations

import random

from tests.faults.outcome import Outcome, main
from tests.program.mutations import FILES, outcome, ways_to_damage, whole_files_read_once


def run(database: str, n: int, seed: int) -> Outcome:
    """Try ``n`` damages (all of them, if there are fewer), one after the other."""
    told = Outcome("every field of the program damaged", database)
    ways = [way for file in sorted(FILES) for way in ways_to_damage(file, every=True)]
    random.Random(seed).shuffle(ways)
    with whole_files_read_once():
        for way in ways[:n]:
            damage = way()
            problem = outcome(damage)
            told.demand(not problem, f"{damage}: {problem}")
    told.counts = {"fields and ways": len(ways), "tried": min(n, len(ways)), "wrong": len(told.problems)}
    return told


if __name__ == "__main__":
    main(run, n=1_000_000, databases=("sqlite",))
