"""A subscription: one digest for one channel or person, at its day, time and zone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from workflows.effects import Address
from workflows.ids import Frozen, Subject, SubscriptionId
from workflows.matter import Matter

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Trouble = Literal["", "archived", "gone", "removed", "outside", "no_room", "refused"]
"""Why it cannot be posted: the channel is archived, gone or not to be seen, the bot was removed from it,
people from outside the company read it, no open channel has that name, or Slack refuses it otherwise."""


class Schedule(Frozen):
    """By the clock on the wall of ``zone``. ``day``: of the week, for weekly ones; ``date``: of the month."""

    every: Literal["week", "month"] = "week"
    day: Weekday = "mon"
    date: int = Field(default=1, ge=1, le=31)
    """In a shorter month its last day counts."""
    at: str = "09:00"
    zone: str = ""
    """Such as ``Europe/London``; empty: that of ``digests.yaml``, or of the person who gets it."""


class Subscription(Matter):
    """Unique by digest, function and address. ``origin``: the program's, or made or changed in Slack."""

    id: SubscriptionId
    status: Literal["running", "paused", "ended", "broken"] = "running"
    digest: str
    """Id of the digest in the program."""
    to: Address
    channel: str = ""
    """Slack's id of the channel once it is known: it stays when the channel is renamed."""
    called: str = ""
    """The channel's name when it was last looked at."""
    private: bool = False
    """Whether only its members may know of the channel."""
    function: str = ""
    """Only what concerns this function; empty: the whole company."""
    schedule: Schedule
    origin: Literal["program", "slack"] = "program"
    order: str = ""
    """The key of the program's order that it carries out; empty: nobody ordered it but in Slack."""
    last_period: str = ""
    """The newest period that was posted: ``2026-W48`` or ``2026-11``."""
    next_period: str = ""
    """The one that comes next."""
    next_due: datetime | None = None
    trouble: Trouble = ""
    """Why it cannot be posted; told to the program team once."""
    because: str = ""
    """What Slack calls the trouble."""
    paused_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        """``subscription/SB-0042``."""
        return Subject(type="subscription", id=self.id)

    @property
    def key(self) -> str:
        """What it is unique by."""
        return subscription_key(self.digest, self.to, self.function)

    @property
    def wanted(self) -> bool:
        """Whether it is to be posted when its time comes: a broken one is tried again."""
        return self.status in ("running", "broken")


def subscription_key(digest: str, to: Address, function: str = "") -> str:
    """``adoption|room/ai-leadership``, ``adoption:claims|room/claims``."""
    match to.to:
        case "person":
            where = f"person/{to.user}"
        case "room":
            where = f"room/{to.name}"
        case _:
            where = f"place/{to.place.channel}"
    return f"{digest}{':' if function else ''}{function}|{where}"
