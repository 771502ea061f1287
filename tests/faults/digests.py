"""Two years of digests in every time zone: replicas killed, clocks apart, rests of weeks; each comes once.

Real processes of the bot share a clock that the run moves ahead in steps of hours, and now and then by days
or weeks while all of them are down; it is also set back. What is counted are the messages in the workspace,
by channel, digest and period, beside an oracle that steps through the minutes of every zone
(``digest_oracle.py``). Every zone has a channel of its own. Where several zones keep the same time in these
years, one of them has a digest every week and the others every month, so that the run ends within half an
hour; the times of day lie where clocks are changed, as far as they are. The digests say little, and the
pauses between messages are left out. The years are past ones, because the workspace's own clock is the real
one, and the bot looks for what it posted from a moment on.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from storage.program_folder import default_program_folder, read_program
from storage.schema import Audit
from storage.store import Store
from tests.faults.digest_oracle import DAYS, Expected, Wanted, expected
from tests.faults.digest_walk import START, STEP, SharedClock, Size, Walk
from tests.faults.outcome import Outcome
from tests.faults.replica import Plan
from tests.faults.workplace import Workplace
from workflows.decision import Actor, Circumstances, Decision, Entry
from workflows.digests.issue import DigestIssue
from workflows.digests.subscription import Schedule, Subscription
from workflows.digests.turns import planned
from workflows.effects import ToPlace
from workflows.ids import Place, UserId

LATE = timedelta(hours=14)
"""More than a step, so that only what a rest delayed is late."""
DIGESTS = {"weekly": "Weekly word", "monthly": "Monthly word"}
SKEWS = (0.0, 4.0, -4.0)
_KEY = re.compile(r"digest/(\w+)/(C0MORE\d+)/(\d{4}-(?:W\d\d|\d\d))(?:/\d+)?$")
_WEEK = re.compile(r"week (\d+) of (\d{4})")


def alike(zones: Sequence[str], weeks: int) -> dict[str, bool]:
    """Each zone, and whether it is the first of those that keep the same time in these weeks."""
    seen: set[tuple[object, ...]] = set()
    first: dict[str, bool] = {}
    for zone in zones:
        tz = ZoneInfo(zone)
        kept = tuple((START + timedelta(days=d)).astimezone(tz).utcoffset() for d in range(weeks * 7))
        first[zone] = kept not in seen
        seen.add(kept)
    return first


def orders(size: Size, chance: random.Random) -> list[Wanted]:
    """What comes to whom: where a zone's clock is changed, on that day of the week at such an hour."""
    made = []
    for number, (zone, weekly) in enumerate(alike(size.zones, size.weeks).items()):
        changed = [d for d in range(size.weeks * 7) if _offset(zone, d) != _offset(zone, d + 1)]
        at = f"{chance.randrange(24):02d}:{chance.randrange(60):02d}"
        day = chance.choice(DAYS)
        if changed and chance.random() < 0.7:
            day = DAYS[(START + timedelta(days=changed[0], hours=12)).weekday()]
            at = f"{chance.choice((0, 1, 2, 3)):02d}:{chance.choice((0, 15, 30, 59)):02d}"
        made.append(
            Wanted(
                channel=f"C0MORE{number}",
                digest="weekly" if weekly else "monthly",
                zone=zone,
                every="week" if weekly else "month",
                day=day,
                date=chance.choice((1, 15, 28, 31)),
                at=at,
            )
        )
    return made


def _offset(zone: str, days: int) -> timedelta | None:
    return (START + timedelta(days=days)).astimezone(ZoneInfo(zone)).utcoffset()


