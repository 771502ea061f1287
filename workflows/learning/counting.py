"""How many people of a function have finished a path: counts of groups, never of one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflows.champions import functions_of, is_champion_of
from workflows.ids import UserId
from workflows.learning.learner import Learner
from workflows.learning.studying import beginner, meant_for, progress
from workflows.people import Directory
from workflows.program import Program
from workflows.roles import resolve


@dataclass(frozen=True)
class Count:
    """One path in one function. ``finished`` is ``None`` where the group is too small to be counted."""

    path: str
    function: str
    people: int
    finished: int | None


def may_see(user: UserId, program: Program, directory: Directory, now: datetime) -> tuple[str, ...]:
    """The functions whose counts a person may see; none for most people."""
    if not directory.person(user).active:
        return ()
    wide = (program.program_team, *program.learning.counts.roles)
    if any(user in resolve(role, program, {}, directory, now).people for role in wide):
        return tuple(program.functions)
    own = is_champion_of(user, program, directory, now)
    return functions_of(user, program, directory) if own else ()


def counts(
    function: str, learners: Mapping[UserId, Learner], program: Program, directory: Directory, now: datetime
) -> tuple[Count, ...]:
    """Each path that somebody of the function is to follow, in the program's order."""
    group = program.functions[function].group
    members = directory.active(tuple(directory.groups.get(group, ())))
    due = {user: meant_for(user, program, directory) for user in members}
    found = []
    for path in program.learning.paths:
        people = [u for u in members if path.id in due[u]]
        if not people:
            continue
        done = sum(progress(learners.get(u) or beginner(u, now), path, now).finished for u in people)
        enough = len(people) >= program.learning.counts.at_least
        found.append(Count(path.id, function, len(people), done if enough else None))
    return tuple(found)
