"""What changes about the checklists of a use case by itself: evidence runs out, or nobody needs them more."""

from __future__ import annotations

from bot.policies import rules_for
from bot.registry import Job, works
from workflows.announcing import READINESS_CARD
from workflows.decision import Decision
from workflows.effects import Refresh
from workflows.lapsing import lapse
from workflows.putting_down import put_down as no_more_questions


@works("readiness_lapses")
def readiness_lapses(job: Job) -> None:
    """Draws the card again, and plans the next time that something runs out."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        dossier = tx.dossier(job.subject.id)
        if not tx.first_time(job.key) or dossier is None:
            return
        program = rules_for(tx, job.program, job.subject)
        gate = program.gates.get(str(job.data.get("gate")))
        again = (Refresh(subject=job.subject, card=READINESS_CARD),)
        later = lapse(gate, dossier, program, job.now) if gate else ()
        tx.apply(Decision(effects=(*again, *later)), circ)


@works("put_down")
def put_down(job: Job) -> None:
    """A use case was put away: whoever was asked something about it is not waited for any more."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.read() as reading:
        handed = [w.id for w in reading.walks_about(job.subject.id) if any(a.open for a in w.assignments)]
    for id in handed:
        with job.store.write() as tx:
            walk, use_case = tx.lock_walk(id), tx.lock_use_case(job.subject.id)
            if walk is not None and use_case is not None and tx.first_time(f"{job.key}/{id}"):
                program = rules_for(tx, job.program, job.subject)
                tx.apply(no_more_questions(walk, use_case, program, circ), circ)
