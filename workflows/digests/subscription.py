"""A subscription: one digest for one channel or person, at its day, time and zone."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from workflows.effects import Address
from workflows.ids import Frozen, Subject, SubscriptionId
from workflows.matter import Matter

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Schedule(Frozen):
    """By the clock on the wall of ``zone``. ``day``: of the week, for weekly ones; ``date``: of the month."""

    every: Literal["week", "month"] = "week"
    day: Weekday = "mon"
    date: int = 1
    at: str = "09:00"
    zone: str = "UTC"


class Subscription(Matter):
    """Unique by digest and address. ``origin``: the program's own, or made in Slack."""

    id: SubscriptionId
    status: Literal["running", "paused", "ended", "broken"] = "running"
    digest: str
    """Id of the digest in the program."""
    to: Address
    channel: str = ""
    """Slack's id of the channel once it is known: it stays when the channel is renamed."""
    function: str = ""
    """Only what concerns this function; empty: the whole company."""
    schedule: Schedule
    origin: Literal["program", "slack"] = "program"
    last_period: str = ""
    """The newest period that was posted: ``2026-W48`` or ``2026-11``."""
    trouble: str = ""
    """Why it cannot be posted; told to the program team once."""
    paused_at: datetime | None = None

    @property
    def subject(self) -> Subject:
        """``subscription/SB-0042``."""
        return Subject(type="subscription", id=self.id)

    @property
    def key(self) -> str:
        """What it is unique by."""
        return subscription_key(self.digest, self.to)


def subscription_key(digest: str, to: Address) -> str:
    """``adoption|room/ai-leadership``."""
    match to.to:
        case "person":
            where = f"person/{to.user}"
        case "room":
            where = f"room/{to.name}"
        case _:
            where = f"place/{to.place.channel}"
    return f"{digest}|{where}"
