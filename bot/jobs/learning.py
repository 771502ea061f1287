"""The word about a learning path that was begun and left, and the introduction of the bot."""

from __future__ import annotations

from bot.listeners.learning import study_of
from bot.registry import Job, works
from workflows.ids import UserId
from workflows.learning.studying import nudge_due
from workflows.learning.welcoming import welcome_due


@works("learning_nudge")
def learning_nudge(job: Job) -> None:
    """Its time has come."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if tx.first_time(job.key):
            study = study_of(tx, job, circ, UserId(job.subject.id))
            tx.apply(nudge_due(study, str(job.data.get("path"))), circ)


@works("welcome")
def welcome(job: Job) -> None:
    """Somebody wrote for the first time, some minutes ago."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if tx.first_time(job.key):
            study = study_of(tx, job, circ, UserId(job.subject.id))
            busy = [walk.touched_at for walk in tx.drafts_of(study.user)]
            tx.apply(welcome_due(study, busy), circ)
