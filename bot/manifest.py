"""The app manifest: what Slack must know and allow, read off the registries and what the code calls."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot import registry
from bot.slack_app import COMMAND, EVENTS_PATH
from bot.slack_events import EVENTS
from bot.slack_gateway import METHODS

NAME = "Preflight"
_ABOUT = "Submit AI use cases, decide on them, and ask what the playbook says."
_LONG = (
    "Preflight helps you take an idea for using AI through your company's AI programme. Tell it in a "
    "sentence what you have in mind: it asks a few short questions, shows what the programme says about risk "
    "and value, and brings your use case to the people who decide. Approvers decide in one click, and "
    "everyone can ask where a use case is at any time. Questions about the rules are answered from the "
    "company's playbook, with the place where it says so. Preflight is a bot: it decides nothing itself, and "
    "it keeps a complete record of who decided what, when, and under which version of the programme."
)


def scopes() -> list[str]:
    """The bot scopes that our calls, events and commands need, and no others."""
    needed = {scope for table in (METHODS, EVENTS) for scopes in table.values() for scope in scopes}
    return sorted(needed | {"commands"})


def _at(url: str) -> str:
    """Where Slack sends to: the address itself if it names a path already."""
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + EVENTS_PATH


def manifest(url: str = "") -> dict[str, Any]:
    """The manifest for HTTP at this public address (``https://host``), or for Socket Mode without one."""
    registry.load()
    address = _at(url) if url else ""
    pointing = {"url": address} if address else {}
    requesting = {"request_url": address} if address else {}
    words = [c.word for c in registry.COMMANDS.values()]
    hint = " | ".join(words)
    return {
        "display_information": {
            "name": NAME,
            "description": _ABOUT,
            "long_description": _LONG,
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {"agent_description": _ABOUT},
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": _ABOUT[:100],
                    "usage_hint": f"[{hint}]"[:1000],
                    "should_escape": True,
                    **pointing,
                }
            ],
            "shortcuts": [
                {
                    "name": shortcut.name,
                    "type": shortcut.type,
                    "callback_id": shortcut.callback,
                    "description": shortcut.description,
                }
                for shortcut in registry.SHORTCUTS.values()
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes()}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS), **requesting},
            "interactivity": {"is_enabled": True, **requesting},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
