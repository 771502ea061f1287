"""Rights: an action declares its checks beside itself and asks them first; the first that fails says why.

A refusal changes nothing, is written to the audit log, and tells the person why and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from workflows.decision import Circumstances, Decision, Entry
from workflows.effects import Post, ToPerson, Whisper
from workflows.ids import Place, Subject, UserId


class Attempted(Protocol):
    """Somebody tries something."""

    @property
    def subject(self) -> Subject:
        """What it is done to."""

    @property
    def circ(self) -> Circumstances:
        """Who tries, and when."""

    @property
    def at(self) -> Place | None:
        """Where the click happened; a refusal is whispered there, or else sent as a direct message."""

    @property
    def detail(self) -> Mapping[str, str]:
        """What the audit log keeps of it besides."""


T = TypeVar("T", bound=Attempted)


@dataclass(frozen=True)
class Refusal:
    """Why not: the message that says it, and what fills it."""

    message: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Right(Generic[T]):
    """The right to one action: every check must pass, and the first that does not explains itself."""

    action: str
    checks: tuple[Callable[[T], Refusal | None], ...]

    def refused(self, attempt: T) -> Decision | None:
        """The refusal as a decision that changes nothing, or ``None`` when the person may go on."""
        for check in self.checks:
            refusal = check(attempt)
            if refusal:
                return refuse(self.action, attempt, refusal)
        return None


def refuse(action: str, attempt: Attempted, refusal: Refusal) -> Decision:
    """A decision that changes nothing, is audited, and tells the person why."""
    user: UserId = attempt.circ.actor.user
    data = {"message": refusal.message, "values": refusal.values}
    tell: Whisper | Post
    if attempt.at:
        tell = Whisper(place=attempt.at, user=user, kind="said", subject=attempt.subject, data=data)
    else:
        tell = Post(to=ToPerson(user=user), kind="said", subject=attempt.subject, data=data)
    detail = {"because": refusal.message, **attempt.detail}
    entry = Entry(action=action, subject=attempt.subject, detail=detail, refused=True)
    return Decision(entries=(entry,), effects=(tell,))
