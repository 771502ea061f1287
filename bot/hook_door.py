"""The door for systems outside: size, signature, age and shape of a request, before a listener sees it.

Whatever is wrong is answered by one JSON sentence that says what to do. Nothing is parsed before its
signature was found right.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bot.front_door import Receive, Scope, Send, depth_exceeds
from bot.hook_settings import HookSecret
from bot.hooks import HOOKS, ONCE, SIGNATURE, TIMESTAMP, HookAnswer, HookIn, HookRefused, signature
from bot.logs import logger
from bot.registry import Moment
from bot.telemetry.tally import Tally
from storage import requests
from storage.errors import StaleState, StorageError

log = logger("hooks")

HOOKS_PATH = "/hooks/{name}"
LARGEST = 256 * 1024
OLDEST = 300
"""Seconds by which the caller's clock and the age of a request may differ from ours."""
_DEEPEST = 32
_SLOWEST = 20.0
"""Seconds for the whole of a body to arrive."""
_TRIES = 3
_THREADS = 4
_WAITING = 100
_BURST, _A_SECOND = 60.0, 10.0

_OFF = (
    "No hook is open here. The operator sets PREFLIGHT_HOOK_SECRETS to open them; `preflight doctor` says "
    "whether they are."
)


class HookDoor:
    """An ASGI endpoint for ``POST /hooks/NAME``. ``turned`` counts what was sent away, by reason."""

    def __init__(
        self, secrets: Sequence[HookSecret], moment: Callable[[], Moment], tally: Tally | None = None
    ) -> None:
        self._tally = tally or Tally()
        self.turned: Counter[str] = Counter()
        self._secrets = secrets
        self._moment = moment
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="hook")
        self._in_hand = 0
        self._pace = {s.system: Bucket(_BURST, _A_SECOND) for s in secrets}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request."""
        try:
            answer = await self._answer(scope, receive)
        except HookRefused as refused:
            self.turned[refused.error] += 1
            log.warning("a hook was turned away", status=refused.status, why=refused.error)
            answer = refused.answer
        name = str(scope.get("path_params", {}).get("name", ""))
        self._tally.add(
            "preflight_hook_requests_total", name if name in HOOKS else "unknown", str(answer.status)
        )
        await _send(send, answer)

    def close(self) -> None:
        """Wait for what is in hand."""
        self._pool.shutdown(wait=True)

    async def _answer(self, scope: Scope, receive: Receive) -> HookAnswer:
        if not self._secrets:
            raise HookRefused(404, "off", _OFF)
        if scope["method"] != "POST":
            raise HookRefused(405, "method", "A hook is called by POST.")
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            body = await asyncio.wait_for(_body(headers, receive), _SLOWEST)
        except TimeoutError:
            raise HookRefused(408, "slow", "The body did not arrive in time. Send it again.") from None
        name = str(scope.get("path_params", {}).get("name", ""))
        hook = checked(name, headers, body, self._secrets, time.time())
        listener = HOOKS.get(name)
        if listener is None:
            known = ", ".join(sorted(HOOKS)) or "none"
            raise HookRefused(404, "no_such_hook", f"There is no hook of that name. There are: {known}.")
        if not self._pace[hook.system].take(time.monotonic()):
            raise HookRefused(
                429,
                "too_many",
                f"At most {_A_SECOND:g} requests a second are taken. Wait a second, then go on.",
            )
        if self._in_hand >= _WAITING:
            raise HookRefused(
                429, "too_busy", "Too much is in hand just now. Wait a second, then send it again."
            )
        self._in_hand += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._run, listener, hook)
        finally:
            self._in_hand -= 1

    def _run(self, listener: Callable[[Moment, HookIn], HookAnswer], hook: HookIn) -> HookAnswer:
        """The listener's answer, for a request with an id."""
        with requests.within(requests.new("hook")):
            answer = self._ran(listener, hook)
            log.info("hook answered", hook=hook.name, system=hook.system, status=answer.status)
        return answer

    def _ran(self, listener: Callable[[Moment, HookIn], HookAnswer], hook: HookIn) -> HookAnswer:
        """One transaction, so that a try after a lost race does nothing twice."""
        for _ in range(_TRIES):
            try:
                return listener(self._moment(), hook)
            except StaleState:
                continue
            except HookRefused as refused:
                self.turned[refused.error] += 1
                return refused.answer
            except StorageError as error:
                log.error("the database is away", error=type(error).__name__)
                break
            except Exception:
                log.exception("a hook failed", hook=hook.name)
                says = "Something went wrong on our side, and nothing was kept. The operator's log says what."
                return HookAnswer({"ok": False, "error": "failed", "says": says}, 500)
        says = "The database does not answer just now, and nothing was kept. Send it again in a minute."
        return HookAnswer({"ok": False, "error": "away", "says": says}, 503)


