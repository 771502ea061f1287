"""The shape of ``feedback.yaml``: the themes that feedback is sorted by, and whom it reaches."""

from __future__ import annotations

from pydantic import Field

from workflows.ids import Frozen


class Theme(Frozen):
    """What several people may notice: ``It makes things up``."""

    id: str
    label: str
    words: tuple[str, ...] = ()
    """Words and phrases that speak of it, in small letters; with ``*`` at its end it is how a word begins."""
    examples: tuple[str, ...] = ()
    """Sentences that speak of it: feedback without any of the words is compared with these by meaning."""


class Recurring(Frozen):
    """When a theme is more than one person's bad day."""

    times: int = Field(default=5, ge=2)
    days: int = Field(default=30, ge=1)
    to: tuple[str, ...] = ()
    """Roles that hear of it; empty: those that hear of each one."""


class FeedbackPolicy(Frozen):
    """``feedback.yaml``."""

    to: tuple[str, ...] = ()
    """Roles that hear of each feedback on a use case; the program team where nobody fills them."""
    answer_within_days: int = Field(default=3, ge=1)
    """Working days in which whoever wrote it should hear something."""
    themes: tuple[Theme, ...] = ()
    alike_at_least: float = Field(default=0.6, ge=0, le=1)
    """How close in meaning (cosine) it has to be to an example."""
    recurring: Recurring = Recurring()

    def theme(self, id: str) -> Theme | None:
        """The theme of that id."""
        return next((t for t in self.themes if t.id == id), None)
