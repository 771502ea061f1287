"""Somebody is erased while others go on working with what names them."""

from __future__ import annotations

import json
import threading
from typing import Any

from storage import erased
from storage.erasing import erase
from storage.errors import StaleState, StorageError
from storage.store import Store
from tests.storage.records import CIRC, DANA, PRIYA, decision, use_case, walk
from workflows.decision import Actor, Circumstances
from workflows.ids import ProgramStamp, UseCaseId
from workflows.people import Person
from workflows.personal.mask import Named

CASES = 6
OTHER = CIRC.model_copy(update={"actor": Actor(user=PRIYA, door="button")})
OPERATOR = Circumstances(
    now=CIRC.now, actor=Actor(user=PRIYA, door="cli"), program=ProgramStamp(label="2026.1", hash="abc")
)


def test_work_goes_on_and_nothing_brings_the_name_back(store: Store) -> None:
    with store.write() as tx:
        tx.save_people([Person(id=DANA, name="Dana Ortiz", handle="dana")])
        for n in range(CASES):
            id = UseCaseId(f"UC-000{n}")
            tx.apply(decision(use_case(id), walk(f"W-000{n}", about=id)), CIRC)
    done, changes, troubles = threading.Event(), [0], []

    def work(first: int) -> None:
        n = first
        while not done.is_set():
            n = (n + 1) % CASES
            try:
                with store.write() as tx:
                    kept: Any = tx.lock_walk(f"W-000{n}")
                    case: Any = tx.lock_use_case(f"UC-000{n}")
                    title = f"{case.title[:20]}{changes[0]}"
                    tx.apply(decision(kept, case.model_copy(update={"title": title})), OTHER)
                changes[0] += 1
            except StaleState:
                continue
            except StorageError as trouble:  # pragma: no cover - it is what the test is to see
                troubles.append(trouble)
                return

    workers = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for worker in workers:
        worker.start()
    while changes[0] < 10 and not troubles:
        done.wait(0.01)
    for _ in range(50):
        try:
            with store.write() as tx:
                pseudonym = erased.new_pseudonym(tx.connection)
                erase(tx, Named(id=DANA, name="Dana Ortiz", handle="dana"), pseudonym, "she asked", OPERATOR)
            break
        except StaleState:
            continue
    else:
        raise AssertionError("it never came to an end")
    seen = changes[0]
    while changes[0] < seen + 10 and not troubles:
        done.wait(0.01)
    done.set()
    for worker in workers:
        worker.join(10)
    assert not troubles
    assert store.verify().problems == ()
    assert DANA not in json.dumps(list(store.export()))
    with store.read() as reading:
        assert {u.submitter for u in reading.use_cases()} == {pseudonym}
        assert {reading.walk(f"W-000{n}").owner for n in range(CASES)} == {pseudonym}  # type: ignore[union-attr]
