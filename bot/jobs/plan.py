"""A task of the plan is due, or late."""

from __future__ import annotations

from bot.listeners.plan import hearing
from bot.registry import Job, works
from workflows.plan.running import task_due


@works("plan_task_due")
def plan_task_due(job: Job) -> None:
    """Its owner hears of it; once it is late, the plan's channel too."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        heard = hearing(tx, job, circ, f"{job.subject.id}|{job.data.get('task')}")
        if heard is not None:
            tx.apply(task_due(heard.run, str(job.data.get("when")), str(job.data.get("due"))), circ)
