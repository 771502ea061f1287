"""What a rule returns: the new state, what the audit log shall say, and the effects; all or nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workflows.effects import Effect
from workflows.events import Event
from workflows.ids import Frozen, ProgramStamp, Subject, UserId


class Aggregate(BaseModel, ABC):
    """State that is loaded under a lock, changed by a rule, and stored whole.

    ``revision`` is 0 for something not stored yet; the store raises it by one with every change.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: int = 0

    @property
    @abstractmethod
    def subject(self) -> Subject:
        """What this is, for the audit log, the cards and the work about it."""


Door = Literal[
    "message",
    "button",
    "modal",
    "command",
    "shortcut",
    "home",
    "cli",
    "clock",
    "import",
    "delivery",
    "webhook",
]
"""The ways in which something reaches us."""


class Actor(Frozen):
    """Who does something, and through which door they came in."""

    user: UserId
    door: Door


class Entry(Frozen):
    """One line for the audit log. ``refused`` marks an attempt that changed nothing."""

    action: str
    subject: Subject
    detail: dict[str, Any] = Field(default_factory=dict)
    refused: bool = False


class Decision(BaseModel):
    """The whole result of a rule. ``problems`` are corrections for a form, by question id."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    changed: tuple[Aggregate, ...] = ()
    events: tuple[Event, ...] = ()
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()
    problems: dict[str, str] = Field(default_factory=dict)

    def and_then(self, other: Decision) -> Decision:
        """Both, in order. Where both changed the same thing, the later state stands."""
        kept = [a for a in self.changed if all(a.subject != b.subject for b in other.changed)]
        return Decision(
            changed=(*kept, *other.changed),
            events=(*self.events, *other.events),
            entries=(*self.entries, *other.entries),
            effects=(*self.effects, *other.effects),
            problems={**self.problems, **other.problems},
        )


class Circumstances(Frozen):
    """What every rule is told about the moment: nothing is looked up inside a rule."""

    now: datetime
    """Aware, in UTC."""
    actor: Actor
    program: ProgramStamp


def together(decisions: Sequence[Decision]) -> Decision:
    """Several decisions as one, in order."""
    whole = Decision()
    for decision in decisions:
        whole = whole.and_then(decision)
    return whole
