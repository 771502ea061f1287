"""PostgreSQL is stopped the hard way every few seconds while people write: nothing is lost."""

from __future__ import annotations

import random
import threading
import time

from tests.faults.checker import check
from tests.faults.hand import Line, command_request
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.replica import Plan
from tests.faults.story import idea
from tests.faults.workplace import Workplace

_EVERY = 3.0
_AWAY = 1.0
_RECOVERY = 5.0
_PEOPLE = 20


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` stops; two replicas; about five messages a second all the while."""
    outcome = Outcome("the database is stopped the hard way", database)
    chance = random.Random(seed)
    plans = [Plan(name=f"r{i}", pace=0.0, hurry=6.0) for i in range(2)]
    with Workplace(database, plans, people=_PEOPLE) as place:
        place.control("POST", "/sandbox/settings", {"rate_limits": False, "retry_speed": 6.0})
        assert place.postgres is not None
        over = threading.Event()
        written: list[str] = []

        def write() -> None:
            while not over.wait(chance.expovariate(5.0)):
                number = len(written)
                sent = place.act("message", f"clerk{number % _PEOPLE}", channel="@app", text=idea(number))
                written.append(str(sent["ts"]))

        people = threading.Thread(target=write)
        people.start()
        recoveries = []
        for _ in range(n):
            time.sleep(_EVERY)
            place.postgres.stop("immediate")
            time.sleep(_AWAY)
            since = time.monotonic()
            place.postgres.start()
            outcome.demand(wait_until(lambda: _all_answer(place), 30), "a replica did not come back in 30 s")
            recoveries.append(time.monotonic() - since)
        over.set()
        people.join()
        outcome.demand(place.settle(180), "something was still on its way three minutes later")
        with place.memory() as store:
            found = check(store, place.sandbox)
        outcome.counts = {
            "stops": n,
            "messages": len(written),
            "acknowledged": found.acknowledged,
            "slowest recovery, s": max(recoveries),
        }
        outcome.add(found)
        outcome.demand(max(recoveries) < _RECOVERY, f"recovery took {max(recoveries):.1f} s")
        outcome.demand(all(r.process.poll() is None for r in place.replicas), "a replica ended")
    return outcome


def _all_answer(place: Workplace) -> bool:
    """Every replica is ready and does something that reads the database."""
    for replica in place.replicas:
        line = Line(replica.port)
        status, body = line.send(*command_request("U0DANA", "drafts"))
        line.close()
        if replica.status() != 200 or status != 200 or b"could not" in body:
            return False
    return True


if __name__ == "__main__":
    main(run, n=20, databases=("postgres",))
