"""A list asks the database as often for many rows as for a few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from sqlalchemy import Connection, event

from bot.listeners.portfolio_sorting import _open_pairs
from bot.registry import Moment, Scene
from bot.similar import similar_cases
from bot.views.digest_list import subscriptions_of
from bot.views.portfolio_list import readable
from storage import likenesses
from storage.likenesses import Alike
from storage.reading import Reading
from storage.store import Store
from tests.program.office import PROGRAM
from tests.storage.records import CIRC, DANA, NOW, PRIYA, TOM, decision, use_case
from workflows.digests.subscription import Schedule, Subscription
from workflows.effects import Address, ToPerson, ToRoom
from workflows.ids import SubscriptionId, UseCaseId, UserId
from workflows.people import Person
from workflows.portfolio.listing import Wanted, orders
from workflows.use_case import UseCase

ROWS = 8


@pytest.fixture
def store(store: Store) -> Store:
    """As many use cases as fit a page, each like the one before it; two are known to be apart."""
    made = [use_case(f"UC-{n:04d}", stage="submitted") for n in range(1, ROWS + 1)]
    made[2] = made[2].model_copy(update={"unlike": (made[1].id,)})
    pairs = [Alike(made[n].id, made[n + 1].id, 0.95, "both") for n in range(ROWS - 1)]
    with store.write() as tx:
        tx.apply(decision(*made), CIRC)
        tx.save_people([Person(id=DANA, name="Dana")])
        likenesses.save(tx.connection, [u.id for u in made], pairs, "model")
    return store


@contextmanager
def questions(connection: Connection) -> Iterator[list[str]]:
    """What the database is asked within it."""
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)


def scene(reading: Reading) -> Scene:
    return Scene(reading, PROGRAM, reading.directory(), use_case().subject, NOW, DANA)  # type: ignore[arg-type]


def test_whose_records_are_open_is_asked_for_a_page_at_once(store: Store) -> None:
    with store.read() as reading:
        newest = orders(PROGRAM)["newest"]
        page = reading.portfolio(Wanted(), newest, PROGRAM, ROWS)
        drawn = scene(reading)
        with questions(reading.connection) as asked:
            found = readable(drawn, UserId(DANA), page.rows)
    assert found == {row.id for row in page.rows}, "Dana brought all of them in"
    assert len(asked) <= 2, asked


def test_likely_pairs_are_found_without_reading_records(store: Store) -> None:
    with store.read() as reading, questions(reading.connection) as asked:
        moment = cast(Moment, type("Now", (), {"program": PROGRAM}))
        found = _open_pairs(reading, moment)
    assert len(found) == ROWS - 2, "what somebody parted is not proposed again"
    assert len(asked) <= 2, asked


def test_what_is_like_a_use_case_is_read_at_once(store: Store) -> None:
    with store.read() as reading:
        second: UseCase | None = reading.use_case("UC-0002")
        assert second is not None
        drawn = scene(reading)
        with questions(reading.connection) as asked:
            found = similar_cases(drawn, second)
    assert [f.use_case.id for f in found] == [UseCaseId("UC-0001")], "the third is known to be another"
    assert len(asked) <= 2, asked


def test_the_list_of_digests_reads_no_other_persons_subscriptions(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = PROGRAM.digests.digests[0].id
    orders_: list[Address] = [ToPerson(user=UserId(u)) for u in (DANA, PRIYA, TOM)]
    orders_.append(ToRoom(name="ai-leadership"))
    made = [
        Subscription(
            id=SubscriptionId(f"SB-{n:04d}"), digest=digest, to=to, schedule=Schedule(zone="UTC"),
            owner=to.user if isinstance(to, ToPerson) else None, opened_at=NOW,
        )
        for n, to in enumerate(orders_, 1)
    ]  # fmt: skip
    with store.write() as tx:
        tx.apply(decision(*made), CIRC)
    with store.read() as reading:
        read: list[str] = []
        matters = reading.matters

        def noted(*asked: Any, **more: Any) -> Any:
            found = matters(*asked, **more)
            read.extend(one.id for one in found)
            return found

        monkeypatch.setattr(reading, "matters", noted)
        mine, _ = subscriptions_of(scene(reading), UserId(DANA))
    assert [s.id for s in mine] == ["SB-0001"]
    assert sorted(read) == ["SB-0001", "SB-0004"]
