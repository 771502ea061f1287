"""Facts: what the store knows that may be worth saying, before any rule has made a sentence of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from workflows.ids import Frozen, Subject, Tier, UseCaseId, UserId


class Fact(Frozen):
    """One thing that was found."""

    kind: str
    """Which question found it: ``approval_overdue``, ``waiver_expiring`` ..."""
    subject: Subject
    item: str = ""
    """Which part of the subject: a seat, an action, a breach."""
    use_case: UseCaseId | None = None
    title: str = ""
    """The use case's name, or that of the thing itself."""
    tier: Tier | None = None
    stage: str = ""
    people: tuple[UserId, ...] = ()
    since: datetime | None = None
    due: datetime | None = None
    text: str = ""
    """In people's words: what an action says, what a breach is about."""
    number: float | None = None
    detail: Mapping[str, str] = Field(default_factory=dict)


class Found(Frozen):
    """The most urgent facts of one kind, and how many there are."""

    facts: tuple[Fact, ...] = ()
    total: int = 0


class Scope(Frozen):
    """What a digest looks at."""

    now: datetime
    until: datetime
    """How far ahead it looks."""
    since: datetime
    """How far back it looks for what happened."""
    function: str = ""
    """Only use cases of this function."""
    person: UserId | None = None
    """Only what this person is to act on, or owns."""
