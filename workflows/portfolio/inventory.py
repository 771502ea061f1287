"""The shape of ``portfolio.yaml``: lanes, buckets and how the inventory is ranked."""

from __future__ import annotations

from pydantic import Field

from workflows.ids import Frozen
from workflows.questions import Expression

SCORE = "score_"
"""Before a dimension's id: the name of its value in the conditions of lanes."""
BUILT_IN = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "riskiest": "Highest risk first",
    "users": "Most users first",
    "title": "By name",
}
"""Orders that need no scores."""


class Lane(Frozen):
    """Where a use case belongs in the portfolio."""

    id: str
    label: str = Field(max_length=40)
    many: str = Field(max_length=60)
    """How several of them are called within a sentence: ``quick wins``."""
    says: str
    """What it means to be there, and what happens next."""
    when: Expression
    """The first lane whose condition holds is it. Reads the answers, ``tier`` and ``score_DIMENSION``."""
    because: str
    """Why it is there, when it is."""
    words: tuple[str, ...] = ()
    """How people say it besides."""
    mark: str = ""
    """A sign before it in lists, such as an emoji."""


class Rank(Frozen):
    """One order of the portfolio: the product of some dimensions of the scorecard, the highest first.

    Of a dimension that is bad when it is high, what is left to 6 counts.
    """

    id: str
    label: str = Field(max_length=60)
    by: tuple[str, ...]


class Inventory(Frozen):
    """``portfolio.yaml``."""

    lanes: tuple[Lane, ...] = ()
    """In the order in which their conditions are looked at."""
    shown: tuple[str, ...] = ()
    """The lanes in the order in which people read them; those not named follow."""
    ranks: tuple[Rank, ...] = ()
    """The first is used where nobody chooses another."""
    bucket: str = ""
    """The question whose answer says what kind of use case it is."""
    function: str = ""
    """The question whose answer is the part of the company."""
    business_owner: str = ""
    metric_owner: str = ""
    users: str = ""
    """The question whose answer is how many people use it."""
    link_hours: int = Field(default=8, ge=1, le=168)
    """How long a link to the page with the whole table can be opened."""

    def lane(self, id: str) -> Lane | None:
        """The lane of that id."""
        return next((lane for lane in self.lanes if lane.id == id), None)

    def in_order(self) -> tuple[Lane, ...]:
        """The lanes as people read them."""
        first = [lane for id in self.shown if (lane := self.lane(id))]
        return (*first, *(lane for lane in self.lanes if lane not in first))