def program_in(folder: Path) -> Path:
    """The program that ships, with digests that say little, and none ordered."""
    program = folder / "program"
    shutil.copytree(default_program_folder(), program)
    lines = [f"late_after_minutes: {int(LATE.total_seconds() // 60)}", "digests:"]
    lines += [f'  - {{id: {id}, title: "{title}"}}' for id, title in DIGESTS.items()]
    (program / "digests.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return program


def subscribe(store: Store, program: Path, wanted: Sequence[Wanted], now: datetime) -> None:
    """The subscriptions, as they would have been made in Slack."""
    stamp = read_program(program).stamp
    sam = UserId("U0SAM")
    circ = Circumstances(now=now, actor=Actor(user=sam, door="modal"), program=stamp)
    for order in wanted:
        with store.write() as tx:
            schedule = Schedule.model_validate(
                {
                    "every": order.every,
                    "day": order.day,
                    "date": order.date,
                    "at": order.at,
                    "zone": order.zone,
                }
            )
            made = Subscription(
                id=tx.new_id("subscription"),
                digest=order.digest,
                to=ToPlace(place=Place(channel=order.channel)),
                channel=order.channel,
                schedule=schedule,
                origin="slack",
                opened_at=now,
            )
            subscription, later = planned(made, now)
            entry = Entry(action="digest.subscribed", subject=made.subject)
            tx.apply(Decision(changed=(subscription,), entries=(entry,), effects=(later,)), circ)


def posts(place: Workplace) -> Counter[tuple[str, str, str]]:
    """The messages in the workspace, by channel, digest and period, all read from the workspace."""
    found: Counter[tuple[str, str, str]] = Counter()
    for channel in place.sandbox.world.channels.values():
        for message in channel.messages.values():
            key = ((message.body.get("metadata") or {}).get("event_payload") or {}).get("key", "")
            said = _KEY.match(key)
            if said is None or not channel.id.startswith("C0MORE"):
                continue
            digest, _, period = said.groups()
            words = str(message.body.get("blocks"))
            week = _WEEK.search(words)
            if "W" in period:
                assert week, words
                assert f"{week[2]}-W{int(week[1]):02d}" == period, (period, words)
            assert DIGESTS[digest] in words, words
            found[channel.id, digest, period] += 1
    return found


def compare(
    outcome: Outcome,
    place: Workplace,
    store: Store,
    want: dict[tuple[str, str, str], Expected],
) -> None:
    """The workspace beside the oracle, and what was stored beside both."""
    found = posts(place)
    missing = [k for k, e in want.items() if e.posted and found[k] == 0]
    double = [k for k, n in found.items() if n > 1]
    strange = [k for k in found if k not in want or not want[k].posted]
    with store.read() as reading:
        issues = {
            (s.channel, i.digest, i.period): i
            for i in reading.matters(DigestIssue)
            for s in (reading.get(Subscription, str(i.subscription)),)
            if s is not None and i.status == "posted"
        }
        notes = [
            (s.channel, s.digest, period)
            for subject, detail in reading.connection.execute(
                select(Audit.subject_id, Audit.detail).where(Audit.action == "digest.skipped")
            )
            for s in (reading.get(Subscription, subject),)
            if s is not None
            for period in detail["periods"]
        ]
    at_other_times = [k for k, i in issues.items() if k in want and i.due_at != want[k].due]
    wrongly_late = [
        k for k, i in issues.items() if k in want and want[k].late is not None and i.late != want[k].late
    ]
    left_out = [k for k, e in want.items() if not e.posted]
    unnoted = set(left_out) - set(notes)
    outcome.counts |= {
        "channels": len({k[0] for k in want}),
        "periods": len(want),
        "posted": found.total(),
        "late": sum(i.late for i in issues.values()),
        "left out": len(left_out),
        "noted": len(set(notes)),
        "lost": len(missing),
        "double": len(double),
        "wrong": len(strange) + len(at_other_times) + len(wrongly_late) + len(unnoted),
    }
    outcome.problems += [f"never came: {k}" for k in missing] + [f"came more than once: {k}" for k in double]
    outcome.problems += [f"should not have come: {k}" for k in strange]
    outcome.problems += [f"due at {issues[k].due_at}, not {want[k].due}: {k}" for k in at_other_times]
    outcome.problems += [f"late is {issues[k].late}: {k}" for k in wrongly_late]
    outcome.problems += [f"left out without a note: {k}" for k in sorted(unnoted)]


def simulate(database: str, size: Size, seed: int) -> Outcome:
    """The whole run; the outcome has its counts."""
    outcome = Outcome(f"digests in {len(size.zones)} zones over {size.weeks} weeks", database)
    chance = random.Random(seed)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="preflight-digests-")))
        clock = SharedClock(folder / "clock")
        stack.callback(clock.close)
        program = program_in(folder)
        plans = [
            Plan(
                seed=seed,
                name=f"r{n}",
                pace=0.0,
                clock=str(folder / "clock"),
                skew=SKEWS[n % len(SKEWS)] if size.replicas > 1 else 0.0,
                tick=0.1,
            )
            for n in range(size.replicas)
        ]
        place = stack.enter_context(
            Workplace(
                database,
                plans,
                folder=folder,
                settings={"PREFLIGHT_PROGRAM_DIR": str(program)},
                channels=[f"z{number}" for number in range(len(size.zones))],
            )
        )
        place.control("POST", "/sandbox/settings", {"rate_limits": False})
        store = stack.enter_context(place.memory())
        wanted = orders(size, chance)
        subscribe(store, program, wanted, clock.now())
        walk = Walk(place, store, clock, size, chance)
        walk.go()
        outcome.counts |= dict(walk.counts)
        outcome.problems += walk.stuck
        compare(outcome, place, store, expected(wanted, walk.seen, LATE))
        outcome.demand(store.verify().sound, "the audit log does not fold to the state")
    return outcome


def named(zones: str) -> list[str]:
    """``all``, a number of them spread over the list, or names with commas between them."""
    every = sorted(z for z in available_timezones() if z != "localtime")
    if zones == "all":
        return every
    if zones.isdigit():
        return every[:: max(len(every) // int(zones), 1)][: int(zones)]
    return zones.split(",")


def run(database: str, n: int, seed: int) -> Outcome:
    """``n`` weeks in every zone."""
    replicas = 3 if database == "postgres" else 1
    return simulate(database, Size(named("all"), n, replicas, kills=150, rests=12, closed=20), seed)


def main(arguments: Sequence[str] | None = None) -> None:
    """``python -m tests.faults digests --zones all --weeks 104 --db postgres --replicas 3 --kills 150``."""
    parser = argparse.ArgumentParser(prog="tests.faults digests", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--zones", default="all", help="all, how many, or names with commas between them")
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--replicas", type=int)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--rests", type=int, default=12, help="how often all are down for days or weeks")
    parser.add_argument("--closed", type=int, default=20, help="how many channels are archived for a while")
    parser.add_argument("--step-hours", type=float, default=STEP.total_seconds() / 3600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args(arguments)
    replicas = given.replicas or (3 if given.db == "postgres" else 1)
    step = timedelta(hours=given.step_hours)
    size = Size(named(given.zones), given.weeks, replicas, given.kills, given.rests, given.closed, step)
    print(f"seed {given.seed}", flush=True)
    began = time.monotonic()
    outcome = simulate(given.db, size, given.seed)
    outcome.counts["took, s"] = round(time.monotonic() - began)
    outcome.print()
    sys.exit(0 if outcome.sound else 1)


if __name__ == "__main__":
    main()
