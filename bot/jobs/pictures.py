"""Pictures that were not ready when their message was posted."""

from __future__ import annotations

from bot.pictures import JOB, look_again
from bot.registry import Job, works
from workflows.decision import Decision
from workflows.effects import Refresh


@works(JOB)
def put_pictures(job: Job) -> None:
    """Draw the message again once Slack is through with its pictures; else look later, a few times."""
    files, card = [str(f) for f in job.data["files"]], str(job.data["card"])
    ready = job.files is not None and all(job.files.ready(f) for f in files)
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        later = look_again(job.subject, card, files, int(job.data["tries"]), job.now)
        effects = (Refresh(subject=job.subject, card=card),) if ready else (later,) if later else ()
        tx.apply(Decision(effects=effects), job.circumstances(job.bot_user, "clock"))
