"""Three weeks of the clock in seconds: every reminder, escalation and morning list comes exactly once.

What is expected is worked out here anew, minute by minute on the clock on the wall, without any of the code
that plans it.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import registry
from bot.jobs.auditor import plan_the_next
from bot.registry import Job, Moment
from storage.schema import Audit
from storage.store import Store
from tests.bot.conftest import settings_for
from tests.databases import Place
from tests.faults.cases import MEDIUM, submitted, the_program
from workflows.approving import approve
from workflows.availability import Availability
from workflows.decision import Actor, Circumstances
from workflows.effects import Post, Work
from workflows.ids import UserId
from workflows.people import Person
from workflows.presence import go_away

registry.load()
BEGINS = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday; Thanksgiving is on Thursday
WEEKS = timedelta(days=21)
PROGRAM = the_program()
SLA, REMIND, MANAGER_AFTER = 16, 8, 8
PRIVATE = {**MEDIUM, "personal_data": True, "jurisdictions": ["uk"]}
JOBS = {"tell_seat", "remind_seat", "due_seat", "escalate_seat", "desk", "reseat", "auditor"}

ZONES = {"U0PRIYA": "Europe/London", "U0TOM": "America/New_York", "U0KIM": "Europe/Berlin"}
HOLIDAYS = {"America/New_York": {date(2026, 11, 26)}}
AWAY = {"U0PRIYA": (date(2026, 12, 1), date(2026, 12, 3)), "U0KIM": (date(2026, 11, 25), date(2026, 12, 4))}
STAND_IN = {"U0KIM": "U0NOOR"}


# What is expected, worked out the slow way


@cache
def after(start: datetime, hours: int, user: str, away: bool) -> datetime:
    """When somebody has worked that long since then, minute by minute."""
    zone, left, at = ZoneInfo(ZONES[user]), hours * 60, start
    while left:
        there = at.astimezone(zone)
        gone = away and user in AWAY and AWAY[user][0] <= there.date() <= AWAY[user][1]
        holiday = there.date() in HOLIDAYS.get(ZONES[user], set())
        if there.weekday() < 5 and 9 <= there.hour < 17 and not gone and not holiday:
            left -= 1
        at += timedelta(minutes=1)
    return at


def expected_due(start: datetime, hours: int, seat: str) -> datetime:
    """One of the risk partners suffices. Kim has a stand-in, so the clock does not stop for her."""
    if seat == "privacy":
        return after(start, hours, "U0KIM", away=False)
    return min(
        (after(start, hours, u, away=True), after(start, hours, u, away=False)) for u in ("U0PRIYA", "U0TOM")
    )[0]


def expected(opened: datetime, seat: str, ticks: list[datetime], decided: datetime | None) -> set[str]:
    """What is told about one seat: at the first look at or after its time, unless it was decided before."""

    def seen(at: datetime) -> datetime | None:
        look = next((t for t in ticks if t >= at), None)
        return None if look is None or (decided is not None and decided <= look) else look

    due = expected_due(opened, SLA, seat)
    told = set()
    remind = seen(expected_due(opened, REMIND, seat))
    if remind is not None and remind < due:
        told.add("remind")
    if seen(due):
        told |= {"due", "step 0"}
    if seen(expected_due(due, MANAGER_AFTER, seat)):
        told.add("step 1")
    return told


# The bot without Slack: what falls due is done, what is to be posted is noted


@dataclass
class Replica:
    """One process: its store, and what it would have posted."""

    name: str
    open: Callable[[], Store]
    posted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = self.open()

    def restart(self) -> None:
        self.store.close()
        self.store = self.open()

    def moment(self, now: datetime) -> Moment:
        settings = settings_for("http://127.0.0.1:9", Path("."))
        return Moment(self.store, PROGRAM, settings, now, UserId("U0PREFLIGHT"))

    def look(self, now: datetime, dies_holding: bool = False) -> None:
        """Everything that is due by then, until nothing is left; or dies with rows in its hands."""
        outbox = self.store.outbox
        for _ in range(1000):
            turned = outbox.due(now)
            rows = outbox.claim(20, self.name, now)
            if dies_holding and rows:
                return
            for row in rows:
                effect = row.effect
                if isinstance(effect, Work) and effect.name in JOBS:
                    moment = self.moment(now)
                    registry.WORKERS[effect.name](
                        Job(
                            store=moment.store,
                            program=PROGRAM,
                            settings=moment.settings,
                            now=now,
                            bot_user=moment.bot_user,
                            key=f"work/{row.key}",
                            subject=effect.subject,
                            data=effect.data,
                            embedder=None,
                        )
                    )
                if isinstance(effect, Post):
                    self.posted.append(row.key)
                outbox.delivered(row, "D1", f"{row.id}.1", now=now)
            if not rows and not turned:
                return
        raise AssertionError("it never came to rest")


def people(store: Store) -> None:
    world = json.loads(
        (Path(__file__).resolve().parents[2] / "sandbox" / "northwind.json").read_text("utf-8")
    )
    ids = {p["name"]: UserId(p["id"]) for p in world["users"]}
    with store.write() as tx:
        tx.save_people(
            [
                Person(
                    id=ids[p["name"]],
                    name=p["real_name"],
                    handle=p["name"],
                    tz=p["tz"],
                    active=not p.get("deleted"),
                )
                for p in world["users"]
            ],
            {g["handle"]: [ids[u] for u in g["users"]] for g in world["groups"]},
        )


def says_away(store: Store, user: str, now: datetime) -> None:
    circ = Circumstances(now=now, actor=Actor(user=UserId(user), door="message"), program=PROGRAM.stamp)
    stand_in = UserId(STAND_IN[user]) if user in STAND_IN else None
    first, last = AWAY[user]
    with store.write() as tx:
        own = tx.lock(Availability, user)
        tx.apply(go_away(own, PROGRAM, tx.directory(), circ, first, last, stand_in), circ)


def approves(store: Store, user: str, approval_id: str, seat: str, now: datetime) -> None:
    circ = Circumstances(now=now, actor=Actor(user=UserId(user), door="button"), program=PROGRAM.stamp)
    with store.write() as tx:
        seen = tx.approval(approval_id)
        assert seen is not None
        use_case = tx.lock_use_case(seen.use_case)
        approval = tx.lock_approval(approval_id)
        assert use_case is not None
        assert approval is not None
        decision = approve(approval, use_case, PROGRAM, tx.directory(), circ, seat=seat)
        assert not any(e.refused for e in decision.entries)
        tx.apply(decision, circ)


def three_weeks(replicas: list[Replica], seed: int) -> None:
    """Cases come in the first week, some are decided, the rest is left to the clock."""
    chance = random.Random(seed)
    people(replicas[0].store)
    plan_the_next(replicas[0].moment(BEGINS))
    for user in AWAY:
        says_away(replicas[0].store, user, BEGINS)
    ticks, now = [], BEGINS
    while now < BEGINS + WEEKS:
        # Mostly every half hour, sometimes a night or days later, as after a holiday of the server.
        now += timedelta(minutes=chance.choice([30] * 40 + [600, 2 * 1440]))
        ticks.append(now)
    looks: list[datetime] = []
    opened: dict[tuple[str, str], datetime] = {}
    decided: dict[tuple[str, str], datetime] = {}
    arrivals = sorted(chance.sample(ticks[:120], 10))
    decisions: dict[datetime, list[tuple[str, str]]] = {}
    for tick in ticks:
        for replica in replicas:
            if chance.random() < 0.02:
                replica.restart()
        if chance.random() < 0.05:
            replicas[0].look(tick, dies_holding=True)
            tick_again = tick + timedelta(minutes=2)  # the lease is over
        else:
            tick_again = tick
        looks.append(tick_again)
        with ThreadPoolExecutor(len(replicas)) as pool:
            list(pool.map(Replica.look, replicas, [tick_again] * len(replicas)))
        for id, seat in decisions.pop(tick, []):
            approves(replicas[-1].store, "U0TOM", id, seat, tick_again)
            decided[id, seat] = tick_again
            for replica in replicas:
                replica.look(tick_again)
        if tick in arrivals:
            number = arrivals.index(tick)
            answers = PRIVATE if number % 3 == 0 else MEDIUM
            case = submitted(replicas[0].store, PROGRAM, "U0DANA", f"Case {number}", answers, now=tick_again)
            opened |= {(case.id, s.id): tick_again for s in case.seats}
            if number % 3 == 1:
                later = [t for t in ticks if t > tick]
                at = later[min(chance.randrange(60), len(later) - 1)]
                decisions.setdefault(at, []).append((case.id, "risk_partner"))
    told = happened(replicas[0].store)
    for (id, seat), at in opened.items():
        wanted = expected(at, seat, [t for t in looks if t > at], decided.get((id, seat)))
        assert told.pop((id, seat), Counter()) == Counter(wanted), (id, seat, at)
    assert not told
    posted = Counter(key for replica in replicas for key in replica.posted)
    assert not {key: n for key, n in posted.items() if n > 1}
    with replicas[0].store.read() as reading:
        actions = Counter(reading.connection.execute(select(Audit.action)).scalars())
    assert "clock.put_right" not in actions
    assert actions["seat.escalated"] > 5
    mornings = [key for key in posted if key.startswith("desk/U0KIM/")]
    assert not [m for m in mornings if "2026-11-25" <= m[-10:] <= "2026-12-04"]  # she is away
    assert [m for m in posted if m.startswith("desk/U0NOOR/")]


def happened(store: Store) -> dict[tuple[str, str], Counter[str]]:
    """What the audit log says was told, by case and seat."""
    found: dict[tuple[str, str], Counter[str]] = {}
    with store.read() as reading:
        for line in reading.audit():
            detail, action = line["detail"], line["action"]
            if action == "seat.reminded":
                what = str(detail["occasion"])
            elif action == "seat.escalated":
                what = f"step {detail['step']}"
            else:
                continue
            found.setdefault((line["subject_id"], detail["seat"]), Counter())[what] += 1
    return found


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[list[Replica]]:
    place = Place("", tmp_path)
    replica = Replica("alone", lambda: place.open())
    yield [replica]
    replica.store.close()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_on_one_machine_everything_comes_exactly_once(alone: list[Replica], seed: int) -> None:
    three_weeks(alone, seed)


@pytest.mark.postgres
def test_with_two_replicas_at_once_everything_comes_exactly_once(postgres_place: Place) -> None:
    replicas = [Replica(f"replica{n}", lambda: postgres_place.open(serving=True)) for n in range(2)]
    try:
        three_weeks(replicas, 4)
    finally:
        for replica in replicas:
            replica.store.close()
