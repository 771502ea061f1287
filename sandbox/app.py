"""The installed app: its manifest and the credentials and addresses that Slack holds beside it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.model import Json

EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "app_mention": ("app_mentions:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_created": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_rename": ("groups:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "subteam_updated": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "file_shared": ("files:read",),
    "file_created": ("files:read",),
}
"""Event subscription -> scopes of which one is needed. Events not listed need none."""


@dataclass(slots=True)
class App:
    """An installed app. Tokens die with it."""

    manifest: Json
    id: str
    bot_id: str
    bot_user: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    request_url: str
    socket_mode: bool
    reachable: bool = False
    """Whether the last delivery over HTTP was answered."""

    @classmethod
    def from_file(cls, data: Json) -> App:
        """Read an app file, minting the credentials it leaves out."""
        settings = _object(data, "settings")
        return cls(
            manifest=data,
            id=str(data.get("app_id") or "A0PREFLIGHT"),
            bot_id=str(data.get("bot_id") or "B0PREFLIGHT"),
            bot_user=str(data.get("bot_user_id") or "U0PREFLIGHT"),
            bot_token=str(data.get("bot_token") or f"xoxb-{secrets.token_hex(12)}"),
            app_token=str(data.get("app_token") or f"xapp-1-{secrets.token_hex(12)}"),
            signing_secret=str(data.get("signing_secret") or secrets.token_hex(16)),
            verification_token=str(data.get("verification_token") or secrets.token_hex(12)),
            request_url=str(data.get("request_url") or ""),
            socket_mode=bool(settings.get("socket_mode_enabled")),
        )

    @property
    def name(self) -> str:
        """The name shown."""
        return str(
            self._bot_feature.get("display_name")
            or _object(self.manifest, "display_information").get("name", "App")
        )

    @property
    def description(self) -> str:
        """The sentence under the name."""
        return str(_object(self.manifest, "display_information").get("description") or "")

    @property
    def _bot_feature(self) -> Json:
        return _object(_object(self.manifest, "features"), "bot_user")

    @property
    def scopes(self) -> list[str]:
        """The bot scopes granted."""
        return list(_object(_object(self.manifest, "oauth_config"), "scopes").get("bot") or [])

    @property
    def events(self) -> list[str]:
        """The event subscriptions."""
        return list(self._subscriptions.get("bot_events") or [])

    @property
    def _subscriptions(self) -> Json:
        return _object(_object(self.manifest, "settings"), "event_subscriptions")

    @property
    def events_url(self) -> str:
        """Where events are posted."""
        return str(self._subscriptions.get("request_url") or self.request_url)

    @property
    def _interactivity(self) -> Json:
        return _object(_object(self.manifest, "settings"), "interactivity")

    @property
    def interactive(self) -> bool:
        """Whether clicks are sent at all."""
        return bool(self._interactivity.get("is_enabled"))

    @property
    def interactivity_url(self) -> str:
        """Where clicks are posted."""
        return str(self._interactivity.get("request_url") or self.request_url)

    @property
    def options_url(self) -> str:
        """Where options of external selects are asked for."""
        return str(self._interactivity.get("message_menu_options_url") or self.interactivity_url)

    @property
    def commands(self) -> list[Json]:
        """The slash commands declared."""
        return list(_object(self.manifest, "features").get("slash_commands") or [])

    def command(self, name: str) -> Json | None:
        """The declaration of one slash command."""
        return next((c for c in self.commands if c.get("command") == name), None)

    @property
    def shortcuts(self) -> list[Json]:
        """The shortcuts declared, ``type`` being ``global`` or ``message``."""
        return list(_object(self.manifest, "features").get("shortcuts") or [])

    @property
    def home(self) -> Json:
        """The manifest's ``app_home``."""
        return _object(_object(self.manifest, "features"), "app_home")

    @property
    def home_tab(self) -> bool:
        """Whether the app has a Home tab."""
        return bool(self.home.get("home_tab_enabled"))

    @property
    def messages_tab(self) -> bool:
        """Whether people have a conversation with the app."""
        return bool(self.home.get("messages_tab_enabled", True))

    @property
    def agent(self) -> bool:
        """Whether the app uses the agent view."""
        return "agent_view" in _object(self.manifest, "features")

    def subscribed(self, event: str) -> bool:
        """Whether an event is both subscribed and covered by a scope."""
        needed = EVENT_SCOPES.get(event)
        return event in self.events and (needed is None or any(s in self.scopes for s in needed))

    def as_control(self, *, connected: bool) -> Json:
        """What the control interface says about the app: no secrets."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "bot_id": self.bot_id,
            "bot_user_id": self.bot_user,
            "home_tab": self.home_tab,
            "messages_tab": self.messages_tab,
            "messages_read_only": bool(self.home.get("messages_tab_read_only_enabled")),
            "agent": self.agent,
            "socket_mode": self.socket_mode,
            "connected": connected,
            "commands": [
                {key: c.get(key, "") for key in ("command", "description", "usage_hint")}
                for c in self.commands
            ],
            "shortcuts": [
                {key: s.get(key, "") for key in ("name", "type", "callback_id", "description")}
                for s in self.shortcuts
            ],
        }


def _object(parent: Json, key: str) -> dict[str, Any]:
    found = parent.get(key)
    return found if isinstance(found, dict) else {}
