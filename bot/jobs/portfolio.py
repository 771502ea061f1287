"""The clock's part in the portfolio review: it begins by itself, goes on in the morning, tasks fall due."""

from __future__ import annotations

from collections.abc import Callable

from bot.listeners.portfolio import Hearing, hearing, open_session, queued
from bot.registry import Job, Moment, at_start, works
from workflows.decision import Decision
from workflows.effects import ToPerson, ToRoom
from workflows.portfolio import session, tasks
from workflows.portfolio.cadence import KEY, planned_after
from workflows.portfolio.session import preparers


@works("portfolio_review")
def portfolio_review(job: Job) -> None:
    """The quarter's review begins, and the next one is planned. After a rest it is one, not several."""
    circ = job.circumstances(job.bot_user, "clock")
    queue = queued(job)
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        room = job.program.portfolio.room
        people = preparers(job.program, tx.directory(), job.now)
        if room or people:
            to = ToRoom(name=room) if room else ToPerson(user=people[0])
            open_session(tx, job, circ, to, queue, by_the_clock=True)
        tx.apply(Decision(effects=planned_after(job.now, job.program)), circ)


@at_start
def plan_the_next(moment: Moment) -> None:
    """The next review is planned when the bot starts; one that fell due while it rested is left to begin."""
    with moment.store.write() as tx:
        if any(job.due <= moment.now for job in tx.planned(KEY)):
            return
        circ = moment.circumstances(moment.bot_user, "clock")
        tx.apply(Decision(effects=planned_after(moment.now, moment.program)), circ)


@works("portfolio_go_on")
def portfolio_go_on(job: Job) -> None:
    """Another morning: where nobody has gone on, the thread says what is left."""

    def rule(heard: Hearing) -> Decision:
        return session.go_on(heard.sitting, int(str(job.data.get("at") or 0)))

    _do(job, job.subject.id, rule)


@works("portfolio_task_due")
def portfolio_task_due(job: Job) -> None:
    """The day of a task is over."""
    _do(job, f"{job.subject.id}||{job.data.get('task')}", lambda heard: tasks.task_due(heard.sitting))


def _do(job: Job, named: str, rule: Callable[[Hearing], Decision]) -> None:
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        heard = hearing(tx, job, circ, named)
        if heard is not None:
            tx.apply(rule(heard), circ)
