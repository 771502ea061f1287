"""The shape of ``incidents.yaml``: kinds and severities, who hears of an incident, and who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from workflows.ids import Frozen
from workflows.questions import Expression

Right = Literal["take", "change", "update", "recover", "dismiss", "close", "drop"]
RIGHTS: tuple[Right, ...] = ("take", "change", "update", "recover", "dismiss", "close", "drop")
"""What only some may do: take it in hand; change what it is called; write to stakeholders; say that it is
mitigated, recovered or back; say that it is none; close it; agree that an action is not needed."""

PLACEHOLDERS = frozenset({"title", "id", "severity", "kind", "what", "since", "state", "owner", "next"})
"""What the text of a stakeholder message may have filled in."""


class Whom(Frozen):
    """Some people; exactly one of ``field``, ``role`` and ``of`` is set."""

    field: str = ""
    """The answer to this question of the intake (person or people) names them."""
    role: str = ""
    """The people of this role."""
    of: Literal["", "owner", "reporter", "reviewer"] = ""
    """Of the incident itself: who has it in hand, who reported it, who wrote its review."""
    when: Expression = "true"
    """Only while this holds; it reads the answers, ``tier``, ``kind`` and ``severity``."""


class Kind(Frozen):
    """One kind of incident."""

    id: str
    label: str = Field(max_length=75)
    help: str = ""
    words: tuple[str, ...] = ()
    """How people name it; in a report they suggest it."""


class Span(Frozen):
    """A time; exactly one of the two is set."""

    minutes: int | None = Field(default=None, ge=1)
    """At any hour, on any day."""
    working_hours: int | None = Field(default=None, ge=1)


class Severity(Frozen):
    """How bad it is, and what that demands."""

    id: str
    label: str = Field(max_length=75)
    means: str
    take_within: Span
    """By when somebody has to have it in hand; after it, it goes to the next ones."""
    update_every: Span | None = None
    """How often those who wait hear something, while it is not over."""
    review: bool = False
    """It is not closed without a review."""
    words: tuple[str, ...] = ()


class Step(Frozen):
    """To whom it goes while nobody takes it."""

    to: tuple[Whom, ...]


class Template(Frozen):
    """A message to those who wait: its text, with ``{placeholders}``, and whom it goes to."""

    id: str
    label: str = Field(max_length=75)
    text: str
    to: tuple[Whom, ...]
    rooms: bool = False
    """Also into the channels in which the incident stands."""


class IncidentPolicy(Frozen):
    """``incidents.yaml``."""

    room: str = ""
    """The channel (no ``#``) that hears of every incident."""
    kinds: tuple[Kind, ...] = ()
    severities: tuple[Severity, ...] = ()
    """The most serious first."""
    tell: tuple[Whom, ...] = ()
    """Who is told at once."""
    escalate: tuple[Step, ...] = ()
    """One after the other, each as long after the last as ``take_within`` says."""
    rights: Mapping[Right, tuple[Whom, ...]] = Field(default_factory=dict)
    messages: tuple[Template, ...] = ()
    review: str = ""
    """The questionnaire of the post-incident review."""

    def kind(self, id: str) -> Kind | None:
        """The kind of that id."""
        return next((k for k in self.kinds if k.id == id), None)

    def severity(self, id: str) -> Severity | None:
        """The severity of that id."""
        return next((s for s in self.severities if s.id == id), None)

    def at_least(self, severity: str, least: str) -> bool:
        """Whether one severity is as serious as another; one that the program does not have any more is."""
        order = [s.id for s in self.severities]
        return severity not in order or least not in order or order.index(severity) <= order.index(least)

    def template(self, id: str) -> Template | None:
        """The stakeholder message of that id."""
        return next((t for t in self.messages if t.id == id), None)
