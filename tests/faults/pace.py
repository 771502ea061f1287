"""The permitted pace: many messages for a few conversations, and never two within a second in one channel."""

from __future__ import annotations

import random
import time
from collections import Counter

from tests.faults.checker import check
from tests.faults.outcome import Outcome, main
from tests.faults.replica import Plan
from tests.faults.story import idea
from tests.faults.workplace import Workplace

_CHANNELS = 10


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` messages to ten people at once, with Slack's limits in force and some refusals of its own."""
    outcome = Outcome("the permitted pace", database)
    with Workplace(database, [Plan()], people=_CHANNELS) as place:
        place.control("POST", "/sandbox/settings", {"post_burst": 1})
        refusal = {
            "match": {"method": "chat.postMessage"},
            "action": "429",
            "probability": 0.05,
            "seed": seed,
        }
        place.control("POST", "/sandbox/faults", {**refusal, "retry_after": 2})
        order = [i % _CHANNELS for i in range(n)]
        random.Random(seed).shuffle(order)
        started = time.monotonic()
        for number, clerk in enumerate(order):
            place.act("message", f"clerk{clerk}", channel="@app", text=idea(number))
        outcome.demand(place.settle(30 + 4 * n / _CHANNELS), "something was still on its way")
        took = time.monotonic() - started
        with place.memory() as store:
            found = check(store, place.sandbox, pace=1.0)
        asked_to_wait = Counter(c["fault"] for c in place.sandbox.world.calls.read() if c["http"] == 429)
        outcome.counts = {
            "messages": n,
            "channels": _CHANNELS,
            "seconds": round(took, 1),
            "seconds at one a second": n / _CHANNELS,
            "429 ordered": asked_to_wait["429"],
            "429 earned": asked_to_wait[None],
        }
        outcome.add(found)
    return outcome


if __name__ == "__main__":
    main(run, n=200, databases=("sqlite",))
