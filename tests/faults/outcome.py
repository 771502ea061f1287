"""What a fault run reports: counts on one line, and whether anything was lost, double or wrong."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tests.faults.checker import Findings


@dataclass
class Outcome:
    """The counts of one run. ``problems`` are sentences about what must never happen and did."""

    name: str
    database: str
    counts: dict[str, float | int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing happened that never must."""
        return not self.problems

    def add(self, found: Findings) -> None:
        """Take over what the checker saw."""
        for name in ("posts", "decisions", "audit_rows", "owned_up"):
            if getattr(found, name):
                self.counts[name.replace("_", " ")] = getattr(found, name)
        self.counts |= {"lost": len(found.lost), "double": len(found.doubled), "wrong": len(found.wrong)}
        self.problems += [*found.lost, *found.doubled, *found.wrong]

    def demand(self, holds: bool, problem: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(problem)

    def line(self) -> str:
        """All counts on one line."""
        told = ", ".join(
            f"{name} {value:,.2f}" if isinstance(value, float) else f"{name} {value:,}"
            for name, value in self.counts.items()
        )
        return f"{'ok  ' if self.sound else 'FAIL'} {self.name} ({self.database}): {told}"

    def print(self) -> None:
        """The line, and the first of the problems."""
        print(self.line(), flush=True)
        for problem in self.problems[:12]:
            print(f"     {problem}", flush=True)
        if len(self.problems) > 12:
            print(f"     and {len(self.problems) - 12} more", flush=True)


class Run(Protocol):
    """A fault run: how large, on which database, from which seed."""

    def __call__(self, database: str, n: int, seed: int) -> Outcome: ...


def main(run: Run, *, n: int, databases: tuple[str, ...] = ("sqlite", "postgres")) -> None:
    """The command line of a run; exits 1 when anything was lost, double or wrong."""
    parser = argparse.ArgumentParser(description=(sys.modules[run.__module__].__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--database", choices=databases, action="append", help="default: every one that applies"
    )
    parser.add_argument("--n", type=int, default=n, help=f"how many (default {n})")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args()
    fine = True
    print(f"seed {given.seed}", flush=True)
    for database in given.database or databases:
        outcome = run(database, given.n, given.seed)
        outcome.print()
        fine = fine and outcome.sound
    sys.exit(0 if fine else 1)


def every(count: int, do: Callable[[int], None], threads: int = 8) -> None:
    """``do(0)`` to ``do(count - 1)``, several at a time; raises what any of them raised."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(do, range(count)):
            pass
