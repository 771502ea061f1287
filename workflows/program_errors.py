"""What is wrong with a program, said so that whoever wrote it can put it right."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.ids import Frozen


class ProgramError(Frozen):
    """One fault: where it is, what it is, and what to do about it."""

    file: str
    line: int
    """From 1."""
    field: str
    """The place within the file, ``steps[2].questions[0].label``; empty for the file as a whole."""
    problem: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}"
        field = f", {self.field}" if self.field else ""
        return f"{place}{field}: {self.problem}. {self.fix[:1].upper()}{self.fix[1:]}"


class ProgramErrors(Exception):
    """A program that is not taken, with every fault that was found."""

    def __init__(self, errors: Sequence[ProgramError]) -> None:
        super().__init__("\n".join(str(e) for e in errors))
        self.errors = tuple(errors)