def checked(
    name: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[HookSecret], now: float
) -> HookIn:
    """The request as a typed input. Raises :class:`HookRefused` unless it is signed, fresh and well made.

    ``headers`` have names in small letters; ``now`` is in seconds since 1970.
    """
    timestamp = headers.get(TIMESTAMP.lower(), "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        says = f"Send {TIMESTAMP}: the seconds since 1970, as in `date +%s`."
        raise HookRefused(401, "no_timestamp", says)
    if abs(now - int(timestamp)) > OLDEST:
        says = "It is older than five minutes, or a clock is wrong. Sign it anew, and check both clocks."
        raise HookRefused(401, "too_old", says)
    system = _signer(headers.get(SIGNATURE.lower(), ""), timestamp, body, secrets)
    if not system:
        says = (
            f"{SIGNATURE} does not fit. It is v0= and the HMAC-SHA256, in hex, of v0:TIMESTAMP:BODY with the "
            "secret of your system; the body is signed exactly as it is sent."
        )
        raise HookRefused(401, "wrong_signature", says)
    if headers.get("content-type", "").split(";", 1)[0].strip().lower() != "application/json":
        raise HookRefused(400, "not_json", "Send JSON, with Content-Type: application/json.")
    once = headers.get(ONCE.lower(), "").strip()
    if len(once) > 200 or not once.isascii() or not (once.isprintable() or not once):
        raise HookRefused(400, "odd_key", f"{ONCE} has at most 200 plain letters, digits and signs.")
    return HookIn(
        name=name,
        system=system,
        body=_object(body),
        sent=hashlib.sha256(timestamp.encode() + b":" + body).hexdigest(),
        once=once,
    )


def _signer(given: str, timestamp: str, body: bytes, secrets: Sequence[HookSecret]) -> str:
    """The system whose secret it was signed with. Every secret is tried, so that the time tells nothing."""
    found = ""
    for known in secrets:
        right = signature(known.secret.get_secret_value(), timestamp, body)
        if hmac.compare_digest(given.encode(), right.encode()):
            found = known.system
    return found


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(
            body.decode("utf-8"),
            parse_constant=_not_finite,
            parse_float=_finite,
            object_pairs_hook=_each_once,
        )
        if not isinstance(found, dict):
            raise ValueError("not an object")
        if depth_exceeds(found, _DEEPEST):
            raise ValueError(f"nested deeper than {_DEEPEST}")
        # Half a surrogate pair and NUL are JSON, but no database keeps them.
        kept = json.dumps(found, ensure_ascii=False)
        kept.encode("utf-8")
        if "\\u0000" in kept:
            raise ValueError("NUL")
    except (ValueError, RecursionError):
        says = (
            f"The body is not a JSON object that can be read: UTF-8, each name once, at most {_DEEPEST} "
            "levels deep, no NUL."
        )
        raise HookRefused(400, "malformed", says) from None
    return found


def _not_finite(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("too large")
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


class Bucket:
    """A pace: ``burst`` at once, then so many a second."""

    def __init__(self, burst: float, a_second: float) -> None:
        self._burst = burst
        self._a_second = a_second
        self._left = burst
        self._at: float | None = None

    def take(self, at: float) -> bool:
        """Whether one more may come now (seconds on a clock that never goes back)."""
        if self._at is not None:
            self._left = min(self._burst, self._left + (at - self._at) * self._a_second)
        self._at = at
        if self._left < 1:
            return False
        self._left -= 1
        return True


async def _body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """The whole body, read no further than the limit."""
    too_large = HookRefused(
        413, "too_large", f"The body is larger than {LARGEST // 1024} KiB. Send less of it."
    )
    announced = headers.get("content-length", "0")
    if not (announced.isascii() and announced.isdigit()) or int(announced[:12]) > LARGEST:
        raise too_large
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise HookRefused(400, "went_away", "The connection ended before the body did. Send it again.")
        part = event.get("body", b"")
        size += len(part)
        if size > LARGEST:
            raise too_large
        parts.append(part)
        if not event.get("more_body"):
            return b"".join(parts)


async def _send(send: Send, answer: HookAnswer) -> None:
    body = json.dumps(dict(answer.body), ensure_ascii=False).encode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if answer.status in (429, 503):
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
