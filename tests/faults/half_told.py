"""Answers that a model writes while the bot is killed at every step: each ends as one message, told whole."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from knowledge.syncing import Source, sync
from sandbox.server import Sandbox
from tests.faults.checker import check
from tests.faults.outcome import Outcome, main
from tests.faults.replica import Plan
from tests.faults.workplace import Workplace
from tests.model_server.minds import honest
from tests.model_server.server import ModelServer
from tests.scenarios.books import RIGHTS

JSON = dict[str, Any]
QUESTION = "How fast does a rollback have to be finished after the decision?"
QUOTED = "thirty minutes"
LONG_AGO, FAR_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_A_SECOND = 6.0
LOST: tuple[JSON, ...] = (
    {"match": {"method": "chat.postMessage"}, "action": "lost_response", "probability": 0.2, "seed": 1},
    {"match": {"method": "chat.update"}, "action": "500", "probability": 0.2, "seed": 2},
)


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` people ask, each once; PostgreSQL is served by two replicas, both dying."""
    outcome = Outcome("answers killed half told", database)
    replicas = 2 if database == "postgres" else 1
    model = ModelServer(honest).start()
    model.goes_wrong(pause=0.02)
    plans = [
        Plan(seed=seed, name=f"r{i}", deaths=max(8, n // 3), pace=0.0, hurry=4.0) for i in range(replicas)
    ]
    settings = {"PREFLIGHT_MODEL": "openai:stand-in", "PREFLIGHT_MODEL_URL": model.url}
    try:
        with Workplace(database, plans, people=n, settings=settings) as place:
            _bring_in(place)
            place.control("POST", "/sandbox/settings", {"rate_limits": False, "retry_speed": 6.0})
            place.control("POST", "/sandbox/faults", [{**f, "seed": f["seed"] + seed} for f in LOST])
            threads = _ask(place, n, seed)
            outcome.demand(place.settle(300), "something was still on its way long after the last question")
            with place.memory() as store:
                found = check(store, place.sandbox)
                with store.read() as reading:
                    kept = reading.consultations_since(LONG_AGO, FAR_AHEAD)
            deaths = place.deaths.read_text().splitlines() if place.deaths.exists() else []
            written = _answers(outcome, place.sandbox, threads)
    finally:
        model.stop()
    outcome.counts = {
        "questions": len(threads),
        "kills": len(deaths),
        "steps killed at": len(Counter(line.split("\t")[3] for line in deaths)),
        "asked of the model": len(model.asked),
        "written by it": written,
    }
    outcome.add(found)
    outcome.demand(len(deaths) > 0, "nothing was killed")
    outcome.demand(written > 0, "no answer was written by the model")
    pending = [asked.id for asked in kept if asked.state == "pending"]
    outcome.demand(len(kept) >= len(threads), "a question was lost")
    outcome.demand(not pending, f"never answered: {pending[:5]}")
    return outcome


def _bring_in(place: Workplace) -> None:
    folder = place.folder / "playbook"
    folder.mkdir()
    (folder / "rights.md").write_text(RIGHTS, encoding="utf-8")
    from bot.clock import utc_now

    with place.memory() as store:
        sync(store, Source("playbook", folder), None, utc_now)


def _ask(place: Workplace, n: int, seed: int) -> dict[str, str]:
    """Everybody asks; returns thread -> who asked there."""
    chance = random.Random(seed)
    threads: dict[str, str] = {}
    for number in range(n):
        person = f"clerk{number}"
        threads[place.act("message", person, channel="@app", text=QUESTION)["ts"]] = person
        time.sleep(chance.expovariate(_A_SECOND))
    return threads


def _answers(outcome: Outcome, sandbox: Sandbox, threads: dict[str, str]) -> int:
    """Each thread has one answer, told to its end; how many of them the model wrote."""
    written = 0
    for channel in sandbox.world.channels.values():
        for ts in set(threads) & set(channel.messages):
            said = [m for m in channel.messages.values() if m.body.get("thread_ts") == ts and m.ts != ts]
            texts = [str(m.body) for m in said]
            outcome.demand(len(said) == 1, f"{threads[ts]} has {len(said)} answers")
            outcome.demand(all(QUOTED in text for text in texts), f"{threads[ts]} reads something else")
            outcome.demand(
                not any("Still writing" in text for text in texts), f"{threads[ts]} has half of one"
            )
            written += sum("by a language model" in text for text in texts)
    return written


if __name__ == "__main__":
    main(run, n=120)
