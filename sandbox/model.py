"""What a workspace is made of: people, groups, channels, messages, files, views, settings."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
"""A JSON object as it goes over the wire."""

_COLOURS = ("#7a4fd0", "#0f7b6c", "#b4552d", "#2f6fb5", "#a33a72", "#5b7a1f", "#8a5a00", "#3c5a99")


@dataclass(slots=True)
class Person:
    """A member of the workspace, or the app's bot user."""

    id: str
    name: str
    real_name: str
    display_name: str = ""
    title: str = ""
    tz: str = "Europe/London"
    email: str = ""
    is_bot: bool = False
    deleted: bool = False
    is_admin: bool = False
    colour: str = ""
    bot_id: str = ""
    updated: int = 0

    def __post_init__(self) -> None:
        self.display_name = self.display_name or self.real_name
        self.colour = self.colour or _COLOURS[sum(map(ord, self.id)) % len(_COLOURS)]

    @property
    def initials(self) -> str:
        """Up to two letters for the picture."""
        words = self.real_name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()

    def tz_offset(self) -> int:
        """Seconds east of UTC, now."""
        offset = datetime.now(UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def profile(self) -> Json:
        """Slack's profile object."""
        first, _, last = self.real_name.partition(" ")
        profile: Json = {
            "title": self.title,
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "first_name": first,
            "last_name": last,
            "status_text": "",
            "status_emoji": "",
            "avatar_hash": self.colour.strip("#"),
            "team": "",
        }
        if self.is_bot:
            profile["bot_id"] = self.bot_id
            profile["api_app_id"] = ""
        return profile

    def as_slack(self, team: str, *, with_email: bool) -> Json:
        """Slack's user object; the address only for an app that may read it."""
        profile = self.profile() | {"team": team}
        if with_email and self.email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        return user | {
            "color": self.colour.strip("#"),
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz.replace("_", " "),
            "tz_offset": self.tz_offset(),
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
            "who_can_share_contact_card": "EVERYONE",
        }

    def as_control(self) -> Json:
        """What the control interface says about a person."""
        return {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "display_name": self.display_name,
            "title": self.title,
            "tz": self.tz,
            "tz_offset": self.tz_offset(),
            "email": self.email,
            "is_bot": self.is_bot,
            "deleted": self.deleted,
            "is_admin": self.is_admin,
            "initials": self.initials,
            "colour": self.colour,
        }


@dataclass(slots=True)
class Group:
    """A user group, mentioned as ``<!subteam^S...>``."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    description: str = ""
    updated: int = 0

    def as_slack(self, team: str, *, include_users: bool, include_count: bool = False) -> Json:
        """Slack's user group object."""
        group: Json = {
            "id": self.id,
            "team_id": team,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "description": self.description,
            "handle": self.handle,
            "is_external": False,
            "date_create": 0,
            "date_update": self.updated,
            "date_delete": 0,
            "auto_type": None,
            "prefs": {"channels": [], "groups": []},
        }
        if include_users:
            group["users"] = list(self.users)
        if include_users or include_count:
            group["user_count"] = str(len(self.users))
        return group


@dataclass(slots=True)
class Message:
    """One message. ``body`` is Slack's message object; the rest is what only the workspace knows."""

    body: Json
    visible_to: str | None = None
    """The one person who sees it: an ephemeral message."""
    streaming_for: str | None = None
    """While a stream runs in a channel: the recipient, who alone sees it live. ``*`` in a DM."""
    stream_ends: float = 0.0
    """Monotonic time at which a running stream expires."""
    stream_tasks: dict[str, Json] = field(default_factory=dict)
    changed: str = ""
    """ts of the last change, for waiting on edits."""

    @property
    def ts(self) -> str:
        """Slack's message timestamp."""
        return str(self.body["ts"])

    @property
    def thread_ts(self) -> str | None:
        """The thread it belongs to: its own ts for a parent with replies."""
        found = self.body.get("thread_ts")
        return str(found) if found else None

    @property
    def is_reply(self) -> bool:
        """True for a reply, False for a parent or a plain message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(slots=True)
class Channel:
    """A channel, a private channel or a direct conversation, with its messages."""

    id: str
    kind: str
    """``channel``, ``group``, ``im`` or ``mpim``: Slack's ``channel_type``."""
    name: str = ""
    topic: str = ""
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    creator: str = ""
    created: int = field(default_factory=lambda: int(time.time()))
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    """By ts, oldest first."""
    threads: dict[str, list[str]] = field(default_factory=dict)
    """Parent ts -> ts of its replies, oldest first."""
    ephemerals: dict[str, Message] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)
    status: dict[str, Json] = field(default_factory=dict)
    """Thread ts -> status line with ``text``, ``loading_messages``, ``until`` (monotonic)."""
    prompts: Json | None = None
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """True for everything but a public channel."""
        return self.kind != "channel"

    @property
    def is_direct(self) -> bool:
        """True for a conversation between named people."""
        return self.kind in ("im", "mpim")

    def seen_by(self, user: str) -> bool:
        """Whether this person can look into it."""
        return self.kind == "channel" or user in self.members

    def find(self, ts: str) -> Message | None:
        """The message with that ts, ephemerals included."""
        return self.messages.get(ts) or self.ephemerals.get(ts)


@dataclass(slots=True)
class StoredFile:
    """An uploaded file."""

    id: str
    name: str
    title: str
    mimetype: str
    user: str
    created: int
    content: bytes = b""
    channels: list[str] = field(default_factory=list)
    complete: bool = False
    ready_at: float = 0.0
    """When it has been looked through (epoch seconds): before, no message can show it as a picture."""

    @property
    def ready(self) -> bool:
        """Whether it is whole and looked through."""
        return self.complete and time.time() >= self.ready_at

    def as_slack(self, base: str) -> Json:
        """Slack's file object, which says what kind it is once it is ready; ``base`` is our address."""
        url = f"{base}/files/{self.id}/{self.name}"
        kind = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "text"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype if self.ready else "",
            "filetype": kind if self.ready else "",
            "pretty_type": kind.upper() if self.ready else "",
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "is_public": True,
            "public_url_shared": False,
            "url_private": url,
            "url_private_download": url,
            "permalink": url,
            "channels": list(self.channels),
            "groups": [],
            "ims": [],
            "file_access": "visible",
        }


@dataclass(slots=True)
class View:
    """A modal or a Home tab of one person. ``body`` is Slack's view object without ``state``."""

    body: Json
    owner: str
    values: Json = field(default_factory=dict)
    """What the person chose or typed: Slack's ``state.values``."""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Slack's view id."""
        return str(self.body["id"])

    def as_slack(self) -> Json:
        """Slack's view object with the state as it stands."""
        return self.body | {"state": {"values": self.values}}

    def as_control(self) -> Json:
        """The same with the errors the person sees."""
        return self.as_slack() | {"errors": self.errors}


@dataclass(slots=True)
class Settings:
    """Switches of the control interface. Times in seconds."""

    rate_limits: bool = True
    post_burst: int = 3
    retry_speed: float = 1.0
    trigger_seconds: float = 3.0
    ack_seconds: float = 3.0
    response_url_seconds: float = 1800.0
    status_seconds: float = 120.0
    stream_seconds: float = 300.0
    file_seconds: float = 0.0
    """How long Slack takes to look through an uploaded file."""
