"""The weekly list of gaps, when its time has come."""

from __future__ import annotations

from datetime import date

from bot.registry import Job, works
from bot.views.gaps import gaps_for
from workflows.champions import corpus_owners
from workflows.decision import Decision
from workflows.effects import Post, ToPerson
from workflows.gaps import week_before
from workflows.ids import Subject, UserId


@works("list_gaps")
def list_gaps(job: Job) -> None:
    """One message to an owner of the playbook; none where every gap was closed meanwhile.

    Whoever does not own the playbook any more is passed over, and those who do get it, each once.
    """
    day, planned_for = date.fromisoformat(str(job.data["date"])), UserId(job.subject.id)
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        directory = tx.directory()
        owners = corpus_owners(job.program, directory, job.now)
        posts: list[Post] = []
        for user in [planned_for] if planned_for in owners else owners:
            zone = directory.person(user).tz
            since, until = week_before(day, zone, job.program.consulting.gaps)
            if gaps_for(tx, job.program, user, since, until).empty:
                continue
            posts.append(
                Post(
                    to=ToPerson(user=user),
                    kind="gaps",
                    subject=Subject(type="person", id=user),
                    data={"since": since.isoformat(), "until": until.isoformat()},
                    key=f"gaps/{user}/{day}",
                )
            )
        tx.apply(Decision(effects=tuple(posts)), circ)
