"""Releases are stopped while the bot is killed at every step: one stop each, and everybody hears it once."""

from __future__ import annotations

import time
from collections import Counter

from sqlalchemy import select

from storage.schema import Audit, OutboxRows
from storage.store import Store
from tests.faults.cases import MEDIUM, circumstances, the_program
from tests.faults.checker import check
from tests.faults.hand import Line, click, interaction_request
from tests.faults.kills import FAULTS
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.replica import POINTS, Plan
from tests.faults.workplace import Workplace
from workflows.answers import Answer
from workflows.decision import Decision, Entry
from workflows.ids import QuestionId, ReleaseId
from workflows.program import Program
from workflows.release import Parts, Release
from workflows.scoring import assess
from workflows.use_case import UseCase

_PATIENCE = 60.0


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` versions in use; Lee presses Stop on each, and again until somebody answers."""
    outcome = Outcome("stops while the bot is killed", database)
    program = the_program()
    replicas = 2 if database == "postgres" else 1
    deaths = max(len(POINTS), n // 4) // replicas
    plans = [Plan(seed=seed, name=f"r{i}", deaths=deaths, pace=0.0, hurry=6.0) for i in range(replicas)]
    with Workplace(database, plans) as place:
        place.control("POST", "/sandbox/settings", {"rate_limits": False, "retry_speed": 6.0})
        # Without lost answers the step between a post and its answer would never be seen.
        place.control("POST", "/sandbox/faults", [{**f, "seed": f["seed"] + seed} for f in FAULTS])
        with place.memory() as store:
            wait_until(lambda: _people_known(store), 30)
            releases = [_in_use(store, program, number) for number in range(n)]
            for number, release in enumerate(releases):
                press = interaction_request(click("U0LEE", "release.stop", f"release|{release}", release))
                _until_answered([r.port for r in place.replicas], number, press)
            outcome.demand(
                place.settle(120), "something was still on its way two minutes after the last stop"
            )
            found = check(store, place.sandbox)
            _once_each(outcome, store, releases)
        died = place.deaths.read_text().splitlines() if place.deaths.exists() else []
        points = {line.split("\t")[3] for line in died}
        outcome.counts |= {"stops": n, "kills": len(died), "steps killed at": len(points)}
        outcome.add(found)
        outcome.demand(bool(died), "nothing was killed")
    return outcome


def _people_known(store: Store) -> bool:
    with store.read() as reading:
        return "U0LEE" in reading.directory().people


def _in_use(store: Store, program: Program, number: int) -> ReleaseId:
    """A use case whose version 1.0.0 is in use; its technical owner is Lee, its channel #claims."""
    circ = circumstances("U0DANA", program)
    now, dana = circ.now, circ.actor.user
    given = {"name": f"Case {number:05d}", "business_function": "claims", **MEDIUM}
    answers = {QuestionId(q): Answer(value=v, how="form", by=dana, at=now) for q, v in given.items()}
    with store.write() as tx:
        use_case = UseCase(
            id=tx.new_id("use_case"),
            title=f"Case {number:05d}",
            stage="pilot",
            submitter=dana,
            program=program.stamp,
            answers=answers,
            assessment=assess(program, program.intake, answers),
            created_at=now,
            submitted_at=now,
        )
        release = Release(
            id=tx.new_id("release"),
            use_case=use_case.id,
            version="1.0.0",
            status="live",
            proposed_by=dana,
            parts=Parts(prompt="p-1"),
            changed="The first version.",
            why="The pilot begins.",
            impact="None.",
            program=program.stamp,
            opened_at=now,
            live_at=now,
        )
        entries = tuple(Entry(action="fault.made", subject=a.subject) for a in (use_case, release))
        tx.apply(Decision(changed=(use_case, release), entries=entries), circ)
    return release.id


def _until_answered(ports: list[int], number: int, press: tuple[bytes, dict[str, str]]) -> None:
    """The same click, sent until it is acknowledged: whoever presses does not know what was kept."""
    until = time.monotonic() + _PATIENCE
    turn = number
    while time.monotonic() < until:
        line = Line(ports[turn % len(ports)])
        status, _ = line.send(*press)
        line.close()
        if status == 200:
            return
        turn += 1
        time.sleep(0.05)
    raise AssertionError("nobody answered for a minute")


def _once_each(outcome: Outcome, store: Store, releases: list[ReleaseId]) -> None:
    """One stop of each on record, and one message each to the channel and to everybody it concerns."""
    with store.read() as reading:
        stopped = Counter(
            reading.connection.execute(
                select(Audit.subject_id).where(Audit.action == "release.stopped", Audit.refused.is_(False))
            ).scalars()
        )
        told: Counter[str] = Counter()
        twice: Counter[tuple[str, str]] = Counter()
        for effect in reading.connection.execute(select(OutboxRows.effect)).scalars():
            if effect["effect"] == "post" and effect["kind"] == "release_told":
                told[effect["subject"]["id"]] += 1
                twice[(effect["subject"]["id"], str(effect["to"]))] += 1
        kept = [reading.get(Release, id) for id in releases]
    outcome.counts["told"] = sum(told.values())
    outcome.demand(all(r is not None and r.status == "stopped" for r in kept), "a version is not stopped")
    outcome.demand(set(stopped.values()) == {1} and len(stopped) == len(releases), "a stop is not there once")
    outcome.demand(len(set(told.values())) == 1 and len(told) == len(releases), "not everybody was told")
    outcome.demand(max(twice.values(), default=0) == 1, "somebody was told twice")


if __name__ == "__main__":
    main(run, n=200, databases=("sqlite", "postgres"))
