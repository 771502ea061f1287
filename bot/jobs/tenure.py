"""What holds for a time and comes to its end: approvals, and waivers."""

from __future__ import annotations

from bot.policies import under_its_rules
from bot.records import record_under_lock
from bot.registry import Job, works
from workflows import renewing, waiving
from workflows.approval import Approval
from workflows.waiver import Waiver


@works("approval_ends")
def approval_ends(job: Job) -> None:
    """Its renewal is due, its end is near, or it has run out."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        seen = tx.approval(job.subject.id)
        record = record_under_lock(tx, job, circ, seen.use_case) if seen else None
        approval = tx.lock(Approval, job.subject.id) if record else None
        if record is None or approval is None:
            return
        directory, what = tx.directory(), str(job.data.get("what"))
        if what == "renew":
            id = tx.new_id("approval")
            decision = renewing.renew(approval, record.dossier, id, record.program, directory, record.circ)
            decision = record.followed(decision)
        else:
            rule = renewing.ended if what == "expired" else renewing.ends_soon
            decision = rule(approval, record.dossier, record.program, directory, record.circ)
        tx.apply(decision, record.circ)


@works("waiver_ends")
def waiver_ends(job: Job) -> None:
    """A waiver ends soon, or now: then the control counts again."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        seen = tx.get(Waiver, job.subject.id)
        record = record_under_lock(tx, job, circ, seen.use_case) if seen else None
        waiver = tx.lock(Waiver, job.subject.id) if record else None
        if record is None or waiver is None:
            return
        now, circ = under_its_rules(tx, job, circ, waiver.subject)
        what = str(job.data.get("what"))
        tx.apply(waiving.falls_due(waiver, record.dossier, what, now.program, tx.directory(), circ), circ)
