"""Slack's hand: payloads as Slack sends them, signed, given to whichever replica a run chooses."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from tests.faults.workplace import EVENTS, SECRET

JSON = dict[str, Any]
_SERIAL = itertools.count(1)


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers that make a body Slack's."""
    stamp = str(int(time.time() if at is None else at))
    mark = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}"}


def event_request(payload: JSON) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an event."""
    body = json.dumps(payload).encode()
    return body, {"Content-Type": "application/json", **signed(body)}


def interaction_request(payload: JSON) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a click, a form or a shortcut."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return body, {"Content-Type": "application/x-www-form-urlencoded", **signed(body)}


def form_request(fields: JSON) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a command."""
    body = urlencode(fields).encode()
    return body, {"Content-Type": "application/x-www-form-urlencoded", **signed(body)}


def command_request(user: str, text: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of ``/preflight TEXT``."""
    return form_request(command(user, text))


def command(user: str, text: str) -> JSON:
    """``/preflight TEXT``."""
    return {
        "command": "/preflight",
        "text": text,
        "user_id": user,
        "user_name": user.lower(),
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "team_id": "T0NORTHWIND",
        "api_app_id": "A0PREFLIGHT",
        "trigger_id": f"{time.time():.6f}.{next(_SERIAL)}",
        "response_url": "",
    }


def message_event(user: str, channel: str, text: str, ts: str, thread: str | None = None) -> JSON:
    """A person writes to the bot in their direct message."""
    event: JSON = {
        "type": "message",
        "user": user,
        "channel": channel,
        "channel_type": "im",
        "text": text,
        "ts": ts,
        "event_ts": ts,
    }
    if thread:
        event["thread_ts"] = thread
    return {
        "type": "event_callback",
        "event_id": f"Ev{next(_SERIAL):09d}{ts.replace('.', '')}",
        "event_time": int(float(ts)),
        "team_id": "T0NORTHWIND",
        "api_app_id": "A0PREFLIGHT",
        "event": event,
    }


def home_opened(user: str) -> JSON:
    """A person looks at the Home tab."""
    at = f"{time.time():.6f}"
    return {
        "type": "event_callback",
        "event_id": f"Ev{next(_SERIAL):09d}HOME",
        "event_time": int(float(at)),
        "team_id": "T0NORTHWIND",
        "api_app_id": "A0PREFLIGHT",
        "event": {
            "type": "app_home_opened",
            "user": user,
            "channel": "D0NONE",
            "tab": "home",
            "event_ts": at,
        },
    }


def click(
    user: str, action: str, block: str, value: str, *, channel: str = "", ts: str = "", at: str = ""
) -> JSON:
    """A button is pressed."""
    number = next(_SERIAL)
    return {
        "type": "block_actions",
        "team": {"id": "T0NORTHWIND", "domain": "northwind"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T0NORTHWIND"},
        "api_app_id": "A0PREFLIGHT",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "channel": {"id": channel, "name": "directmessage"},
        "message": {"type": "message", "ts": ts, "text": ""},
        "trigger_id": f"{time.time():.6f}.{number}",
        "state": {"values": {}},
        "response_url": "",
        "actions": [
            {
                "type": "button",
                "action_id": action,
                "block_id": block,
                "value": value,
                "action_ts": at or f"{time.time():.6f}{number}",
            }
        ],
    }


def form(user: str, callback: str, private: str, values: JSON) -> JSON:
    """A modal is submitted; ``values`` as Slack's ``state.values``."""
    number = next(_SERIAL)
    return {
        "type": "view_submission",
        "team": {"id": "T0NORTHWIND", "domain": "northwind"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T0NORTHWIND"},
        "api_app_id": "A0PREFLIGHT",
        "trigger_id": f"{time.time():.6f}.{number}",
        "view": {
            "id": f"V{number:09d}",
            "type": "modal",
            "callback_id": callback,
            "private_metadata": private,
            "hash": f"{time.time():.6f}.{number}",
            "blocks": [{"type": "input", "block_id": b} for b in values],
            "state": {"values": values},
        },
        "response_urls": [],
    }


class Line:
    """One kept connection to one replica. Not for several threads at once."""

    def __init__(self, port: int, timeout: float = 10.0) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """The status and body of the answer; status 0 when there was none."""
        try:
            self._connection.request("POST", EVENTS, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, b""

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
