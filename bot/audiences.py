"""Which audiences of the corpus a person belongs to: their groups, functions and roles."""

from __future__ import annotations

from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program

APPROVERS = "approvers"
"""Everyone who holds a role that decides."""


def audiences_of(user: UserId, directory: Directory, program: Program) -> frozenset[str]:
    """The names under which documents are meant for this person, beside those for everybody.

    These are the handles of their user groups, the ids of the functions and roles that resolve to one of
    these, and :data:`APPROVERS` for whoever has a role that governance asks. Who left belongs to none.
    """
    if not directory.person(user).active:
        return frozenset()
    groups = {handle for handle, members in directory.groups.items() if user in members}
    functions = {f.id for f in program.functions.values() if f.group in groups}
    roles = {
        role.id
        for role in program.roles.values()
        if any(way.group in groups or way.function in functions for way in role.resolve)
    }
    deciding = {step.role for row in program.governance.rows for step in row.steps}
    named = groups | functions | roles | ({APPROVERS} if roles & deciding else set())
    return frozenset(name.casefold() for name in named)
