"""The only place that calls Slack's Web API: one function for each method, and the scopes each one needs."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.logs import logger
from bot.pacing import Patience
from bot.registry import Block, Message, View
from bot.telemetry.tally import Tally
from bot.views.kit import clip, escape

log = logger("slack")

METHODS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.getPermalink": (),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "conversations.open": ("im:write",),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.join": ("channels:join",),
    "users.list": ("users:read", "users:read.email"),
    "usergroups.list": ("usergroups:read",),
    "files.info": ("files:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "views.open": (),
    "views.push": (),
    "views.update": (),
    "views.publish": (),
    "assistant.threads.setStatus": ("chat:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
}
"""Method -> scopes for all that we do with it. The manifest asks for exactly these."""

_READING = {
    "chat.getPermalink",
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "conversations.replies",
    "files.info",
    "usergroups.list",
    "users.list",
}
_FORMS = {"files.getUploadURLExternal", "files.completeUploadExternal"}
"""Methods that take their arguments as a form."""
_METADATA = "preflight_outbox"
_SENT_AGAIN_LATER = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
    "accesslimited",
}
_NO_ACCESS = {
    "invalid_auth",
    "not_authed",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "org_login_required",
}


class SlackTrouble(Exception):
    """A call that did not work. ``reason`` is a short word for the log, never what people wrote."""

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"{method}: {reason}")
        self.method = method
        self.reason = reason


class Busy(SlackTrouble):
    """Not done: Slack asks us to come back in ``seconds``."""

    def __init__(self, method: str, seconds: float) -> None:
        super().__init__(method, "rate limited")
        self.seconds = seconds


class Unsure(SlackTrouble):
    """No answer, or Slack's own failure: it may have been done or not."""


class NoAccess(SlackTrouble):
    """Our token is not accepted: nothing will work until somebody installs the app again."""


class Refused(SlackTrouble):
    """Not done, and the same again would not be either; ``reason`` is Slack's error name."""


_RESULTS = {Busy: "busy", Unsure: "unsure", NoAccess: "no_access", Refused: "refused"}


