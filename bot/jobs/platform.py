"""After a gate: whether the use case that passed it is the proof that there is a platform."""

from __future__ import annotations

from bot.policies import rules_for
from bot.registry import Job, works
from workflows.decision import Decision, Entry
from workflows.effects import Post, ToPerson, ToRoom
from workflows.repeatability import reused
from workflows.roles import resolve, team_room


@works("look_for_platform")
def look_for_platform(job: Job) -> None:
    """Tells the program team, once for each use case and gate, where it takes over all that another built."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        dossier = tx.dossier(job.subject.id)
        program = rules_for(tx, job.program, job.subject)
        gate = program.gates.get(str(job.data.get("gate")))
        if not tx.first_time(job.key) or dossier is None or gate is None:
            return
        others = [d for id in dossier.use_case.builds_on if (d := tx.dossier(id))]
        found = reused(gate, dossier, others, program, job.now)
        if found is None or not found.whole:
            return
        room = team_room(program)
        answers = dossier.use_case.answers
        team = resolve(program.program_team, program, answers, tx.directory(), job.now).people
        to = (ToRoom(name=room),) if room else tuple(ToPerson(user=u) for u in team)
        subject = dossier.use_case.subject
        detail = {"gate": gate.id, "others": [u.id for u in found.others], "shared": list(found.shared)}
        posts = tuple(
            Post(
                to=t,
                kind="platform",
                subject=subject,
                data=detail,
                key=f"platform/{subject.id}/{gate.id}/{n}",
            )
            for n, t in enumerate(to)
        )
        entry = Entry(action="platform.recognised", subject=subject, detail=detail)
        tx.apply(Decision(entries=(entry,), effects=posts), circ)
