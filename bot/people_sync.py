"""Slack's members and user groups, brought into the stored directory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.logs import logger
from bot.slack_gateway import Gateway, Refused, SlackTrouble, patiently
from storage.errors import StorageError
from storage.store import Store
from workflows.ids import UserId
from workflows.people import Person

log = logger("people")

_LONGEST_REST = 900.0
_SLACKBOT = "USLACKBOT"


def person(member: Mapping[str, Any]) -> Person:
    """A member as ``users.list`` describes one. Bots, and people from elsewhere, are inactive."""
    profile = member.get("profile") or {}
    name = profile.get("real_name") or member.get("real_name") or member.get("name") or member["id"]
    outside = member.get("is_stranger") or member["id"] == _SLACKBOT or member.get("is_bot")
    return Person(
        id=UserId(str(member["id"])),
        name=str(name),
        handle=str(member.get("name") or profile.get("display_name") or ""),
        title=str(profile.get("title") or ""),
        email=str(profile.get("email") or ""),
        tz=str(member.get("tz") or "UTC"),
        active=not member.get("deleted") and not outside,
    )


def groups(listed: list[dict[str, Any]]) -> dict[str, tuple[UserId, ...]]:
    """User groups by handle, with their members in Slack's order."""
    return {
        str(g["handle"]): tuple(UserId(str(u)) for u in g.get("users") or [])
        for g in listed
        if g.get("handle") and not g.get("date_delete")
    }


class PeopleSync:
    """Keeps the directory true: at start, every hour, and soon after Slack says that something changed.

    Everything is read again each time; a burst of events becomes one reading. When Slack cannot be read, the
    last known people stay.
    """

    def __init__(self, gateway: Gateway, store: Store, now: Callable[[], datetime]) -> None:
        self._gateway = gateway
        self._store = store
        self._now = now
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        self.done_once = threading.Event()
        self.read_at: datetime | None = None
        """When they were last read whole."""
        self._thread = threading.Thread(target=self._run, name="people", daemon=True)

    def start(self) -> None:
        """Begin, with a first reading at once."""
        self._wanted.set()
        self._thread.start()

    def wanted(self) -> None:
        """Something changed: read again soon."""
        self._wanted.set()

    def stop(self) -> None:
        """End; a reading in hand is given up."""
        self._stopping.set()
        self._wanted.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        rest = 0.0
        while True:
            # A company with thousands of people has changes all the time, and reading it takes a while: we
            # read for a tenth of the time at most.
            self._stopping.wait(rest)
            self._wanted.wait()
            self._wanted.clear()
            if self._stopping.is_set():
                return
            began = time.monotonic()
            try:
                self.read_now()
                rest = min(9 * (time.monotonic() - began), _LONGEST_REST)
            except (SlackTrouble, StorageError) as error:
                why = error.reason if isinstance(error, SlackTrouble) else type(error).__name__
                log.warning("the people could not be read", error=why)
                if not self._stopping.wait(30):
                    self._wanted.set()
            except Exception:
                log.exception("the people could not be read")

    def read_now(self) -> None:
        """Read everyone and every group from Slack and keep what changed."""
        wait = self._stopping.wait
        people = [person(m) for m in patiently(lambda: list(self._gateway.users()), wait)]
        found: dict[str, tuple[UserId, ...]] | None
        try:
            found = groups(patiently(self._gateway.groups, wait))
        except Refused as refused:
            # User groups are a paid feature: without them roles resolve by their other ways.
            log.warning("the user groups could not be read", error=refused.reason)
            found = None
        with self._store.write() as tx:
            tx.save_people(people, found)
        self.read_at = self._now()
        self.done_once.set()
        log.info("people read", people=len(people), groups=len(found or {}))
