"""Ten thousand stories in which anyone presses anything in a case: nothing without a right is accepted."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.outcome import Outcome, main
from tests.workflows.test_approving_anyone_anything import AnyoneDoesAnything
from workflows.decision import Decision
from workflows.ids import UserId


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` stories of thirty steps each, against the rules; ``database`` only names the line."""
    outcome = Outcome("anyone presses anything", database)
    counts = {"stories": 0, "attempts": 0, "refused and audited": 0, "decisions": 0}

    class Counted(AnyoneDoesAnything):
        """The same rules and invariants, counted."""

        def __init__(self) -> None:
            super().__init__()
            counts["stories"] += 1

        def attempt(self, action: Any, user: UserId, **more: Any) -> Decision:
            decision = super().attempt(action, user, **more)
            counts["attempts"] += 1
            counts["refused and audited"] += any(e.refused for e in decision.entries)
            counts["decisions"] += any(
                e.action in ("seat.approved", "seat.rejected") for e in decision.entries
            )
            return decision

    Counted._hypothesis_internal_use_seed = seed
    try:
        run_state_machine_as_test(
            Counted,
            settings=settings(
                max_examples=n,
                stateful_step_count=30,
                deadline=None,
                database=None,
                verbosity=Verbosity.quiet,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except AssertionError as error:
        outcome.problems.append(f"a story ended where none may: {error}")
    outcome.counts = dict(counts)
    return outcome


if __name__ == "__main__":
    main(run, n=10_000, databases=("rules",))
