"""The shape of a gate file: what must be there before a use case may make a move, or a release go out."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workflows.ids import Frozen, QuestionId
from workflows.questions import Expression


class Demand(Frozen):
    """A questionnaire that has to be complete: a checklist with every item met, or an assessment done."""

    questionnaire: str
    when: Expression = "true"
    """Only while this holds; it reads the answers of the intake, and ``tier``."""


class GateDimension(Frozen):
    """Something that the gate wants evidence of: a dimension of its decision, or one of its questions."""

    id: str
    label: str = Field(max_length=60)
    says: str
    """What it asks, in one sentence."""
    items: tuple[str, ...]
    """``CHECKLIST.ITEM`` each; with none of them met and evidenced it is empty."""


class Reuse(Frozen):
    """One part that a use case may take over from another: how it is seen that it did."""

    id: str
    label: str = Field(max_length=60)
    by: Literal["contracts", "gates", "evidence"]
    """It relies on a data contract of the other; it goes through gates that the other has passed; or one of
    ``items`` rests on the very evidence of the other."""
    items: tuple[str, ...] = ()
    """``CHECKLIST.ITEM`` each, for ``evidence``."""


class Gate(Frozen):
    """One gate. ``pilot`` (the approval of the intake) needs no file of its own unless it demands more."""

    id: str
    label: str = Field(max_length=60)
    asks: str
    """The question it decides: "May it go into production?"."""
    words: tuple[str, ...] = ()
    """How people say it: "go live", "in production" ..."""
    to: str = ""
    """The stage that passing it leads to; empty for one that is not about a move (a release)."""
    demands: tuple[Demand, ...] = ()
    dimensions: tuple[GateDimension, ...] = ()
    """Shown side by side; one that is empty stands in the way."""
    decides_on: tuple[GateDimension, ...] = ()
    """The questions that are decided on evidence: shown to whoever decides, each with what it rests on. What
    stands in the way are their items, each by its own demand."""
    owners: tuple[QuestionId, ...] = ()
    """The questions of the intake that must name somebody able."""
    apart: tuple[tuple[QuestionId, ...], ...] = ()
    """Owners that must not be the same person, in groups."""
    approval: bool = True
    """Whether the governance matrix is asked (rows with this gate)."""
    breaches: Literal["block", "ignore"] = "block"
    """Open breaches of the data contracts it relies on."""
    incidents: str = "high"
    """Open incidents of at least this severity of the program stand in the way; ``none``: none does."""
    evaluation: Literal["ignore", "begun", "demand"] = "ignore"
    """What its evaluation lacks stands in the way: never, once a plan or results are there, or always."""
    lasts_days: int | None = Field(default=None, ge=1)
    """How long passing it holds; ``None``: as long as the program says for the tier."""
    reuse: tuple[Reuse, ...] = ()
    """What another use case must share with one that passed this gate for both to be called a platform."""
