"""The shape of a result: what a questionnaire file says of it, and what comes of one walk through it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from workflows.ids import Frozen, QuestionId

Mark = Literal["good", "attention", "stop"]
"""How a part of a result is meant: carry on, see to it, or do not go on before it is settled."""
MARKS: tuple[Mark, ...] = ("good", "attention", "stop")
"""From least to most."""


class ResultPoint(Frozen):
    """Points given or taken when a condition holds, and the reason shown for them."""

    when: str
    points: int = 1
    because: str


class Level(Frozen):
    """A band of a section's points: reached from ``at_least`` on."""

    id: str
    at_least: int = 0
    label: str = Field(max_length=60)
    mark: Mark = "good"


class ResultSection(Frozen):
    """One line of a result: starts somewhere, moves with the answers, stays within 0 and ``of``."""

    id: str
    label: str = Field(max_length=60)
    start: int = Field(default=0, ge=0)
    of: int = Field(default=5, ge=1, le=10)
    points: tuple[ResultPoint, ...] = ()
    levels: tuple[Level, ...] = ()
    """From least to most; the first begins at 0. Without any it has those of the result."""


class NextStep(Frozen):
    """What to do about a finding: a questionnaire to start, or a page of the playbook to read."""

    text: str = Field(max_length=60)
    """What the button says."""
    questionnaire: str = ""
    document: str = ""
    """A path in the playbook's folder."""
    section: str = ""
    """A heading of it."""


class Finding(Frozen):
    """Said when its condition holds. ``{question}`` in the text stands for the answer in words."""

    when: str
    text: str
    mark: Mark = "attention"
    next: NextStep | None = None


class Headline(Frozen):
    """The result in one sentence, with ``{question}`` for answers: the first whose condition holds."""

    when: str = "true"
    text: str
    mark: Mark = "good"


class ResultRules(Frozen):
    """How a questionnaire's answers become its result, on one page.

    Conditions read the answers; a section's id gives its level, and ``SECTION_points`` its points.
    """

    headlines: tuple[Headline, ...]
    levels: tuple[Level, ...] = ()
    """Those of every section that has none of its own."""
    sections: tuple[ResultSection, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: tuple[QuestionId, ...] = ()
    """The answers that matter most, up to three."""
    lasts_days: int | None = Field(default=None, ge=1)
    """How long the result holds; ``None``: until it is done anew."""

    def levels_of(self, section: ResultSection) -> tuple[Level, ...]:
        """The levels that count for one of its sections."""
        return section.levels or self.levels


class Suggest(Frozen):
    """When a questionnaire is worth proposing for a use case; it is proposed once."""

    when: str
    """Reads the answers of the intake, ``tier`` and ``stage``."""
    because: str
    """Why it fits, in one sentence."""


class SectionResult(Frozen):
    """One line as it came out."""

    id: str
    label: str
    points: int
    of: int
    level: str
    says: str
    """The level in words."""
    mark: Mark
    because: tuple[str, ...] = ()


class FindingResult(Frozen):
    """One finding that holds."""

    text: str
    mark: Mark
    next: NextStep | None = None


class Fact(Frozen):
    """One of the answers that matter most, in words."""

    label: str
    shown: str


class Result(Frozen):
    """What came of a walk. Reproducible from its answers and the program version alone."""

    headline: str
    mark: Mark
    """The gravest of the headline and the findings."""
    sections: tuple[SectionResult, ...] = ()
    findings: tuple[FindingResult, ...] = ()
    """The gravest first, otherwise in the file's order."""
    facts: tuple[Fact, ...] = ()
    at: datetime | None = None
    """When it was kept; ``None`` for one that is only looked at."""
    expires_at: datetime | None = None

    def current(self, now: datetime) -> bool:
        """Whether it still holds at that moment."""
        return self.expires_at is None or now < self.expires_at
