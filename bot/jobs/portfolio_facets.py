"""A new program may put use cases into other lanes: those on record are gone through, some at a time."""

from __future__ import annotations

from bot.registry import Job, Moment, at_start, works
from storage import portfolio
from workflows.decision import Decision
from workflows.effects import Work
from workflows.ids import Subject
from workflows.portfolio.lanes import facets_now, topic_of
from workflows.program import Program
from workflows.use_case import UseCase

_AT_ONCE = 100
"""Few enough that people who are answered meanwhile do not notice."""


@at_start
def begin(moment: Moment) -> None:
    """Once for each version of the program; another start under the same one finds it done."""
    circ = moment.circumstances(moment.bot_user, "clock")
    with moment.store.write() as tx:
        if tx.first_time(f"facets/{moment.program.stamp.hash}"):
            tx.apply(Decision(effects=(_from(moment, ""),)), circ)


@works("find_facets")
def find_facets(job: Job) -> None:
    """Some use cases, in the order of their ids, and the plan for those that follow."""
    circ = job.circumstances(job.bot_user, "clock")
    with job.store.write() as tx:
        if not tx.first_time(job.key):
            return
        states = portfolio.batch(tx.connection, str(job.data.get("after") or ""), _AT_ONCE)
        found = [UseCase.model_validate(state) for state in states]
        portfolio.fill(tx.connection, [(u.id, as_it_is(u, job.program)) for u in found])
        if found:
            tx.apply(Decision(effects=(_from(job, found[-1].id),)), circ)


def as_it_is(use_case: UseCase, program: Program) -> dict[str, object]:
    """What the columns are found by: the facets of now, and what people and lists said."""
    return {
        "assessment": {"facets": facets_now(use_case, program)},
        "lane": {"lane": use_case.lane.lane} if use_case.lane else {},
        "topic": use_case.topic or topic_of(use_case.source_key, use_case.source_row, program),
    }


def _from(moment: Moment, after: str) -> Work:
    hash = moment.program.stamp.hash
    about = Subject(type="program", id=moment.program.stamp.label)
    return Work(name="find_facets", subject=about, data={"after": after}, key=f"facets/{hash}/{after}")
