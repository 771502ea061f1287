"""Somebody who sends what Slack would sign: any button, form, command or shortcut, as anybody."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, cast

from slack_bolt.request import BoltRequest
from sqlalchemy import func, select

from bot.drawing import NotDrawable, draw
from bot.front_door import Turned, checked
from bot.registry import Message, Moment
from bot.slack_app import SlackApp
from bot.slack_gateway import Gateway, client
from storage.aggregates import LAYOUTS
from storage.schema import Audit, Events, OutboxRows
from storage.store import Store
from tests.faults.hand import form_request, interaction_request
from tests.faults.workplace import SECRET
from workflows.ids import Subject, UserId

JSON = dict[str, Any]
STATE = tuple(layout.table for layout in LAYOUTS.values())
"""Whatever has a state of its own, and whatever will have one."""


class _AtOnce(Executor):
    """What would be done beside the answer is done before it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class _Shown:
    """In place of Slack: keeps what somebody would see."""

    def __init__(self) -> None:
        self.seen: list[JSON] = []

    def open_view(self, trigger: str, view: JSON) -> None:
        self.seen.append(view)

    push_view = open_view

    def update_view(self, view_id: str, hash: str, view: JSON) -> None:
        self.seen.append(view)

    def direct(self, user: str) -> str:
        return f"D0{user[2:]}"

    def post(self, channel: str, message: Message, *_: Any, **__: Any) -> None:
        self.seen.append({"text": message.text, "blocks": message.blocks})

    def whisper(self, channel: str, user: str, message: Message, *_: Any) -> None:
        self.post(channel, message)

    def prompts(self, *_: Any) -> None:
        """Offers nothing that was written by anybody."""


@dataclass
class Outcome:
    """What came of one request."""

    status: int
    shown: str
    """All that the person was shown at once, as JSON."""
    refused: int
    """How many refusals it left in the audit log."""
    failed: int
    """How many listeners ended in a fault of their own."""
    changed: list[str] = field(default_factory=list)
    """What is stored otherwise than before, as ``TABLE/ID``."""


class Intruder:
    """The bot behind its signature check, in this thread, and everything that it stores and shows."""

    def __init__(self, store: Store, moment: Callable[[], Moment]) -> None:
        self.store = store
        self.moment = moment
        self.screen = _Shown()
        web = client("xoxb-nobody", "http://127.0.0.1:9/")
        self.slack = SlackApp(web, cast(Gateway, self.screen), moment, _AtOnce(), lambda change: None)
        self._state = self.state()
        self._refused = self._refusals()
        self._posts = self._last_post()

    # --- sending ---------------------------------------------------------------------------------------

    def interacts(self, payload: JSON, watched: bool = True) -> Outcome:
        """A click, a form, or a shortcut; not ``watched``: without looking at what it changed and showed."""
        return self._sends(*interaction_request(payload), watched)

    def commands(self, fields: JSON, watched: bool = True) -> Outcome:
        """``/preflight TEXT``."""
        return self._sends(*form_request(fields), watched)

    def _sends(self, body: bytes, headers: dict[str, str], watched: bool) -> Outcome:
        self.screen.seen.clear()
        failed = self.slack.counts["failed"]
        lower = {k.lower(): v for k, v in headers.items()}
        found = checked(lower, body, SECRET, time.time())
        if isinstance(found, Turned):
            return Outcome(found.status, "", 0, 0, [])
        answer = self.slack.app.dispatch(BoltRequest(body=found, headers=dict(lower)))
        failures = self.slack.counts["failed"] - failed
        if not watched:
            return Outcome(answer.status, "", 0, failures)
        shown = [json.dumps(self.screen.seen, ensure_ascii=False), answer.body or "", *self._posted()]
        state, refusals = self.state(), self._refusals()
        changed = [id for id in state.keys() | self._state.keys() if state.get(id) != self._state.get(id)]
        outcome = Outcome(
            answer.status,
            "\n".join(shown),
            refusals - self._refused,
            failures,
            sorted(changed),
        )
        self._state, self._refused = state, refusals
        return outcome

    # --- looking ---------------------------------------------------------------------------------------

    def state(self) -> dict[str, int]:
        """The revision of everything that is stored, by ``TABLE/ID``."""
        with self.store.read() as reading:
            found = {
                f"{table.name}/{id}": int(revision)
                for table in STATE
                for id, revision in reading.connection.execute(select(table.c.id, table.c.revision))
            }
            told = reading.connection.execute(select(func.count()).select_from(Events)).scalar_one()
            return {**found, "events": int(told)}

    def _refusals(self) -> int:
        with self.store.read() as reading:
            return int(reading.connection.execute(select(func.count()).where(Audit.refused)).scalar_one())

    def _last_post(self) -> int:
        with self.store.read() as reading:
            return int(reading.connection.execute(select(func.max(OutboxRows.id))).scalar_one() or 0)

    def _posted(self) -> list[str]:
        """What was wanted to be posted since the last request, as its one reader would see it."""
        wanted = select(OutboxRows.id, OutboxRows.effect).where(OutboxRows.id > self._posts)
        with self.store.read() as reading:
            rows = reading.connection.execute(wanted.order_by(OutboxRows.id)).all()
            drawn = [text for _, effect in rows if (text := self._drawn(reading, effect))]
        self._posts = rows[-1][0] if rows else self._posts
        return drawn

    def _drawn(self, reading: Any, effect: JSON) -> str:
        if effect["effect"] not in ("post", "whisper"):
            return ""
        to = effect.get("to") or {}
        reader = effect.get("user") or to.get("user")
        channel = (effect.get("place") or to.get("place") or {}).get("channel", "")
        whom = reader or (f"U0{channel[2:]}" if channel.startswith("D0") else "a channel")
        subject = Subject.model_validate(effect["subject"])
        try:
            message = draw(
                self.moment(),
                reading,
                effect["kind"],
                subject,
                effect["data"],
                UserId(reader) if reader else None,
                None,
            )
        except NotDrawable:
            return ""
        return f"to {whom}: {json.dumps([message.text, message.blocks], ensure_ascii=False)}"
