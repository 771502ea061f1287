"""What systems outside may tell us or ask by a signed HTTP request: what comes in, and who listens.

The request itself is checked in ``bot/hook_door.py``. A listener is a function under ``bot/listeners`` that
carries ``@on_hook("release")``; it sees a :class:`HookIn` and returns a :class:`HookAnswer`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from workflows.systems import system_user

if TYPE_CHECKING:
    from bot.registry import Moment
    from storage.store import Tx
    from workflows.decision import Circumstances
    from workflows.ids import UserId

SIGNATURE = "X-Preflight-Signature"
TIMESTAMP = "X-Preflight-Request-Timestamp"
ONCE = "Idempotency-Key"


@dataclass(frozen=True)
class HookIn:
    """A request whose signature, age and shape were found right."""

    name: str
    """Of the hook: ``release``."""
    system: str
    """The name that the operator gave to the secret it was signed with."""
    body: Mapping[str, Any]
    sent: str
    """A digest of what was signed: the same for the same request sent again."""
    once: str = ""
    """The caller's own key for "do this once"; empty: none was given."""

    @property
    def user(self) -> UserId:
        """Who acts, for rules and the audit log: the system, which is no person."""
        return system_user(self.system)

    def circumstances(self, moment: Moment) -> Circumstances:
        """What a rule is told about this moment."""
        return moment.circumstances(self.user, "webhook")

    def first_time(self, tx: Tx, now: datetime) -> bool:
        """Whether this was never heard, in the transaction that does what it asks.

        The same signed request again is not new, whatever its key says, and neither is another one under a
        key that was used. Raises :class:`HookRefused` for a key that was used for something else.
        """
        new = tx.first_time(f"hook/{self.name}/sent/{self.sent}", now)
        if not self.once:
            return new
        key = f"hook/{self.name}/{self.system}/key/{self.once}"
        unused = tx.first_time(key, now)
        same = not tx.first_time(f"{key}/{_digest(self.body)}", now)
        if not unused and not same:
            raise HookRefused(
                409,
                "key_used",
                f"The {ONCE} was used for another request. Give each request its own, and repeat it only "
                "with the same body.",
            )
        return new and unused


@dataclass(frozen=True)
class HookAnswer:
    """What the caller is told: an HTTP status and a JSON object."""

    body: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


class HookRefused(Exception):
    """The request cannot be taken. ``says`` names what to do about it; nothing of it is kept."""

    def __init__(self, status: int, error: str, says: str) -> None:
        super().__init__(says)
        self.status = status
        self.error = error
        self.says = says

    @property
    def answer(self) -> HookAnswer:
        """As it is told to the caller."""
        return HookAnswer({"ok": False, "error": self.error, "says": self.says}, self.status)


HOOKS: dict[str, Callable[[Moment, HookIn], HookAnswer]] = {}
"""By the last part of the address."""

F = TypeVar("F", bound="Callable[[Moment, HookIn], HookAnswer]")
B = TypeVar("B", bound=BaseModel)


def on_hook(name: str) -> Callable[[F], F]:
    """The function takes what is sent to ``/hooks/NAME``."""

    def enter(function: F) -> F:
        if name in HOOKS:
            raise ValueError(f"{name!r} is registered twice")
        HOOKS[name] = function
        return function

    return enter


def parsed(model: type[B], body: Mapping[str, Any]) -> B:
    """The body as a typed input. Raises :class:`HookRefused` (400), naming fields and what is wrong."""
    try:
        return model.model_validate(dict(body))
    except ValidationError as wrong:
        told = "; ".join(
            f"{'.'.join(str(part) for part in e['loc'])[:80] or 'body'}: {e['msg'][:200]}"
            for e in wrong.errors(include_url=False, include_input=False)[:5]
        )
        raise HookRefused(400, "fields", f"Some fields cannot be read. {told}.") from None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """``v0=`` and the HMAC-SHA256, in hex, over ``v0:TIMESTAMP:BODY``."""
    signed = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return "v0=" + signed.hexdigest()


def signed_headers(secret: str, body: bytes, at: float) -> dict[str, str]:
    """The headers with which a body is sent at that time (seconds since 1970)."""
    timestamp = str(int(at))
    return {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        SIGNATURE: signature(secret, timestamp, body),
    }


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
