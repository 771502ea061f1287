"""Somebody left, came back, or named who decides for them: the seats that wait are looked at again."""

from __future__ import annotations

from bot.policies import under_its_rules
from bot.registry import Job, works
from workflows.standing_in import reseated


@works("reseat")
def reseat(job: Job) -> None:
    """Each case that waits for the person, or for somebody in their stead, in a transaction of its own."""
    circ = job.circumstances(job.bot_user, "clock")
    named = job.data.get("with")
    people = (job.subject.id, *(str(u) for u in named if u)) if isinstance(named, list) else (job.subject.id,)
    with job.store.read() as reading:
        ids = list(dict.fromkeys(a.id for u in people for a in reading.approvals_waiting_for(u)))
    for id in ids:
        with job.store.write() as tx:
            if not tx.first_time(f"{job.key}/{id}"):
                continue
            seen = tx.approval(id)
            use_case = tx.lock_use_case(seen.use_case) if seen else None
            approval = tx.lock_approval(id)
            if approval is not None and use_case is not None:
                now, stamped = under_its_rules(tx, job, circ, approval.subject)
                tx.apply(reseated(approval, now.program, tx.directory(), stamped), stamped)
