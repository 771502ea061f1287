"""The rules by which the releases of a use case go: those of its submission, until newer ones are adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies import policy_of
from workflows.program import Program
from workflows.use_case import UseCase

if TYPE_CHECKING:
    from storage.reading import Reading


def rules_for(reading: Reading, current: Program, use_case: UseCase) -> Program:
    """The program version that the use case goes by."""
    return policy_of(reading, current, use_case.program).program
