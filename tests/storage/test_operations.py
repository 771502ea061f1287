"""What an operator watches: how things stand in numbers, what models cost, and what is forgotten in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from storage import outbox, requests, spending
from storage.schema import OutboxRows
from storage.spending import Spent
from storage.store import Store
from workflows.decision import Actor, Circumstances, Decision
from workflows.effects import Effect, Later, Post, ToPerson
from workflows.ids import ProgramStamp, Subject, UserId

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ABOUT = Subject(type="person", id="U1")


def wants(store: Store, *effects: Effect, at: datetime = NOW) -> None:
    stamp = ProgramStamp(label="1", hash="h")
    circ = Circumstances(now=at, actor=Actor(user=UserId("U1"), door="cli"), program=stamp)
    with store.write() as tx:
        tx.apply(Decision(effects=effects), circ)


def post(key: str | None = None) -> Post:
    return Post(to=ToPerson(user=UserId("U1")), kind="probe", subject=ABOUT, data={}, key=key)


def later(key: str, name: str, due: datetime) -> Later:
    return Later(key=key, due=due, name=name, subject=ABOUT)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_an_empty_store_stands_at_nothing(store: Store) -> None:
    found = store.standing(NOW)
    assert (found.outbox_open, found.outbox_oldest, found.given_up, found.audit_seq) == (0, 0.0, 0, 0)
    assert (found.jobs_planned, found.jobs_overdue, found.digests_overdue) == (0, 0, 0)
    assert found.schema >= 12


def test_what_waits_and_what_was_given_up_is_counted_with_the_age_of_the_oldest(store: Store) -> None:
    for age in (7, 3, 1):
        wants(store, post(), at=NOW - minutes(age))
    row = store.outbox.claim(1, "me", NOW)[0]
    assert store.standing(NOW).outbox_oldest == 420
    assert store.outbox.dead(row, "no such channel", now=NOW)
    found = store.standing(NOW)
    assert (found.outbox_open, found.outbox_oldest, found.given_up) == (2, 180.0, 1)


def test_a_digest_is_overdue_while_it_is_planned_and_until_it_is_in_slack(store: Store) -> None:
    wants(store, later("a", "digest", NOW - minutes(6)), later("b", "digest", NOW - minutes(4)))
    wants(store, later("c", "nudge_draft", NOW - minutes(9)), later("d", "nudge_draft", NOW + minutes(9)))
    found = store.standing(NOW)
    assert (found.jobs_planned, found.jobs_overdue, found.digests_overdue) == (4, 2, 1)
    wants(store, post("digest/SB-0001/2026-W47"), at=NOW - minutes(6))
    assert store.standing(NOW).digests_overdue == 2
    store.outbox.delivered(store.outbox.claim(1, "me", NOW)[0], now=NOW)
    assert store.standing(NOW).digests_overdue == 1


def test_effects_remember_the_request_they_came_of_and_due_jobs_begin_one(store: Store) -> None:
    with requests.within("slack-1"):
        wants(store, post())
    assert [row.request for row in store.outbox.claim(5, "me", NOW)] == ["slack-1"]
    lags: list[tuple[str, float]] = []
    store.outbox.fell_due = lambda job, seconds: lags.append((job, seconds))
    wants(store, later("a", "nudge_draft", NOW - minutes(2)), later("b", "auditor", NOW))
    assert store.outbox.due(NOW) == 2
    begun = [row.request for row in store.outbox.claim(5, "me", NOW)]
    assert all(request.startswith("clock-") for request in begun)
    assert sorted(lags) == [("auditor", 0.0), ("nudge_draft", 120.0)]


def test_effects_of_long_ago_are_forgotten_but_not_the_keys_that_keep_them_from_happening_twice(
    store: Store,
) -> None:
    wants(store, post(), post("digest/SB-0001/2026-W47"))
    for _ in range(2):
        for row in store.outbox.claim(5, "me", NOW):
            store.outbox.delivered(row, now=NOW)
    wants(store, post())
    assert store.outbox.prune(NOW + outbox.KEPT) == 0
    assert store.prune(NOW + outbox.KEPT + minutes(1)) == 1
    with store.read() as reading:
        left = reading.connection.execute(select(OutboxRows.key).order_by(OutboxRows.id)).scalars().all()
        assert left[0] == "digest/SB-0001/2026-W47"
        assert reading.connection.execute(select(func.count()).select_from(OutboxRows)).scalar_one() == 2


def test_what_models_cost_is_added_up_by_day_workflow_and_model(store: Store) -> None:
    one = Spent("intake", "openai:small", tokens_in=100, tokens_out=20, cost=0.5, seconds=1.5)
    store.keep_spent(one, NOW)
    store.keep_spent(Spent("intake", "openai:small", failed=1, tokens_in=50, cost=0.25, seconds=2.0), NOW)
    store.keep_spent(Spent("question", "openai:small", tokens_in=7, unpriced=1), NOW)
    store.keep_spent(one, NOW - timedelta(days=40))
    with store.read() as reading:
        found = spending.since(reading.connection, date(2026, 11, 1))
        ever = spending.since(reading.connection, date(2026, 1, 1))
    assert found == [
        Spent("intake", "openai:small", 2, 1, 150, 20, 0.75, 0, 3.5),
        Spent("question", "openai:small", 1, 0, 7, 0, 0.0, 1, 0.0),
    ]
    assert ever[0].calls == 3
