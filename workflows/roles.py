"""Roles to people: by a field of the use case, by function, group or rotation, with a fallback."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from workflows.answers import Answers
from workflows.ids import Frozen, QuestionId, UserId
from workflows.people import Directory
from workflows.program import Program, Resolve

_FROM_ANSWER = "answer:"


class Resolved(Frozen):
    """Who fills a role. ``unresolved``: the role has nobody able, so the program team stands in for it.

    ``people`` is empty only where the program team has nobody able either.
    """

    people: tuple[UserId, ...]
    unresolved: bool = False


def resolve(
    role: str,
    program: Program,
    answers: Answers,
    directory: Directory,
    now: datetime,
    without: Collection[UserId] = (),
    at_least: int = 1,
) -> Resolved:
    """The people of a role: those of the first way that yields someone able.

    Able are active people who are not in ``without`` (the submitter, for a decision). Where one way yields
    fewer than ``at_least``, the next ones add to it, and last the program team: a quorum is never lowered.
    """
    wanted = program.roles.get(role)
    found: tuple[UserId, ...] = ()
    if wanted:
        found = _gather(
            (*wanted.resolve, *wanted.fallback), program, answers, directory, now, without, at_least
        )
    if len(found) >= at_least:
        return Resolved(people=found)
    team = program.roles.get(program.program_team)
    if team and role != program.program_team:
        ways = (*team.resolve, *team.fallback)
        more = _gather(ways, program, answers, directory, now, without, at_least, found)
        return Resolved(people=more, unresolved=True)
    return Resolved(people=found, unresolved=True)


def team_room(program: Program) -> str:
    """The channel (no ``#``) of the program team; empty where it has none."""
    team = program.roles.get(program.program_team)
    return team.room if team else ""


def _gather(
    ways: tuple[Resolve, ...],
    program: Program,
    answers: Answers,
    directory: Directory,
    now: datetime,
    without: Collection[UserId],
    at_least: int,
    found: tuple[UserId, ...] = (),
) -> tuple[UserId, ...]:
    for way in ways:
        if len(found) >= at_least:
            break
        able = (u for u in _people(way, program, answers, directory, now, without) if u not in without)
        found = directory.active((*found, *able))
    return found


def _people(
    way: Resolve,
    program: Program,
    answers: Answers,
    directory: Directory,
    now: datetime,
    without: Collection[UserId],
) -> tuple[UserId, ...]:
    if way.field:
        return _named(_value(answers, way.field))
    if way.function:
        key = way.function
        if key.startswith(_FROM_ANSWER):
            key = str(_value(answers, key.removeprefix(_FROM_ANSWER)) or "")
        function = program.functions.get(key)
        return directory.groups.get(function.group, ()) if function else ()
    if way.rotation:
        rotation = program.rotations.get(way.rotation)
        members = directory.groups.get(rotation.group, ()) if rotation else ()
        return on_duty(members, directory, now, without)
    return directory.groups.get(way.group, ())


def on_duty(
    members: tuple[UserId, ...], directory: Directory, now: datetime, without: Collection[UserId] = ()
) -> tuple[UserId, ...]:
    """Whose week it is: member number ``ISO week % size``, or the next one able to act."""
    if not members:
        return ()
    first = now.isocalendar().week % len(members)
    turn = (*members[first:], *members[:first])
    return directory.active(tuple(u for u in turn if u not in without))[:1]


def _value(answers: Answers, question: str) -> Any:
    answer = answers.get(QuestionId(question))
    return answer.value if answer else None


def _named(value: Any) -> tuple[UserId, ...]:
    if isinstance(value, str):
        return (UserId(value),) if value else ()
    if isinstance(value, list | tuple):
        return tuple(UserId(str(v)) for v in value)
    return ()
