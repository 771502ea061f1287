"""The rules by which the releases of a use case go: those of its submission, where they speak of releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies import policy_of
from workflows.program import Program
from workflows.use_case import UseCase

if TYPE_CHECKING:
    from storage.reading import Reading


def rules_for(reading: Reading, current: Program, use_case: UseCase) -> Program:
    """The program version that the use case goes by.

    A version from before the program said who may stop what would leave nobody able to: there the rights of
    today count.
    """
    program = policy_of(reading, current, use_case.program).program
    if any(right.does == "stop" for right in program.decision_rights.rights):
        return program
    kept = {"decision_rights": current.decision_rights, "releases": current.releases}
    return program.model_copy(update=kept)
