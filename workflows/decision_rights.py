"""The shape of a program's decision rights: who may do what with a use case, and who may read its record."""

from __future__ import annotations

from typing import Literal

from workflows.ids import Frozen
from workflows.questions import Expression

Does = Literal["", "propose", "ship", "stop", "roll_back", "restart"]
"""What the bot itself lets the holders of a right do with a release."""


class Holder(Frozen):
    """Some who hold a right; exactly one of the fields before ``when`` is set."""

    field: str = ""
    """The answer to this question (person or people) names them."""
    role: str = ""
    """The people of this role."""
    approvers: bool = False
    """Everybody whom the approval matrix asks for a use case with these answers."""
    gate: str = ""
    """For ``approvers``: at which gate; empty: the first one."""
    submitter: bool = False
    """Whoever brought the use case in."""
    system: str = ""
    """A system outside, by the name that the operator gave to its secret."""
    when: Expression = "true"
    """Only while this holds; it reads the answers, and ``tier``."""


class DecisionRight(Frozen):
    """One right: what it is to do, how people say it, and who may."""

    id: str
    label: str
    """Completes "may ..."."""
    words: tuple[str, ...]
    """How people name it when they ask who may."""
    rule: str = ""
    """The question whose answer in the playbook is quoted beside the names; empty: none is."""
    does: Does = ""
    """The step that it is the right to take; empty: it is there to be asked about."""
    together: bool = False
    """All of them have to agree; otherwise each may alone."""
    holders: tuple[Holder, ...]


class DecisionRights(Frozen):
    """``decision_rights.yaml``."""

    rights: tuple[DecisionRight, ...]
    records: tuple[str, ...] = ()
    """Roles whose people may read every record."""
