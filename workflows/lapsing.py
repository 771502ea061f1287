"""When something that a gate rests on runs out next: evidence of an item, a waiver, an approval."""

from __future__ import annotations

from datetime import datetime

from workflows.dossier import Dossier
from workflows.effects import Later
from workflows.gate import Gate
from workflows.people import Directory
from workflows.program import Program
from workflows.readiness import readiness
from workflows.standing import lasts_until


def lapse(gate: Gate, dossier: Dossier, program: Program, now: datetime) -> tuple[Later, ...]:
    """The job for the next moment at which readiness changes by itself; none where nothing runs out.

    One is planned for each use case and gate: planning it again moves it.
    """
    found = readiness(gate, dossier, program, Directory(), now)
    ends = [i.until for i in found.items if i.done and i.until and i.until > now]
    if found.approval and (end := lasts_until(found.approval, gate)) and end > now:
        ends.append(end)
    if not ends:
        return ()
    use_case = dossier.use_case
    return (
        Later(
            key=f"lapse/{use_case.id}/{gate.id}",
            due=min(ends),
            name="readiness_lapses",
            subject=use_case.subject,
            data={"gate": gate.id},
        ),
    )
