"""The part of ``life_cycle.yaml`` that says what becomes of a declared tool."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workflows.ids import Frozen, QuestionId


class Declaring(Frozen):
    """``declaring``: a program without it has no way to declare tools."""

    stage: str = ""
    """Where a declared tool is until it is submitted or put away."""
    data: QuestionId = QuestionId("")
    """The choice question of the intake that says which data it reads; asked at once."""
    assumes: Mapping[QuestionId, str] = Field(default_factory=dict)
    """Choices of the intake that count for the estimate where the words do not say; they are asked later."""
    tools: tuple[str, ...] = ()
    """Names and words, in small letters, by which a sentence such as "I use ... for ..." speaks of a tool."""