class Gateway:
    """Calls to one workspace. Nothing is retried here: who calls knows what may be done twice."""

    def __init__(self, client: WebClient, tally: Tally | None = None) -> None:
        client.retry_handlers = []
        self._client = client
        self._tally = tally or Tally()
        self._patience = Patience()
        self._dms: dict[str, str] = {}
        self._rooms: dict[str, str] | None = None
        self._lock = threading.Lock()

    def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        wait = self._patience.left(method)
        if wait > 0:
            raise Busy(method, wait)
        result = "ok"
        began = time.monotonic()
        try:
            return self._called(method, arguments)
        except SlackTrouble as trouble:
            result = _RESULTS[type(trouble)]
            raise
        finally:
            self._tally.add("preflight_slack_calls_total", method, result)
            self._tally.took("preflight_slack_call_seconds", time.monotonic() - began, method)

    def _called(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            given = _without_none(arguments)
            # Slack reads the arguments of its reading methods from the address, not from a JSON body.
            if method in _READING:
                answer = self._client.api_call(method, http_verb="GET", params=given)
            elif method in _FORMS:
                answer = self._client.api_call(method, data=given)
            else:
                answer = self._client.api_call(method, json=given)
        except SlackApiError as error:
            raise self._trouble(method, error) from None
        except (SlackClientError, URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise Unsure(method, type(error).__name__) from None
        return answer.data if isinstance(answer.data, dict) else {}

    def _trouble(self, method: str, error: SlackApiError) -> SlackTrouble:
        response = error.response
        status = getattr(response, "status_code", 200)
        data = getattr(response, "data", response)
        reason = _code(data.get("error", "")) if isinstance(data, dict) else ""
        if status == 429 or reason in ("ratelimited", "rate_limited", "message_limit_exceeded"):
            headers = {k.lower(): v for k, v in (getattr(response, "headers", None) or {}).items()}
            seconds = _seconds(headers.get("retry-after"))
            self._patience.asked(method, seconds)
            return Busy(method, seconds)
        if status >= 500 or not reason or reason in _SENT_AGAIN_LATER:
            return Unsure(method, reason or f"http {status}")
        if reason in _NO_ACCESS:
            return NoAccess(method, reason)
        if reason == "missing_scope":
            reason = f"missing_scope, needs {_code(data.get('needed', 'a_scope'))}"
        for message in (data.get("response_metadata") or {}).get("messages", [])[:5]:
            # Only where it is wrong: the rest may repeat what we sent.
            place = re.search(r"json-pointer:(/[a-z0-9_/]{1,120})", str(message))
            log.warning("slack refused", method=method, error=reason, detail=place[1] if place else "")
        return Refused(method, reason)

    # Messages

    def post(self, channel: str, message: Message, thread: str | None, key: str) -> str:
        """Post, with the outbox key in the metadata; the new message's ts."""
        answer = self._call(
            "chat.postMessage",
            channel=channel,
            text=_fallback(message),
            blocks=message.blocks or None,
            thread_ts=thread,
            metadata={"event_type": _METADATA, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Redraw a message of ours; doing it twice is the same as once."""
        self._call(
            "chat.update",
            channel=channel,
            ts=ts,
            text=clip(_fallback(message), 3900),
            blocks=message.blocks or [],
        )

    def whisper(self, channel: str, user: str, message: Message, thread: str | None) -> None:
        """Show something to one person only; it cannot be found again, so it is never repeated."""
        self._call(
            "chat.postEphemeral",
            channel=channel,
            user=user,
            text=_fallback(message),
            blocks=message.blocks or None,
            thread_ts=thread,
        )

    def find(self, channel: str, thread: str | None, key: str, oldest: float) -> str | None:
        """The ts of the message that carries this outbox key, not older than ``oldest`` (epoch seconds)."""
        method = "conversations.replies" if thread else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel, "oldest": f"{oldest:.6f}", "limit": 200}
        if thread:
            arguments["ts"] = thread
        for page in self._pages(method, arguments, include_all_metadata=True):
            for message in page.get("messages", []):
                found = message.get("metadata") or {}
                if (
                    found.get("event_type") == _METADATA
                    and (found.get("event_payload") or {}).get("key") == key
                ):
                    return str(message["ts"])
        return None

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message in Slack."""
        return str(self._call("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    # Where

    def direct(self, user: str) -> str:
        """The channel id of a person's direct message with the bot."""
        known = self._dms.get(user)
        if known is None:
            known = str(self._call("conversations.open", users=user)["channel"]["id"])
            with self._lock:
                self._dms[user] = known
        return known

    def room(self, name: str) -> str | None:
        """The id of the open channel of that name; ``None`` where there is none that we can see."""
        with self._lock:
            rooms = self._rooms
        if rooms is None or name not in rooms:
            rooms = {}
            arguments = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": 500}
            for page in self._pages("conversations.list", arguments):
                rooms.update({str(c["name"]): str(c["id"]) for c in page.get("channels", [])})
            with self._lock:
                self._rooms = rooms
        return rooms.get(name)

    def channel(self, id: str) -> dict[str, Any]:
        """What Slack says of a channel. Raises :class:`Refused` where it is gone, or not ours to see."""
        return dict(self._call("conversations.info", channel=id).get("channel") or {})

    def forget_rooms(self) -> None:
        """A channel was renamed, archived or opened: ask again next time."""
        with self._lock:
            self._rooms = None

    def join(self, channel: str) -> None:
        """Join a public channel."""
        self._call("conversations.join", channel=channel)

    # People

    def users(self) -> Iterator[dict[str, Any]]:
        """Every member, page by page."""
        for page in self._pages("users.list", {"limit": 200}):
            yield from page.get("members", [])

    def groups(self) -> list[dict[str, Any]]:
        """The user groups in use, with their members."""
        answer = self._call("usergroups.list", include_users=True, include_disabled=False)
        return list(answer.get("usergroups", []))

    # Files

    @property
    def address(self) -> str:
        """Where Slack's API is called."""
        return str(self._client.base_url)

    @property
    def token(self) -> str:
        """What we show to Slack, for what is fetched from it by other means."""
        return str(self._client.token or "")

    def file(self, id: str) -> dict[str, Any]:
        """What Slack knows of a shared file."""
        return dict(self._call("files.info", file=id).get("file") or {})

    def upload_address(self, name: str, length: int, alt: str) -> tuple[str, str]:
        """Where a new file's bytes are sent to, and its id; ``alt`` is what a picture shows, in words."""
        answer = self._call(
            "files.getUploadURLExternal", filename=name, length=length, alt_txt=clip(alt, 1000) or None
        )
        return str(answer["upload_url"]), str(answer["file_id"])

    def complete_upload(
        self, id: str, title: str, channel: str | None = None, thread: str | None = None, comment: str = ""
    ) -> None:
        """The bytes are there: Slack may look through the file, and show it where a channel is named."""
        self._call(
            "files.completeUploadExternal",
            files=json.dumps([{"id": id, "title": clip(title, 250)}]),
            channel_id=channel,
            thread_ts=thread,
            initial_comment=comment or None,
        )

    def has_file(self, channel: str, thread: str | None, name: str, oldest: float) -> bool:
        """Whether a message there, not older than ``oldest`` (epoch seconds), has a file of that name."""
        method = "conversations.replies" if thread else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel, "oldest": f"{oldest:.6f}", "limit": 200}
        if thread:
            arguments["ts"] = thread
        return any(
            shared.get("name") == name
            for page in self._pages(method, arguments)
            for message in page.get("messages", [])
            for shared in message.get("files") or ()
        )

    # Views

    def open_view(self, trigger: str, view: View) -> None:
        """Open a modal, within three seconds of the click."""
        self._call("views.open", trigger_id=trigger, view=view)

    def push_view(self, trigger: str, view: View) -> None:
        """Open a modal on top of the open one."""
        self._call("views.push", trigger_id=trigger, view=view)

    def update_view(self, view_id: str, hash: str, view: View) -> None:
        """Redraw an open modal, unless it changed since ``hash``."""
        self._call("views.update", view_id=view_id, hash=hash or None, view=view)

    def publish_home(self, user: str, blocks: list[Block]) -> None:
        """Show a person their Home tab."""
        self._call("views.publish", user_id=user, view={"type": "home", "blocks": blocks})

    # The small signs of life

    def status(self, channel: str, thread: str, text: str) -> None:
        """Show that we are at it, until the next message of ours."""
        self._call("assistant.threads.setStatus", channel_id=channel, thread_ts=thread, status=text)

    def prompts(self, channel: str, prompts: Sequence[tuple[str, str]]) -> None:
        """Offer up to four (title, message) pairs in the Messages tab."""
        offered = [{"title": title, "message": message} for title, message in prompts[:4]]
        self._call("assistant.threads.setSuggestedPrompts", channel_id=channel, prompts=offered)

    def who_am_i(self) -> dict[str, Any]:
        """``auth.test``, with the granted scopes under ``scopes`` where Slack names them."""
        wait = self._patience.left("auth.test")
        if wait > 0:
            raise Busy("auth.test", wait)
        try:
            answer = self._client.api_call("auth.test")
        except SlackApiError as error:
            raise self._trouble("auth.test", error) from None
        except (SlackClientError, URLError, http.client.HTTPException, OSError, ValueError) as error:
            raise Unsure("auth.test", type(error).__name__) from None
        headers = {k.lower(): v for k, v in answer.headers.items()}
        found: dict[str, Any] = dict(answer.data) if isinstance(answer.data, dict) else {}
        granted = headers.get("x-oauth-scopes")
        found["scopes"] = sorted(s.strip() for s in granted.split(",") if s.strip()) if granted else None
        found["date"] = headers.get("date")
        return found

    def _pages(self, method: str, arguments: dict[str, Any], **more: Any) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = self._call(method, **arguments, **more, cursor=cursor)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if not cursor:
                return


def patiently(
    pages: Callable[[], Any], wait: Callable[[float], bool], tries: int = 8, longest: float = 60.0
) -> Any:
    """Run a read that may be repeated, waiting as Slack asks; ``wait`` is true when we are to stop."""
    delay = 1.0
    for attempt in range(tries):
        try:
            return pages()
        except Busy as busy:
            pause = busy.seconds
        except Unsure:
            pause = min(delay, longest)
            delay *= 2
        if attempt == tries - 1 or wait(pause):
            break
    raise Unsure("slack", "no answer")


def _code(error: object) -> str:
    """Slack's name for what went wrong: it is shown to the program team and logged, so it must be a name."""
    text = str(error)
    return text if re.fullmatch(r"[a-z0-9_:.,-]{0,80}", text) else "unknown_error"


def _seconds(text: str | Sequence[str] | None) -> float:
    """``Retry-After`` as seconds; 30 where Slack does not say (or says nonsense)."""
    value = text if isinstance(text, str) else (text[0] if text else "")
    try:
        return min(max(float(value), 0.0), 3600.0)
    except ValueError:
        return 30.0


def _fallback(message: Message) -> str:
    """The text beside the blocks, plain words of which nothing is live; without blocks it is the message."""
    return escape(message.text) if message.blocks else message.text


def _without_none(arguments: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in arguments.items() if v is not None}


def client(token: str, api_url: str, timeout: int = 10) -> WebClient:
    """A Web API client that never retries by itself."""
    return WebClient(token=token, base_url=api_url, timeout=timeout, retry_handlers=[])
