"""A message that grows while its answer is written, and is told to its end by delivery.

It is an ordinary message that carries the key of the post which will complete it. Whoever goes on with it,
this run, the next one after a crash, or delivery, finds it by that key, so there is never a second one. That
is why Slack's own streams are not used: they take metadata only when they end, so after a crash nobody would
find the beginning, and in channels only one person sees them.

Showing an answer early is a kindness, not a duty: whatever goes wrong here is left to delivery.
"""

from __future__ import annotations

import time

from bot.logs import logger
from bot.pacing import Pace
from bot.registry import Message
from bot.slack_gateway import Gateway, SlackTrouble
from workflows.ids import Place

EVERY_SECONDS = 1.2
"""Between two updates; Slack allows about fifty a minute."""

log = logger("growing")


class Growing:
    """One such message. Used by one thread. ``again``: an earlier run may have begun it."""

    def __init__(self, gateway: Gateway, pace: Pace, place: Place, key: str, again: bool) -> None:
        self._gateway = gateway
        self._pace = pace
        self._place = place
        self._key = key
        self._ts: str | None = None
        self._unsure = again
        self._given_up = False
        self._last = 0.0

    @property
    def begun(self) -> bool:
        """Whether there may be a message already."""
        return self._unsure or self._ts is not None

    def show(self, message: Message) -> None:
        """Show this much, unless the last was shown a moment ago. Never raises for what Slack says."""
        if self._given_up or time.monotonic() - self._last < EVERY_SECONDS:
            return
        try:
            self._show(message)
        except SlackTrouble as trouble:
            log.info("an answer is not shown while it is written", error=trouble.reason)
            self._given_up = True

    def _show(self, message: Message) -> None:
        channel, thread = self._place.channel, self._place.thread
        if self._ts is None and self._unsure:
            self._ts = self._gateway.find(channel, thread, self._key, 0.0)
            self._unsure = False
        if self._ts is not None:
            self._gateway.update(channel, self._ts, message)
        elif self._pace.take(channel) > 0:
            return
        else:
            # Until the answer is there, it may have been posted or not.
            self._unsure = True
            self._ts = self._gateway.post(channel, message, thread, self._key)
            self._unsure = False
        self._last = time.monotonic()
