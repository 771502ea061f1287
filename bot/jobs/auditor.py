"""Every night: whatever the clock forgot is found, told to the program team, and planned again."""

from __future__ import annotations

from bot.auditor import look, repair
from bot.registry import Job, Moment, at_start, works
from workflows.auditing import next_look
from workflows.decision import Decision
from workflows.effects import Later
from workflows.ids import Subject

_KEY = "auditor"


@works("auditor")
def auditor(job: Job) -> None:
    """One look; the next is planned whatever comes of it."""
    circ = job.circumstances(job.bot_user, "clock")
    found = look(job.store, job.program, circ)
    with job.store.write() as tx:
        if tx.first_time(job.key):
            repair(tx, found, job.program, circ)
            tx.apply(Decision(effects=(_planned(job),)), circ)


@at_start
def plan_the_next(moment: Moment) -> None:
    """The look is planned when the bot starts, because its own plan may be what was lost."""
    with moment.store.write() as tx:
        if not tx.planned(_KEY):
            circ = moment.circumstances(moment.bot_user, "clock")
            tx.apply(Decision(effects=(_planned(moment),)), circ)


def _planned(moment: Moment) -> Later:
    about = Subject(type="program", id=moment.program.stamp.label)
    return Later(key=_KEY, due=next_look(moment.now), name="auditor", subject=about)
