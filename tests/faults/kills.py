"""A thousand messages while the bot is killed at every step, and Slack loses answers and says 429 and 500."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from storage.schema import OutboxRows, Walks
from storage.store import Store
from tests.faults.checker import check
from tests.faults.outcome import Outcome, main
from tests.faults.replica import POINTS, Plan
from tests.faults.story import idea
from tests.faults.workplace import Workplace

JSON = dict[str, Any]
_WORDS = ("why?", "help", "show")
"""Said in each conversation after its first sentence; each has exactly one message of ours as its effect."""
_KINDS = {"why?": "why", "help": "walk_help", "show": "summary"}
_A_SECOND = 25.0
"""Messages that people write, in all."""

FAULTS: Sequence[JSON] = (
    {"match": {"method": "chat.*"}, "action": "lost_response", "probability": 0.20, "seed": 1},
    {"match": {"method": "chat.*"}, "action": "429", "retry_after": 1, "probability": 0.025, "seed": 2},
    # Of those that come so far, so that about 12% in all are refused.
    {"match": {"method": "chat.*"}, "action": "500", "probability": 0.12, "seed": 3},
)


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` messages in ``n/4`` conversations; PostgreSQL is served by two replicas, both dying."""
    outcome = Outcome("kills, lost answers, 429 and 500", database)
    replicas = 2 if database == "postgres" else 1
    deaths = max(len(POINTS), n // 10) // replicas
    plans = [Plan(seed=seed, name=f"r{i}", deaths=deaths, pace=0.0, hurry=6.0) for i in range(replicas)]
    people = max(4, n // 25)
    with Workplace(database, plans, people=people) as place:
        place.control("POST", "/sandbox/settings", {"rate_limits": False, "retry_speed": 6.0})
        place.control("POST", "/sandbox/faults", [{**f, "seed": f["seed"] + seed} for f in FAULTS])
        started = time.monotonic()
        threads = _talk(place, n // 4, people, seed)
        calm = place.settle(300)
        outcome.demand(calm, "something was still on its way four minutes after the last message")
        with place.memory() as store:
            found = check(store, place.sandbox)
            outcome.counts["messages"] = 4 * len(threads)
            _effects(outcome, store, place, threads)
        died = Counter(line.split("\t")[3] for line in _lines(place))
        faults = Counter(str(c["fault"]) for c in place.sandbox.world.calls.read() if c["fault"])
        redelivered = sum(d["attempt"] > 0 for d in place.deliveries(kind="event"))
        outcome.counts |= {
            "kills": died.total(),
            "steps killed at": len(died),
            "redelivered": redelivered,
            **{f"{name} from Slack": times for name, times in sorted(faults.items())},
            "seconds": round(time.monotonic() - started),
        }
        outcome.add(found)
        outcome.demand(died.total() > 0, "nothing was killed")
        if n >= 1000:
            missing = set(POINTS) - set(died)
            outcome.demand(not missing, f"never killed at: {', '.join(sorted(missing))}")
    return outcome


def _talk(place: Workplace, conversations: int, people: int, seed: int) -> dict[str, JSON]:
    """Everyone writes; returns thread -> what was said there (text -> ts)."""
    chance = random.Random(seed)
    threads: dict[str, JSON] = {}
    owners: dict[str, str] = {}
    for number in range(conversations):
        person = f"clerk{number % people}"
        sent = place.act("message", person, channel="@app", text=idea(number))
        owners[sent["ts"]] = person
        threads[sent["ts"]] = {idea(number): sent["ts"]}
        time.sleep(chance.expovariate(_A_SECOND))
    # A person answers what they see: the first question is there before anybody goes on.
    place.settle(120)
    for words in _WORDS:
        order = list(threads)
        chance.shuffle(order)
        for thread in order:
            sent = place.act("message", owners[thread], channel="@app", text=words, thread_ts=thread)
            threads[thread][words] = sent["ts"]
            time.sleep(chance.expovariate(_A_SECOND))
    return threads


def _effects(outcome: Outcome, store: Store, place: Workplace, threads: dict[str, JSON]) -> None:
    """Every acknowledged message had exactly its effect, and one that was not acknowledged at most that."""
    acknowledged = {
        d["payload"]["event"].get("ts")
        for d in place.deliveries(kind="event", name="message")
        if d["status"] == 200
    }
    posts: dict[str, Counter[str]] = defaultdict(Counter)
    begun: Counter[str] = Counter()
    with store.read() as reading:
        for effect in reading.connection.execute(select(OutboxRows.effect)).scalars():
            if effect["effect"] == "post" and effect["to"]["to"] == "place":
                posts[effect["to"]["place"]["thread"]][effect["kind"]] += 1
        for state in reading.connection.execute(select(Walks.state)).scalars():
            begun[state["origin"]["words"]] += 1
    never = 0
    for thread, told in threads.items():
        for words, ts in told.items():
            effects = posts[thread][_KINDS[words]] if words in _KINDS else begun[words]
            if ts not in acknowledged:
                never += 1
                outcome.demand(effects <= 1, f"{words[:40]!r} in {thread} had {effects} effects")
            elif thread in acknowledged:
                outcome.demand(effects == 1, f"{words[:40]!r} in {thread} had {effects} effects")
    outcome.counts |= {"acknowledged": sum(len(t) for t in threads.values()) - never}


def _lines(place: Workplace) -> list[str]:
    return place.deaths.read_text().splitlines() if place.deaths.exists() else []


if __name__ == "__main__":
    main(run, n=1_000)
