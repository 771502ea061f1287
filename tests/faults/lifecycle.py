"""Anyone does anything with use cases, from idea to retirement: nothing passes a gate that should be shut."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import Cluster
from tests.faults.life.machine import PROBLEMS, TOTAL, Company
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import durable

STEPS_A_STORY = 40
"""Rules a story: each is one to a dozen steps."""


def run(database: str, n: int, seed: int) -> Outcome:
    """At least ``n`` steps against a real store, story after story, judged by the oracle after each."""
    outcome = Outcome("anyone does anything in the life of a use case", database)
    cluster: Cluster | None = durable() if database == "postgres" else None
    TOTAL.clear()
    PROBLEMS.clear()
    try:
        _stories(cluster, seed, n)
    finally:
        if cluster:
            cluster.remove()
    outcome.counts = dict(TOTAL)
    outcome.problems += PROBLEMS
    outcome.demand(TOTAL["steps"] >= n, f"only {TOTAL['steps']} steps of {n}")
    return outcome


def _stories(cluster: Cluster | None, seed: int, n: int) -> None:
    class Here(Company):
        """The company on this database."""

    Here.cluster, Here.wanted = cluster, n
    Here._hypothesis_internal_use_seed = seed
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=20 + n // 20,  # the last ones rest
            stateful_step_count=STEPS_A_STORY,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        ),
    )


if __name__ == "__main__":
    main(run, n=10_000)
