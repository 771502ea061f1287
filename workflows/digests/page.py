"""A page: what one digest says, as data. It is kept with the issue, and drawn from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from workflows.ids import Frozen, Tier, UseCaseId, UserId
from workflows.measures.measured import Kind, Unit

Does = Literal["", "open", "approval", "incident", "waiver", "contract", "name", "nudge", "review", "show"]
"""What the button of a finding does: open the record, the approval ...; empty: there is none."""


class Step(Frozen):
    """The one thing that is recommended, as a button."""

    does: Does = ""
    target: str = ""
    """What the button is about, as its action wants it: ``UC-0042``, ``A-0042|seat``."""


class Finding(Frozen):
    """One line: what is so, with whom, since when or until when, and what to do about it."""

    says: str
    """The sentence, by its key among the messages (``finding_`` comes before it)."""
    values: Mapping[str, str] = Field(default_factory=dict)
    """What is filled into it: numbers and people's words, as plain text."""
    title: str = ""
    """What it is about; where there is a use case, its name."""
    use_case: UseCaseId | None = None
    tier: Tier | None = None
    people: tuple[UserId, ...] = ()
    """Who is to act: mentioned in the post."""
    since: datetime | None = None
    due: datetime | None = None
    step: Step = Step()
    rank: int = 0
    """How much it matters for the first line: the highest of a page stands there; 0: never."""


class Part(Frozen):
    """One section of a page: the first of its findings, and how many there are in all."""

    section: str
    findings: tuple[Finding, ...]
    total: int


class Number(Frozen):
    """One figure with its trend."""

    metric: str
    label: str
    unit: Unit
    kind: Kind
    value: float | None
    """``None``: there is none yet, or the group is too small to show it."""
    before: float | None = None
    """The same a week earlier (a month, in a monthly digest)."""
    target: float | None = None
    better: Literal["up", "down", "neither"] = "neither"
    withheld: bool = False

    @property
    def moved(self) -> Literal["up", "down", "same", ""]:
        """Which way it went since; empty where that cannot be said."""
        if self.value is None or self.before is None:
            return ""
        if abs(self.value - self.before) < 1e-9:
            return "same"
        return "up" if self.value > self.before else "down"

    @property
    def good(self) -> bool | None:
        """Whether the way it went is the right one; ``None`` where neither is, or it did not move."""
        moved = self.moved
        return None if moved in ("", "same") or self.better == "neither" else moved == self.better


class Point(Frozen):
    """One week of a line; ``value`` is ``None`` where nothing is known."""

    week: date
    value: float | None


class Line(Frozen):
    """One line of a chart, with the words that stand at its ends."""

    label: str
    unit: Unit
    points: tuple[Point, ...]
    target: float | None = None
    first: str = ""
    """Its first value in words: ``58%``."""
    last: str = ""
    aim: str = ""
    """What stands at the target: ``target 70%``."""


class Bar(Frozen):
    """One bar of a chart. ``part`` of it is set off: what is overdue."""

    label: str
    value: float
    part: float = 0.0
    part_shown: str = ""
    """What stands at the part: ``3 overdue``."""


class ChartData(Frozen):
    """A chart before it is drawn. ``title`` says what it shows, ``alt`` tells it to who cannot see it."""

    name: str
    kind: Literal["trend", "funnel", "ageing"]
    title: str
    alt: str
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()


class Table(Frozen):
    """Figures in rows; the first column says what each row is."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: bool = True
    """Whether all columns but the first hold numbers."""


class Page(Frozen):
    """What a digest says. Nothing in it is mrkdwn: all texts are plain."""

    digest: str
    title: str
    version: str
    period: str
    function: str = ""
    """Id of the function it is about; empty: the whole company."""
    reader: UserId | None = None
    """Of a personal one, whose it is."""
    at: datetime
    """The moment that it describes."""
    due_at: datetime | None = None
    """Of a late one: when it should have come."""
    head: Finding
    """The one thing to know."""
    numbers: tuple[Number, ...] = ()
    parts: tuple[Part, ...] = ()
    """Only those with something in them."""
    charts: tuple[ChartData, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to report."""
        return not self.parts and not any(n.value is not None for n in self.numbers)
