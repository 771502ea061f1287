"""The shape of ``learning.yaml``: learning paths, for whom they are, and their modules."""

from __future__ import annotations

from pydantic import Field

from workflows.ids import Frozen
from workflows.questions import Source


class Choice(Frozen):
    """One answer to a check question."""

    text: str
    """What its button says: at most 75 characters."""
    why: str
    """Why it is right, or kindly why it is not."""
    right: bool = False


class Check(Frozen):
    """The one question at the end of a module; exactly one of its choices is right."""

    ask: str
    choices: tuple[Choice, ...]


class Module(Frozen):
    """One thing to learn: a passage of the playbook, and a question about it."""

    id: str
    """Unique within its path."""
    title: str
    minutes: int = Field(ge=1)
    """How long it takes, reading and thinking."""
    says: str = ""
    """One or two sentences before the passage; empty: the passage speaks for itself."""
    source: Source
    check: Check
    again_after_days: int | None = Field(default=None, ge=1)
    """After so many days it is to be done again; ``None``: once is enough."""


class LearningPath(Frozen):
    """What one kind of people learns. It is for whoever fits any of the four, and for who chooses it."""

    id: str
    label: str
    about: str
    """What it is good for, in a sentence."""
    groups: tuple[str, ...] = ()
    """Slack user group handles."""
    roles: tuple[str, ...] = ()
    """Roles that are found by a group or a function, such as ``champion``."""
    functions: tuple[str, ...] = ()
    everybody: bool = False
    modules: tuple[Module, ...]

    def module(self, id: str) -> Module | None:
        """The module of that id."""
        return next((m for m in self.modules if m.id == id), None)


class Nudging(Frozen):
    """The word about a path that was begun and left."""

    after_days: int = Field(default=7, ge=1)
    at_most: int = Field(default=1, ge=0)
    """How often in a row; ``0``: never."""


class Counting(Frozen):
    """Who sees how many have finished a path; never who."""

    roles: tuple[str, ...] = ()
    """Who sees every function, besides the program team; champions see their own."""
    at_least: int = Field(default=5, ge=2)
    """The smallest group of people of which a count is shown."""


class Welcoming(Frozen):
    """When somebody who wrote to the bot for the first time is told what it is."""

    after_minutes: int = Field(default=10, ge=0)
    """So long after their first words, so that what they asked comes first."""


class LearningPolicy(Frozen):
    """``learning.yaml``."""

    paths: tuple[LearningPath, ...] = ()
    nudge: Nudging = Nudging()
    counts: Counting = Counting()
    welcome: Welcoming = Welcoming()

    def path(self, id: str) -> LearningPath | None:
        """The path of that id."""
        return next((p for p in self.paths if p.id == id), None)
