"""The life cycle of a use case: which moves a program permits, and making one."""

from __future__ import annotations

from workflows.program import Move, Program, Stage
from workflows.use_case import UseCase


class NotAMove(Exception):
    """A move that the program does not permit, or not to whoever tried it. Says so in a kind sentence."""


def stage_of(stage: str, program: Program) -> Stage:
    """The stage with that id. Raises ``KeyError`` for one that the program does not know."""
    for known in program.life_cycle.stages:
        if known.id == stage:
            return known
    raise KeyError(stage)


def moves_from(stage: str, by: str, program: Program) -> tuple[str, ...]:
    """The stages that someone (``submitter``, ``approval``, ``program_team``, ``clock``) may move it to."""
    return tuple(m.to for m in program.life_cycle.moves if m.from_ == stage and m.by == by)


def moves_of(use_case: UseCase, program: Program) -> tuple[Move, ...]:
    """Every move that its life cycle has from where it is; back only to where it came from."""
    return tuple(
        m
        for m in program.life_cycle.moves
        if m.from_ == use_case.stage and (not m.back or m.to == use_case.stage_before)
    )


def move(use_case: UseCase, to: str, by: str, program: Program) -> UseCase:
    """The use case in its new stage. Raises :class:`NotAMove` for any move that is not listed."""
    able = [m.to for m in moves_of(use_case, program) if m.by == by]
    if to in able:
        return use_case.model_copy(update={"stage": to, "stage_before": use_case.stage})
    here, there = _label(use_case.stage, program), _label(to, program)
    possible = [_label(s, program) for s in able]
    if use_case.stage == to:
        raise NotAMove(f"{use_case.id} is already in “{here}”.")
    ways = f" Possible from here: {', '.join(possible)}." if possible else ""
    raise NotAMove(f"{use_case.id} is in “{here}” and cannot go from there to “{there}” this way.{ways}")


def _label(stage: str, program: Program) -> str:
    return next((s.label for s in program.life_cycle.stages if s.id == stage), stage)
