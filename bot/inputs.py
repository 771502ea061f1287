"""What comes in from Slack, parsed once into typed inputs; nothing behind this file reads a raw payload."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from workflows.ids import Frozen, Place, UserId

_LINK = re.compile(r"<(https?://[^|>\s]+|mailto:[^|>\s]+)(?:\|([^>]*))?>")
_ROOM = re.compile(r"<#(C[A-Z0-9]+)(?:\|([^>]*))?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|([^>]*))?>")
_SHOUT = re.compile(r"<!(channel|here|everyone)(?:\|[^>]*)?>")
_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_NAMED_PERSON = re.compile(r"<@([UW][A-Z0-9]+)\|[^>]*>")


def plain(text: str) -> str:
    """Slack's wire text as the person wrote it: links, channels and entities in words.

    Mentions of people stay as ``<@U123>``, because the rules read them; ``@channel`` and its kind
    become harmless words.
    """
    text = _LINK.sub(lambda m: m[1].removeprefix("mailto:"), text)
    text = _ROOM.sub(lambda m: f"#{m[2] or m[1]}", text)
    text = _GROUP.sub(lambda m: f"@{(m[2] or m[1]).lstrip('@')}", text)
    text = _SHOUT.sub(lambda m: f"@{m[1]}", text)
    text = _DATE.sub(lambda m: m[1], text)
    text = _NAMED_PERSON.sub(lambda m: f"<@{m[1]}>", text)
    return html.unescape(text).replace("\u00a0", " ").strip()


class FileIn(Frozen):
    """A file attached to a message."""

    id: str
    name: str
    type: str = ""
    link: str = ""


class MessageIn(Frozen):
    """Something a person wrote where the bot can see it."""

    key: str
    """Unique per event, for de-duplication."""
    user: UserId
    channel: str
    ts: str
    thread: str | None
    """The parent's ts when written in a thread."""
    direct: bool
    """In the person's own conversation with the bot."""
    mentions_bot: bool
    text: str
    """As typed, see :func:`plain`; a leading mention of the bot is removed."""
    files: tuple[FileIn, ...] = ()

    @property
    def place(self) -> Place:
        """Where an answer belongs: the thread, or the one this message starts."""
        return Place(channel=self.channel, thread=self.thread or self.ts)


class ViewIn(Frozen):
    """A modal as it stands when something in it happens."""

    id: str
    callback: str
    private: str
    hash: str = ""
    values: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """``block_id -> action_id ->`` what is filled in, already plain (see :func:`filled`)."""


class Click(Frozen):
    """A button, menu or picker was used, in a message, a modal or the Home tab."""

    key: str
    user: UserId
    action: str
    """``action_id`` up to its first ``/``: what follows only keeps ids unique."""
    block: str
    value: Any
    """The button's value, the chosen option(s), user(s) or date, plain (see :func:`filled`)."""
    trigger: str
    channel: str = ""
    message: str = ""
    thread: str | None = None
    response_url: str = ""
    view: ViewIn | None = None
    values: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Everything else that was filled in beside it, in the same message or modal."""


class Submission(Frozen):
    """A modal was submitted, or closed (``closed``)."""

    key: str
    user: UserId
    view: ViewIn
    trigger: str = ""
    closed: bool = False


class CommandIn(Frozen):
    """``/preflight WORD REST``."""

    key: str
    user: UserId
    channel: str
    word: str
    rest: str
    trigger: str


class ShortcutIn(Frozen):
    """A global or message shortcut; ``quoted_*`` are set for the latter."""

    key: str
    user: UserId
    callback: str
    trigger: str
    channel: str = ""
    quoted_ts: str = ""
    quoted_thread: str | None = None
    quoted_text: str = ""
    quoted_author: UserId | None = None
    response_url: str = ""


class Opened(Frozen):
    """A person looks at the bot: its Home tab, or its Messages tab."""

    key: str
    user: UserId
    tab: str
    channel: str = ""


class WorkspaceChange(Frozen):
    """Something about people, groups or channels changed; ``kind`` is Slack's event type."""

    key: str
    kind: str
    user: UserId | None = None
    channel: str = ""


_NUMBER_AT_MOST = 12


