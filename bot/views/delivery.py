"""What the program team reads when a message could not be delivered: to whom, why, and what to do."""

from __future__ import annotations

from typing import Any

from bot.registry import Message, Scene, renders
from bot.views.kit import bare, escape, section
from bot.views.say import Said, say
from workflows.ids import UserId

_WHY = {
    "channel_not_found": "the channel is gone, or the bot may not see it",
    "is_archived": "the channel is archived",
    "not_in_channel": "the bot is not a member of the channel. Invite it there",
    "user_not_found": "the person is not in the workspace",
    "user_disabled": "the person's account is deactivated",
    "users_not_found": "the person is not in the workspace",
    "cannot_dm_bot": "it is a bot's account",
    "restricted_action": "a workspace setting does not allow the bot to post there",
    "account_inactive": "the person's account is deactivated",
}


@renders("undeliverable")
def undeliverable(scene: Scene, data: dict[str, Any]) -> Message:
    """One sentence: it did not reach them, and why. Told once for each cause."""
    text = say(scene, "undeliverable", whom=_whom(scene, data), why=_why(str(data["reason"])))
    return Message(text=bare(text), blocks=[section(text)])


def _whom(scene: Scene, data: dict[str, Any]) -> Said:
    if "person" in data:
        return Said(escape(scene.directory.person(UserId(str(data["person"]))).name))
    if "room" in data:
        return Said(f"#{escape(str(data['room']))}")
    if "channel" in data:
        return Said(f"<#{escape(str(data['channel']))}>")
    return Said(f"its end ({escape(str(data.get('kind', '')))})")


def _why(reason: str) -> str:
    if reason.startswith("missing_scope"):
        return (
            f"the app lacks a permission ({reason}). Update it from `preflight manifest` and install it again"
        )
    return _WHY.get(reason, reason)
