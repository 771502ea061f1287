"""The people a rule may need to know: names, zones, groups, absences. A snapshot, never looked up."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from workflows.availability import Availability
from workflows.ids import Frozen, UserId


class Person(Frozen):
    """One member of the workspace."""

    id: UserId
    name: str
    """Full name as shown, ``Dana Ortiz``."""
    handle: str = ""
    """Short name without ``@``, ``dana``."""
    title: str = ""
    email: str = ""
    tz: str = "UTC"
    active: bool = True
    """False for people who left and for bots."""


class Directory(Frozen):
    """Everyone the workspace knows, and its user groups by handle."""

    people: Mapping[UserId, Person] = Field(default_factory=dict)
    groups: Mapping[str, tuple[UserId, ...]] = Field(default_factory=dict)
    """User group handle (no ``@``) -> members."""
    availabilities: Mapping[UserId, Availability] = Field(default_factory=dict)
    """When they are there, of those who have said anything about it."""

    def person(self, user: UserId) -> Person:
        """The person, or a stand-in named after the id for someone unknown (inactive, so never routed to)."""
        return self.people.get(user) or Person(id=user, name=str(user), active=False)

    def availability(self, user: UserId) -> Availability | None:
        """What this person has said of when they are there."""
        return self.availabilities.get(user)

    def active(self, users: tuple[UserId, ...]) -> tuple[UserId, ...]:
        """Those of them who can still act, in order, each once."""
        seen = dict.fromkeys(u for u in users if self.person(u).active)
        return tuple(seen)
