"""A link to the portfolio's page: signed, for one person and one choice of filters, and good for some hours.

The key is derived from what Slack gave us, so every replica has it and a new token ends every link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.settings import Settings
from bot.views.portfolio_list import Chosen, chosen_in, kept_of
from workflows.ids import UserId

PATH = "/portfolio/{token}"
_PURPOSE = b"preflight: a link to the page of the portfolio, 1"
_LONGEST = 4000


@dataclass(frozen=True)
class Linked:
    """What a link says: who may open it, what it shows, and until when (seconds since 1970)."""

    user: UserId
    chosen: Chosen
    until: int


def link_to(settings: Settings, user: UserId, chosen: Chosen, now: datetime, hours: int) -> str:
    """The address; empty where people's browsers do not reach us."""
    if not settings.public_url:
        return ""
    until = int((now + timedelta(hours=hours)).timestamp())
    said = json.dumps([str(user), kept_of(chosen.model_copy(update={"page": 0})), until]).encode()
    token = f"{_text(said)}.{_text(_mac(settings, said))}"
    return settings.public_url + PATH.format(token=token)


def linked(settings: Settings, token: str, now: datetime) -> Linked | None:
    """What a link says; ``None`` for one that we did not make, that was changed, or whose time is over."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    said_text, _, mac_text = token.partition(".")
    try:
        said, mac = _bytes(said_text), _bytes(mac_text)
    except ValueError:
        return None
    if not hmac.compare_digest(mac, _mac(settings, said)):
        return None
    user, chosen, until = json.loads(said)
    return Linked(UserId(user), chosen_in(chosen), until) if now.timestamp() < until else None


def _mac(settings: Settings, said: bytes) -> bytes:
    secrets = f"{settings.bot_token.get_secret_value()}\n{settings.signing_secret.get_secret_value()}"
    key = hmac.new(secrets.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(key, said, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(found) != text:
        raise ValueError("not the one way of writing it")
    return found
