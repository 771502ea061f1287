"""Every night: what is older than the program keeps it is deleted, and how much that was is on record."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.registry import Job, Moment, at_start, works
from storage.retiring import retire
from workflows.auditing import next_look
from workflows.decision import Decision, Entry
from workflows.effects import Later
from workflows.ids import Subject

_KEY = "retention"
_AFTER = timedelta(minutes=30)
"""After the auditor, so that the two do not want the database at the same time."""
_BATCHES = 500
"""In one night at most: what is left waits for the next one, and the bot's answers do not wait for this."""


@works("retention")
def apply_retention(job: Job) -> None:
    """One portion after the other, each in a transaction of its own; the next night is planned at the end."""
    circ = job.circumstances(job.bot_user, "clock")
    gone: Counter[str] = Counter()
    for _ in range(_BATCHES):
        with job.store.write() as tx:
            portion = retire(tx, job.program.retention, circ)
        if not portion:
            break
        gone.update(portion)
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        entries = (Entry(action="retention.applied", subject=job.subject, detail=dict(gone)),) if gone else ()
        tx.apply(Decision(entries=entries, effects=(_planned(job),)), circ)


@at_start
def plan_the_next_night(moment: Moment) -> None:
    """Planned when the bot starts, because its own plan may be what was lost."""
    with moment.store.write() as tx:
        if not tx.planned(_KEY):
            circ = moment.circumstances(moment.bot_user, "clock")
            tx.apply(Decision(effects=(_planned(moment),)), circ)


def _planned(moment: Moment) -> Later:
    about = Subject(type="program", id=moment.program.stamp.label)
    return Later(key=_KEY, due=next_look(moment.now) + _AFTER, name="retention", subject=about)
