"""Whom a question goes to that the playbook does not answer: a champion, else the program team."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from workflows.consultation import Consultation
from workflows.ids import Frozen, UserId
from workflows.people import Directory
from workflows.program import Function, Program
from workflows.roles import resolve


class Champion(Frozen):
    """Someone to ask. ``function`` is the id of what they are champion for; empty: the program team."""

    user: UserId
    function: str = ""


def next_champion(
    consultation: Consultation, program: Program, directory: Directory, now: datetime
) -> Champion | None:
    """Whom to ask next: neither the asker nor anyone who was asked already.

    The functions of the nearest documents come first, then the asker's own, then the program team. ``None``
    only where nobody of these is left.
    """
    without = {consultation.asker, *(r.to for r in consultation.referrals)}
    champions = _champions(program, directory, now)
    for function in _functions(consultation, program, directory):
        members = directory.groups.get(function.group, ())
        able = [u for u in champions if u in members and u not in without]
        if able:
            return Champion(user=able[0], function=function.id)
    team = resolve(program.program_team, program, {}, directory, now, without).people
    return Champion(user=team[0]) if team else None


def is_champion_of(user: UserId, program: Program, directory: Directory, now: datetime) -> str:
    """The function that a person is champion for; empty where they are for none."""
    if user not in _champions(program, directory, now):
        return ""
    return next(iter(functions_of(user, program, directory)), "")


def champions_by_function(
    program: Program, directory: Directory, now: datetime
) -> dict[str, tuple[UserId, ...]]:
    """The champions of each function that has any, by its id."""
    there = _champions(program, directory, now)
    found = {
        f.id: tuple(u for u in there if u in directory.groups.get(f.group, ()))
        for f in program.functions.values()
    }
    return {function: people for function, people in found.items() if people}


def champions_of(function: str, program: Program, directory: Directory, now: datetime) -> tuple[UserId, ...]:
    """The champions of a function: those of its group who are champions; none where it has a gap."""
    found = program.functions.get(function)
    members = directory.groups.get(found.group, ()) if found else ()
    return tuple(u for u in _champions(program, directory, now) if u in members)


def functions_of(user: UserId, program: Program, directory: Directory) -> tuple[str, ...]:
    """The functions whose group a person belongs to, in the program's order."""
    groups = directory.groups
    return tuple(f.id for f in program.functions.values() if user in groups.get(f.group, ()))


def function_named(name: str, program: Program) -> str:
    """The id of a function by its id or its label, as documents name it; empty for none."""
    said = name.strip().casefold()
    for function in program.functions.values():
        if said and said in (function.id.casefold(), function.label.casefold()):
            return function.id
    return ""


def known_functions(names: Iterable[str], program: Program) -> tuple[str, ...]:
    """The functions that documents name, each once, in order."""
    return tuple(dict.fromkeys(f for f in (function_named(n, program) for n in names) if f))


def corpus_owners(
    program: Program, directory: Directory, now: datetime, without: Collection[UserId] = ()
) -> tuple[UserId, ...]:
    """Who looks after the playbook; the program team where nobody does."""
    role = program.consulting.corpus_owner or program.program_team
    return resolve(role, program, {}, directory, now, without).people


def _champions(program: Program, directory: Directory, now: datetime) -> tuple[UserId, ...]:
    role = program.roles.get(program.consulting.champions)
    found = resolve(role.id, program, {}, directory, now) if role else None
    return found.people if found and not found.unresolved else ()


def _functions(consultation: Consultation, program: Program, directory: Directory) -> Iterable[Function]:
    own = functions_of(consultation.asker, program, directory)
    for id in dict.fromkeys((*consultation.functions, *own)):
        function = program.functions.get(id)
        if function:
            yield function