def number_in(text: object) -> int | None:
    """The whole number that a form or a button holds as text: ASCII digits, not too many; else ``None``."""
    said = str(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _NUMBER_AT_MOST else None


def filled(element: Mapping[str, Any]) -> Any:
    """What an element of Slack's state holds: ``str``, ``list[str]``, a list of files, or ``None``.

    Raises ``ValueError`` for anything else, which Slack never sends: so nothing behind this meets a number
    where a text belongs.
    """
    found = _held(element)
    several = found if isinstance(found, list) else [found] if found is not None else []
    if not all(isinstance(one, str | FileIn) for one in several):
        raise ValueError("neither text nor files")
    return found


def _held(element: Mapping[str, Any]) -> Any:
    kind = element.get("type", "")
    if kind in ("static_select", "external_select", "radio_buttons", "overflow"):
        return (element.get("selected_option") or {}).get("value")
    if kind in ("multi_static_select", "multi_external_select", "checkboxes"):
        return [o["value"] for o in element.get("selected_options") or []]
    if kind == "file_input":
        return [
            FileIn(
                id=f["id"],
                name=f.get("name") or "file",
                type=f.get("filetype") or "",
                link=f.get("permalink") or "",
            )
            for f in element.get("files") or []
        ]
    single = {
        "users_select": "selected_user",
        "conversations_select": "selected_conversation",
        "channels_select": "selected_channel",
        "multi_users_select": "selected_users",
        "multi_conversations_select": "selected_conversations",
        "multi_channels_select": "selected_channels",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
        "rich_text_input": "rich_text_value",
    }
    found = element.get(single.get(kind, "value"))
    if kind == "datetimepicker" and isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found


def _all_filled(state: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        block: {action: filled(element) for action, element in elements.items()}
        for block, elements in (state.get("values") or {}).items()
    }


def _files(raw: list[dict[str, Any]] | None) -> tuple[FileIn, ...]:
    return tuple(
        FileIn(
            id=f["id"],
            name=f.get("name") or "file",
            type=f.get("filetype") or "",
            link=f.get("permalink") or "",
        )
        for f in raw or []
        if f.get("id")
    )


def message_in(event: Mapping[str, Any], event_id: str, bot_user: str) -> MessageIn | None:
    """A ``message`` or ``app_mention`` event; ``None`` for what is never answered.

    That is: other bots and ourselves, edits, deletions, joins and the like (any subtype except a file
    share or a thread broadcast). The key is the message itself and not the event, because Slack sends
    one message twice, as ``message`` and as ``app_mention``, under two event ids.
    """
    if event.get("bot_id") or event.get("subtype") not in (None, "file_share", "thread_broadcast"):
        return None
    user = event.get("user")
    if not user or user == bot_user:
        return None
    text = str(event.get("text") or "")
    own = re.compile(rf"<@{re.escape(bot_user)}(?:\|[^>]*)?>")
    mentions = event.get("type") == "app_mention" or bool(own.search(text))
    text = own.sub("", text, count=1) if own.match(text.lstrip()) else text
    thread = event.get("thread_ts")
    ts = str(event["ts"])
    return MessageIn(
        key=f"message/{event['channel']}/{ts}" if ts else f"event/{event_id}",
        user=UserId(str(user)),
        channel=str(event["channel"]),
        ts=ts,
        thread=str(thread) if thread and thread != ts else None,
        direct=event.get("channel_type") == "im" or str(event["channel"]).startswith("D"),
        mentions_bot=mentions,
        text=plain(text),
        files=_files(event.get("files")),
    )


def _view_in(view: Mapping[str, Any]) -> ViewIn:
    return ViewIn(
        id=str(view.get("id") or ""),
        callback=str(view.get("callback_id") or ""),
        private=str(view.get("private_metadata") or ""),
        hash=str(view.get("hash") or ""),
        values=_all_filled(view.get("state") or {}),
    )


def click_in(body: Mapping[str, Any]) -> Click:
    """A ``block_actions`` payload (Slack sends one action each)."""
    action = body["actions"][0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    view = body.get("view")
    state = (view or body).get("state") or {}
    return Click(
        key=f"click/{body['user']['id']}/{action.get('action_ts', '')}/{action['action_id']}",
        user=UserId(body["user"]["id"]),
        action=str(action["action_id"]).split("/", 1)[0],
        block=str(action.get("block_id") or ""),
        value=filled(action),
        trigger=str(body.get("trigger_id") or ""),
        channel=str(container.get("channel_id") or (body.get("channel") or {}).get("id") or ""),
        message=str(container.get("message_ts") or message.get("ts") or ""),
        thread=message.get("thread_ts") or container.get("thread_ts"),
        response_url=str(body.get("response_url") or ""),
        view=_view_in(view) if view else None,
        values=_all_filled(state),
    )


def submission_in(body: Mapping[str, Any]) -> Submission:
    """A ``view_submission`` or ``view_closed`` payload."""
    view = _view_in(body["view"])
    return Submission(
        key=f"view/{view.id}/{view.hash}/{body['type']}/{body.get('trigger_id', '')}",
        user=UserId(body["user"]["id"]),
        view=view,
        trigger=str(body.get("trigger_id") or ""),
        closed=body["type"] == "view_closed",
    )


def command_in(body: Mapping[str, Any]) -> CommandIn:
    """A slash command; its first word is the sub-command, in lower case."""
    word, _, rest = plain(str(body.get("text") or "")).partition(" ")
    return CommandIn(
        key=f"command/{body.get('trigger_id', '')}",
        user=UserId(str(body["user_id"])),
        channel=str(body.get("channel_id") or ""),
        word=word.lower(),
        rest=rest.strip(),
        trigger=str(body.get("trigger_id") or ""),
    )


def shortcut_in(body: Mapping[str, Any]) -> ShortcutIn:
    """A global ``shortcut`` or a ``message_action`` payload."""
    message = body.get("message") or {}
    author = message.get("user")
    return ShortcutIn(
        key=f"shortcut/{body.get('trigger_id') or body.get('action_ts', '')}",
        user=UserId(body["user"]["id"]),
        callback=str(body["callback_id"]),
        trigger=str(body.get("trigger_id") or ""),
        channel=str((body.get("channel") or {}).get("id") or ""),
        quoted_ts=str(message.get("ts") or ""),
        quoted_thread=message.get("thread_ts"),
        quoted_text=plain(str(message.get("text") or "")),
        quoted_author=UserId(author) if author else None,
        response_url=str(body.get("response_url") or ""),
    )


def packed(**fields: Any) -> str:
    """A small JSON object for a button's value or a view's private metadata."""
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def unpacked(text: str) -> dict[str, Any]:
    """What :func:`packed` made; an empty dict for anything else (a forged value decides nothing)."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
