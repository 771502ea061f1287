"""Every event four times, shuffled, over three replicas that share PostgreSQL: one effect each."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import func, select

from storage.schema import OutboxRows, Walks
from tests.faults.checker import check
from tests.faults.hand import Line, command_request, event_request
from tests.faults.outcome import Outcome, every, main
from tests.faults.replica import Plan
from tests.faults.story import idea
from tests.faults.workplace import Workplace

JSON = dict[str, Any]
_TIMES = 4
_REPLICAS = 3
_WORDS = {"why?": "why", "help": "walk_help", "show": "summary"}


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` events and commands, each delivered four times."""
    outcome = Outcome("events four times, shuffled, over three replicas", database)
    chance = random.Random(seed)
    plans = [Plan(seed=seed, name=f"r{i}", pace=0.0) for i in range(_REPLICAS)]
    people = max(4, n // 40)
    with Workplace(database, plans, people=people) as place:
        place.control("POST", "/sandbox/settings", {"rate_limits": False})
        # Slack's own delivery is held back: the run hands the same payloads over itself.
        held = {"direction": "out", "match": {"kind": "event", "name": "message"}, "action": "drop"}
        place.control("POST", "/sandbox/faults", held)
        begun = [
            (
                f"clerk{i % people}",
                place.act("message", f"clerk{i % people}", channel="@app", text=idea(i))["ts"],
            )
            for i in range(n // 4)
        ]
        outcome.demand(_hand_over(place, _payloads(place), chance), "a delivery was not acknowledged")
        place.settle(120)
        before = len(_payloads(place))
        for words in _WORDS:
            for person, thread in begun:
                place.act("message", person, channel="@app", text=words, thread_ts=thread)
        outcome.demand(
            _hand_over(place, _payloads(place)[before:], chance), "a delivery was not acknowledged"
        )
        commands = [command_request("U0DANA", f"new {idea(90_000 + i)}") for i in range(n // 10)]
        outcome.demand(_four_times(place, commands, chance), "a command was not acknowledged")
        outcome.demand(place.settle(180), "something was still on its way after three minutes")
        with place.memory() as store:
            outcome.counts = {
                "events": len(_payloads(place)),
                "commands": len(commands),
                "deliveries": _TIMES * (len(_payloads(place)) + len(commands)),
            }
            with store.read() as reading:
                walks = Counter(
                    s["origin"]["words"] for s in reading.connection.execute(select(Walks.state)).scalars()
                )
                said: dict[str, Counter[str]] = defaultdict(Counter)
                for effect in reading.connection.execute(select(OutboxRows.effect)).scalars():
                    if effect["effect"] == "post" and effect["to"]["to"] == "place":
                        said[effect["to"]["place"]["thread"]][effect["kind"]] += 1
                rows = reading.connection.execute(select(func.count()).select_from(Walks)).scalar_one()
            outcome.counts["use cases begun"] = rows
            outcome.demand(
                rows == len(begun) + len(commands), f"{rows} use cases of {len(begun) + len(commands)}"
            )
            outcome.demand(set(walks.values()) == {1}, "an idea was begun twice")
            for _, thread in begun:
                for kind in _WORDS.values():
                    outcome.demand(said[thread][kind] == 1, f"{kind} {said[thread][kind]} times in {thread}")
            outcome.add(check(store, place.sandbox))
    return outcome


def _payloads(place: Workplace) -> list[JSON]:
    """What people wrote, as Slack would have sent it."""
    told = [d["payload"] for d in place.deliveries(kind="event", name="message")]
    return [p for p in told if not p["event"].get("bot_id")]


def _hand_over(place: Workplace, payloads: list[JSON], chance: random.Random) -> bool:
    return _four_times(place, [event_request(p) for p in payloads], chance)


def _four_times(
    place: Workplace, requests: list[tuple[bytes, dict[str, str]]], chance: random.Random
) -> bool:
    deliveries = [request for request in requests for _ in range(_TIMES)]
    chance.shuffle(deliveries)
    ports = [chance.choice(place.replicas).port for _ in deliveries]
    local = threading.local()
    fine: list[bool] = []

    def deliver(number: int) -> None:
        lines = local.__dict__.setdefault("lines", {})
        line = lines.setdefault(ports[number], Line(ports[number]))
        fine.append(line.send(*deliveries[number])[0] == 200)

    every(len(deliveries), deliver, threads=9)
    return all(fine)


if __name__ == "__main__":
    main(run, n=1_000, databases=("postgres",))
