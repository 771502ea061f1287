"""Deliveries to the app: signed HTTP or Socket Mode, with Slack's time-out and redelivery, and faults."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sandbox.app import App
from sandbox.faults import Rule
from sandbox.http_client import Poster
from sandbox.links import Links
from sandbox.model import Json
from sandbox.world import World

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds after which an event is sent again when it was not acknowledged."""
_AT_ONCE = 400
"""HTTP deliveries under way at a time: more would run out of file descriptors in a load test."""
_SOCKET_TYPE = {"event": "events_api", "command": "slash_commands"}


@dataclass(slots=True)
class Reply:
    """How the app took a delivery."""

    status: int | None
    """HTTP status; 200 for a Socket Mode acknowledgement, None when there was no answer."""
    body: Any = None
    """Parsed JSON or text; empty string for a bare acknowledgement."""
    ms: float = 0.0
    error: str | None = None
    """``operation_timeout`` or ``dispatch_failed``; None when acknowledged."""
    headers: Json | None = None

    @property
    def acknowledged(self) -> bool:
        """Whether the app said 2xx in time."""
        return self.error is None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 request signature."""
    base = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Courier:
    """Carries everything that goes out to the app. Deliveries run side by side."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.links = Links(world)
        self._poster = Poster()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._held: list[Coroutine[Any, Any, Any]] = []
        self._slots = asyncio.Semaphore(_AT_ONCE)

    @property
    def connected(self) -> bool:
        """Whether a delivery has somewhere to go."""
        app = self._world.app
        if app is None:
            return False
        return self.links.count > 0 if app.socket_mode else app.reachable

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside everything else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop every delivery under way."""
        for task in self._tasks:
            task.cancel()
        for held in self._held:
            held.close()
        self._poster.close()

    # -- events -------------------------------------------------------------------------------

    def send_event(self, payload: Json) -> None:
        """Deliver an event in the background, again and again as Slack would."""
        name = str(payload["event"]["type"])
        app = self._world.app
        if app is None:
            return
        rule = self._world.faults.outbound("event", name)
        if rule is None:
            self.spawn(self._deliver_event(app, payload))
        elif rule.action == "drop":
            self._note("event", name, payload, fault="drop")
        elif rule.action == "delay":
            self.spawn(self._later(rule.number("seconds", 1), self._deliver_event(app, payload)))
        elif rule.action == "duplicate":
            for _ in range(int(rule.number("times", 2))):
                self.spawn(self._deliver_event(app, payload))
        else:
            self._hold(self._deliver_event(app, payload), rule)

    async def _later(self, seconds: float, work: Coroutine[Any, Any, Any]) -> None:
        await asyncio.sleep(seconds)
        await work

    def _hold(self, work: Coroutine[Any, Any, Any], rule: Rule) -> None:
        self._held.append(work)
        if len(self._held) == 1:
            self.spawn(self._later(rule.number("seconds", 0.2), self._release(rule.chance)))

    async def _release(self, chance: random.Random) -> None:
        held, self._held = self._held, []
        chance.shuffle(held)
        for work in held:
            self.spawn(work)
            await asyncio.sleep(0.005)

    async def _deliver_event(self, app: App, payload: Json) -> None:
        name = str(payload["event"]["type"])
        reason: str | None = None
        for attempt in range(len(RETRY_AFTER) + 1):
            # A re-pointed app gets the rest at its new address; one that was removed, at the old one.
            app = self._world.app or app
            reply = await self._send(app, "event", name, payload, attempt=attempt, reason=reason)
            no_retry = str((reply.headers or {}).get("x-slack-no-retry", "")) == "1"
            if reply.acknowledged or no_retry or attempt == len(RETRY_AFTER):
                return
            if reply.error == "operation_timeout":
                reason = "http_timeout"
            else:
                reason = "connection_failed" if reply.status is None else "http_error"
            await asyncio.sleep(RETRY_AFTER[attempt] / max(self._world.settings.retry_speed, 1e-6))

    # -- interactions -------------------------------------------------------------------------

    async def ask(self, app: App, kind: str, name: str, payload: Json) -> Reply:
        """Deliver an interaction, command or options request and wait for the app's answer."""
        rule = self._world.faults.outbound(kind, name)
        if rule is not None and rule.action == "drop":
            self._note(kind, name, payload, fault="drop")
            await asyncio.sleep(self._world.settings.ack_seconds)
            return Reply(None, error="operation_timeout", ms=self._world.settings.ack_seconds * 1000)
        if rule is not None and rule.action == "duplicate":
            for _ in range(int(rule.number("times", 2)) - 1):
                self.spawn(self._send(app, kind, name, payload))
        elif rule is not None:
            await asyncio.sleep(rule.number("seconds", 1))
        return await self._send(app, kind, name, payload)

    async def verify(self, app: App) -> bool:
        """Send ``url_verification`` as on installation; whether the app answered with the challenge."""
        challenge = hashlib.sha256(app.signing_secret.encode()).hexdigest()
        payload = {"token": app.verification_token, "challenge": challenge, "type": "url_verification"}
        reply = await self._send(app, "event", "url_verification", payload)
        answered = reply.body.get("challenge") if isinstance(reply.body, dict) else reply.body
        return reply.acknowledged and bool(answered == challenge)

    # -- sending ------------------------------------------------------------------------------

    def _note(self, kind: str, name: str, payload: Json, **more: object) -> Json:
        event_id = payload.get("event_id") or payload.get("trigger_id")
        entry: Json = {"attempt": 0, "retry_reason": None, "over": None, "status": None, "ms": None}
        entry |= {"error": None, "fault": None, "payload": payload, **more}
        return self._world.deliveries.add(kind=kind, name=name, id=event_id, **entry)

    async def _send(
        self, app: App, kind: str, name: str, payload: Json, *, attempt: int = 0, reason: str | None = None
    ) -> Reply:
        over = "socket" if app.socket_mode else "http"
        entry = self._note(kind, name, payload, attempt=attempt, retry_reason=reason, over=over)
        started = time.perf_counter()
        try:
            if app.socket_mode:
                reply = await self._over_socket(kind, payload, attempt, reason)
            else:
                reply = await self._over_http(app, kind, payload, attempt, reason)
        except TimeoutError:
            reply = Reply(None, error="operation_timeout")
        except (OSError, ValueError) as problem:
            reply = Reply(None, error="dispatch_failed")
            entry["problem"] = str(problem)
        reply.ms = round((time.perf_counter() - started) * 1000, 2)
        entry |= {"status": reply.status, "ms": reply.ms, "error": reply.error}
        if app.reachable != (reply.status is not None):
            app.reachable = reply.status is not None
            self._world.changed("app")
        return reply

    async def _over_socket(self, kind: str, payload: Json, attempt: int, reason: str | None) -> Reply:
        more: Json = {"retry_attempt": attempt, "retry_reason": reason or ""} if kind == "event" else {}
        said = await self.links.send(
            _SOCKET_TYPE.get(kind, "interactive"),
            payload,
            accepts_response=kind != "event",
            timeout=self._world.settings.ack_seconds,
            **more,
        )
        body = said.get("payload")
        return Reply(200, "" if body is None else body)

    async def _over_http(self, app: App, kind: str, payload: Json, attempt: int, reason: str | None) -> Reply:
        if kind == "event":
            url, body, content = app.events_url, json.dumps(payload).encode(), "application/json"
        else:
            content = "application/x-www-form-urlencoded"
            if kind == "command":
                declared = app.command(str(payload["command"])) or {}
                url, form = str(declared.get("url") or app.request_url or app.interactivity_url), payload
            else:
                url = app.options_url if kind == "options" else app.interactivity_url
                form = {"payload": json.dumps(payload)}
            body = urlencode(form).encode()
        if not url.startswith("http://"):
            raise ValueError("the app has no request_url")
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content,
            "Accept": "application/json,*/*",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
        }
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason or "unknown_error"}
        wait = self._world.settings.ack_seconds
        async with self._slots:
            answer = await asyncio.wait_for(self._poster.post(url, body, headers), wait)
        text = answer.body.decode("utf-8", "replace")
        parsed: Any = text
        if text.strip() and "json" in answer.headers.get("content-type", ""):
            try:
                parsed = json.loads(text)
            except ValueError:
                parsed = text
        error = None if 200 <= answer.status < 300 else "dispatch_failed"
        return Reply(answer.status, parsed, error=error, headers=dict(answer.headers))
