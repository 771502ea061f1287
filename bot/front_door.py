"""The front door for HTTP: size, age, signature and shape of a request, before anything else runs."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt import App
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse

from bot.logs import logger

log = logger("server")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST = 1024 * 1024
OLDEST = 300
CAME = "preflight_came"
"""Under this name a request carries the time (``time.monotonic``) at which all of it was here."""
_DEEPEST = 64
_FIELDS = 200
_OBJECTS = ("event", "view", "container", "message")
_ID_OBJECTS = ("user", "channel", "team")


@dataclass(frozen=True)
class Turned:
    """A request that goes no further: its HTTP status, and the reason for the count."""

    status: int
    reason: str


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a body."""
    signed = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return "v0=" + signed.hexdigest()


def checked(headers: dict[str, str], body: bytes, secret: str, now: float) -> str | Turned:
    """The body as text if it is Slack's, fresh, and shaped as Slack shapes requests."""
    timestamp = headers.get("x-slack-request-timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return Turned(401, "no timestamp")
    if abs(now - int(timestamp)) > OLDEST:
        return Turned(401, "too old")
    given = headers.get("x-slack-signature", "")
    if not hmac.compare_digest(given.encode(), signature(secret, timestamp, body).encode()):
        return Turned(401, "wrong signature")
    try:
        text = body.decode("utf-8")
        payload = _payload(text, headers.get("content-type", ""))
    except (ValueError, RecursionError):
        return Turned(400, "malformed")
    if payload is None or not _is_slack_shaped(payload):
        return Turned(400, "malformed")
    return text


def _payload(text: str, content_type: str) -> dict[str, Any] | None:
    kind = content_type.split(";", 1)[0].strip().lower()
    if kind == "application/json":
        return _object(text)
    if kind != "application/x-www-form-urlencoded":
        return None
    fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    if "payload" in fields:
        return _object(fields["payload"])
    return fields if "command" in fields or fields.get("ssl_check") else None


def _object(text: str) -> dict[str, Any] | None:
    found = json.loads(text, parse_constant=_no_constant)
    if not isinstance(found, dict) or depth_exceeds(found, _DEEPEST):
        return None
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def depth_exceeds(value: Any, limit: int) -> bool:
    """Whether lists and objects nest deeper than ``limit``."""
    level = [value]
    for _ in range(limit):
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _is_slack_shaped(payload: dict[str, Any]) -> bool:
    """Whether what Bolt reads unasked has the type it expects; the inputs check the rest."""
    if any(not isinstance(payload.get(name), dict | None) for name in _OBJECTS):
        return False
    if any(not isinstance(payload.get(name) or {}, dict | str) for name in _ID_OBJECTS):
        return False
    actions = payload.get("actions", [{}])
    if not (isinstance(actions, list) and actions and all(isinstance(a, dict) for a in actions)):
        return False
    if "command" in payload:
        return isinstance(payload.get("user_id"), str)
    kind = payload.get("type")
    if payload.get("ssl_check"):
        return True
    if not isinstance(kind, str):
        return False
    if kind == "url_verification":
        return isinstance(payload.get("challenge"), str)
    if kind == "event_callback":
        event = payload.get("event")
        return isinstance(event, dict) and isinstance(event.get("type"), str)
    return True


class FrontDoor:
    """An ASGI endpoint that hands checked requests to Bolt on ``threads`` threads.

    Beyond ``waiting`` requests in hand it answers 503, and Slack sends them again later.
    ``turned`` counts what was sent away, by reason.
    """

    def __init__(self, app: App, secret: str, threads: int = 8, waiting: int = 400) -> None:
        self.turned: Counter[str] = Counter()
        self._app = app
        self._secret = secret
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="listener")
        self._waiting = waiting
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request to Slack's address."""
        if scope["method"] != "POST":
            await self._turn(send, Turned(405, "not a POST"))
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        body = await _body(headers, receive)
        found = body if isinstance(body, Turned) else checked(headers, body, self._secret, time.time())
        if isinstance(found, Turned):
            await self._turn(send, found)
            return
        if self._in_hand >= self._waiting:
            await self._turn(send, Turned(503, "too busy"))
            return
        self._in_hand += 1
        try:
            try:
                request = BoltRequest(body=found, headers=dict(headers))
                request.context[CAME] = time.monotonic()
            except (AttributeError, TypeError, KeyError, ValueError):
                await self._turn(send, Turned(400, "malformed"))
                return
            loop = asyncio.get_running_loop()
            response: BoltResponse = await loop.run_in_executor(self._pool, self._app.dispatch, request)
        except (LookupError, TypeError, AttributeError):
            # A listener's own failure is answered by Bolt; this is Bolt itself, tripping over the payload.
            log.exception("a signed request could not be read")
            await self._turn(send, Turned(400, "malformed"))
            return
        finally:
            self._in_hand -= 1
        answer = {k: v for k, v in response.first_headers_without_set_cookie().items() if v}
        await _answer(send, response.status, (response.body or "").encode(), answer)

    def close(self) -> None:
        """Wait for what is in hand."""
        self._pool.shutdown(wait=True)

    async def _turn(self, send: Send, turned: Turned) -> None:
        self.turned[turned.reason] += 1
        log.warning("a request was turned away", status=turned.status, why=turned.reason)
        await _answer(send, turned.status, b"", {})


async def _body(headers: dict[str, str], receive: Receive) -> bytes | Turned:
    """The whole body, read no further than the limit."""
    announced = headers.get("content-length", "0")
    if not (announced.isascii() and announced.isdigit()) or int(announced[:12]) > LARGEST:
        return Turned(413, "too large")
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return Turned(400, "went away")
        part = event.get("body", b"")
        size += len(part)
        if size > LARGEST:
            return Turned(413, "too large")
        parts.append(part)
        if not event.get("more_body"):
            return b"".join(parts)


async def _answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    sent = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
    sent.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})
