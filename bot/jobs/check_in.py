"""Check-ins by the clock: whose time has come is asked, once; reminded, once; then no longer waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from bot.figures import check_in_of, check_ins_for
from bot.registry import Job, Moment, at_start, works
from workflows.decision import Decision
from workflows.effects import Later
from workflows.figures import asking
from workflows.figures.asking import Turn
from workflows.figures.check_in import CheckIn
from workflows.ids import Subject, UserId

_AFTER_START = timedelta(minutes=15)
_AT_ONCE = timedelta(minutes=1)


@works(asking.ROUND)
def check_ins(job: Job) -> None:
    """One round: everybody whose time has come is asked in a transaction of their own; the next is planned.

    A round that was cut short is done again whole: who was asked already is found by use case and week.
    """
    terms = job.program.figures.check_in
    with job.store.read() as reading:
        use_cases = reading.use_cases(stages=terms.stages) if terms else ()
        directory = reading.directory()
        due, again = asking.turns(use_cases, job.program, directory, job.now)
        open_ = [t for t in due if check_in_of(reading, t.use_case, t.week) is None]
    people: dict[tuple[UserId, date], list[Turn]] = {}
    for turn in open_:
        people.setdefault((turn.owner, turn.week), []).append(turn)
    for (user, week), wanted in people.items():
        _ask(job, user, week, wanted)
    with job.store.write() as tx:
        if tx.first_time(job.key):
            circ = job.circumstances(job.bot_user, "clock")
            tx.apply(Decision(effects=(_planned(job, max(again, job.now + _AT_ONCE)),)), circ)


def _ask(job: Job, user: UserId, week: date, wanted: Sequence[Turn]) -> None:
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        locked = [tx.lock_use_case(t.use_case) for t in sorted(wanted, key=lambda t: t.use_case)]
        fresh = [u for u in locked if u is not None and check_in_of(tx, u.id, week) is None]
        if fresh:
            asked = [(tx.new_id("check_in"), u) for u in fresh]
            tx.apply(asking.ask(user, week, asked, job.program, tx.directory(), circ), circ)


@works("check_in_nudge")
def check_in_nudge(job: Job) -> None:
    """The one reminder."""
    _each(job, asking.nudge)


@works("check_in_missed")
def check_in_missed(job: Job) -> None:
    """Nobody is waited for any longer."""
    _each(job, asking.missed)


def _each(job: Job, rule: Callable[[Sequence[CheckIn], UserId, date], Decision]) -> None:
    week, user = date.fromisoformat(str(job.data["week"])), UserId(job.subject.id)
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        locked = [tx.lock(CheckIn, c.id) for c in check_ins_for(tx, user, week)]
        decision = rule([c for c in locked if c is not None and c.owner == user], user, week)
        if decision.entries:
            tx.apply(decision, circ)


@at_start
def plan_the_first(moment: Moment) -> None:
    """Rounds are planned when the bot starts; each plans the next."""
    with moment.store.write() as tx:
        if not tx.planned(asking.ROUND):
            circ = moment.circumstances(moment.bot_user, "clock")
            tx.apply(Decision(effects=(_planned(moment, moment.now + _AFTER_START),)), circ)


def _planned(moment: Moment, due: datetime) -> Later:
    about = Subject(type="program", id=moment.program.stamp.label)
    return Later(key=asking.ROUND, due=due, name=asking.ROUND, subject=about)
