"""What happens to a data contract when its time comes: an announced version comes into force."""

from __future__ import annotations

from bot.contracts import hearing
from bot.registry import Job, works
from workflows.contracting import comes_into_force


@works("contract_counts")
def contract_counts(job: Job) -> None:
    """The notice for a version is over."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        heard = hearing(tx, job, circ, job.subject.id)
        if heard is None:
            return
        version = str(job.data.get("version"))
        program, directory = job.program, tx.directory()
        tx.apply(comes_into_force(heard.contract, version, heard.relying, program, directory), circ)
