"""Evidence and waivers run out by themselves: the card that shows them is drawn again at that moment."""

from __future__ import annotations

from bot.policies import rules_for
from bot.registry import Job, works
from workflows.announcing import READINESS_CARD
from workflows.decision import Decision
from workflows.effects import Refresh
from workflows.lapsing import lapse


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
