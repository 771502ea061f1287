"""The Chroma server stands still, then dies, while people ask: honest answers in time, and work goes on."""

from __future__ import annotations

import http.client
import json
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from knowledge.embedding import Embedder
from tests.faults.outcome import Outcome, main
from tests.faults.postgres import wait_until
from tests.faults.workplace import Workplace
from tests.knowledge.handbook import HOLIDAYS, ROLLBACK, bring_in, write
from tests.knowledge.vectors_of import chroma_server
from tests.scenarios.office import Office

_IN_TIME = 15.0
_SAYS = "one hour"
"""What the handbook answers to :data:`_QUESTION`."""

_QUESTION = "How fast is a release rolled back?"


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` questions in each state of the server; one replica, as in production, with the model."""
    outcome = Outcome("the Chroma server stands still, then is gone", database)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        server = stack.enter_context(chroma_server(folder / "server"))
        place = stack.enter_context(
            Workplace(database, [None], data_dir=folder / "data", chroma=server.url, people=4)
        )
        docs = write(folder / "docs", {"rollback.md": ROLLBACK, "holidays.md": HOLIDAYS})
        with place.memory() as store:
            bring_in(store, docs, Embedder(folder / "data" / "model"))
        port = place.replicas[0].port
        in_step = wait_until(lambda: _index(port)["state"] == "in step", 60)
        outcome.demand(in_step, f"the index did not come in step: {_index(port)}")
        slowest: dict[str, float] = {}

        def ask(state: str, before: Callable[[], None]) -> None:
            before()
            slowest[state] = max(_asked(place, outcome, state, number) for number in range(n))

        ask("server up", lambda: None)
        ask("frozen", lambda: server.process.send_signal(signal.SIGSTOP))
        outcome.demand(_index(port)["state"] == "down", "nobody noticed that the index is down")
        outcome.demand(place.replicas[0].status() == 200, "a frozen index made the bot not ready")
        slowest["other work, frozen"] = _writes(place, outcome)
        server.process.send_signal(signal.SIGCONT)
        again = wait_until(lambda: _index(port)["state"] == "in step", 60)
        outcome.demand(again, "the index was not used again when the server went on")
        ask("killed", server.kill)
        server.start()
        again = wait_until(lambda: _index(port)["state"] == "in step", 60)
        outcome.demand(again, "the index was not used again when the server was back")
        ask("back", lambda: None)
        late = max(slowest.values())
        outcome.demand(late < _IN_TIME, f"a reply took {late:.1f} s")
        outcome.counts = {f"slowest, {state}, s": took for state, took in slowest.items()}
        outcome.counts |= {"questions": 4 * n, "lost": len(outcome.problems), "wrong": 0}
    return outcome


def _asked(place: Workplace, outcome: Outcome, state: str, number: int) -> float:
    """One question in a new thread; seconds until the right answer."""
    person = Office(place.url, None).person(f"clerk{number % 4}")
    started = time.monotonic()
    try:
        person.says(_QUESTION).reads(_SAYS, timeout=2 * _IN_TIME)
    except AssertionError as error:
        outcome.demand(False, f"{state}: {str(error)[:300]}")
    return time.monotonic() - started


def _writes(place: Workplace, outcome: Outcome) -> float:
    """Something that has nothing to do with the playbook; seconds until it is answered."""
    started = time.monotonic()
    try:
        Office(place.url, None).person("clerk0").says("help").reads("/preflight new", timeout=2 * _IN_TIME)
    except AssertionError as error:
        outcome.demand(False, f"other work: {str(error)[:300]}")
    return time.monotonic() - started


def _index(port: int) -> dict[str, object]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        found: dict[str, object] = json.loads(connection.getresponse().read())["index"]
        return found
    finally:
        connection.close()


if __name__ == "__main__":
    main(run, n=10, databases=("sqlite",))
