"""A claimed row of the outbox in a worker's hands, and the two ways in which it is not carried out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from storage.outbox import Claimed


class Later(Exception):
    """Not now: the same row again in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.seconds = seconds


class Undeliverable(Exception):
    """It cannot be delivered, now or later; ``reason`` says why, in a few words for the program team."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Item:
    """A claimed row in this worker's hands."""

    row: Claimed
    looked: bool = False
    """Whether it was searched for in Slack, since an earlier attempt may have posted it."""
    posted: list[str] = field(default_factory=list)
    """The ts of each of its messages that are known to be in Slack."""
    plain: bool = False
    """Slack would not take its blocks: it goes as plain text."""
    waited: int = 0
    """How often it was held back because Slack had not looked through its pictures."""
    done: bool = False
    """Carried out; only the mark is missing. What cannot be looked up is not done twice for that."""
    since: float = field(default_factory=time.monotonic)
    """When it was claimed."""
