"""The shape of what a program says of approvals over time: tenure, material changes, waivers."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workflows.ids import Frozen, QuestionId, Tier


class Material(Frozen):
    """Answers whose change is material: it re-opens the decisions that rested on them."""

    id: str
    label: str = Field(max_length=60)
    """What people call it: "the data"."""
    questions: tuple[QuestionId, ...]
    everybody: bool = False
    """Everybody who decided decides anew, whether or not a row that asked them reads one of these answers."""


class Tenure(Frozen):
    """How long approvals hold, and when their renewal is asked for."""

    days: Mapping[Tier, int] = Field(default_factory=dict)
    """By tier; a tier that is missing: for ever. A gate may say otherwise for itself (``lasts_days``)."""
    renew_days_before: int = Field(default=28, ge=1)
    """So many days before the end the renewal is opened for those who decide."""
    remind_days_before: tuple[int, ...] = (7,)
    """The owners are told once more, so many days before the end."""


class WaiverTerms(Frozen):
    """On which terms a control may be waived."""

    days_at_most: Mapping[Tier, int] = Field(default_factory=dict)
    """By tier; a tier that is missing has no waivers."""
    at_most: int = Field(default=2, ge=1)
    """How many of one use case may be in force, or asked for, at the same time."""
    renewals: int = Field(default=1, ge=0)
    """How often the same control may be waived again without a break of its own."""
    accepted_by: tuple[QuestionId, ...] = ()
    """The questions that name who carries the risk; the first that names somebody able counts."""
    statement: str = ""
    """The sentence that they tick."""
    delegation: bool = False
    """Whether the decision may be handed on."""
    remind_days_before: tuple[int, ...] = (14, 3)
    never: tuple[str, ...] = ()
    """``CHECKLIST.ITEM`` or whole checklists that cannot be waived."""


WAIVER_GATE = "waiver"
"""The name under which the matrix speaks of waivers."""
