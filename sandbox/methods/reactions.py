"""reactions.*: emoji under messages."""

from __future__ import annotations

import re

from sandbox.events import emit
from sandbox.methods.registry import Call, SlackError, method
from sandbox.model import Channel, Json, Message
from sandbox.posting import slack_message
from sandbox.world import World

_NAME = re.compile(r"[\w+'-]+(::skin-tone-[2-6])?")
_MOST_KINDS = 23


def _target(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.messages.get(call.need("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def _name(call: Call) -> str:
    name = call.need("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def react(
    world: World, channel: Channel, message: Message, user: str, name: str, *, remove: bool = False
) -> None:
    """Add or remove a reaction; raises SlackError as the methods do."""
    reactions: list[Json] = message.body.setdefault("reactions", [])
    entry = next((r for r in reactions if r["name"] == name), None)
    if remove:
        if entry is None or user not in entry["users"]:
            raise SlackError("no_reaction")
        entry["users"].remove(user)
        if not entry["users"]:
            reactions.remove(entry)
    else:
        if entry is None:
            if len(reactions) >= _MOST_KINDS:
                raise SlackError("too_many_emoji")
            entry = {"name": name, "users": [], "count": 0}
            reactions.append(entry)
        if user in entry["users"]:
            raise SlackError("already_reacted")
        entry["users"].append(user)
    entry["count"] = len(entry["users"])
    if not reactions:
        message.body.pop("reactions")
    kind = "reaction_removed" if remove else "reaction_added"
    world.changed(
        "reaction", world.onlookers(channel), channel=channel.id, ts=message.ts, thread_ts=message.thread_ts
    )
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    event: Json = {"type": kind, "user": user, "reaction": name, "item": item, "event_ts": world.new_ts()}
    emit(world, kind, event | {"item_user": message.body.get("user")}, channel)


@method("reactions.add", "reactions:write", per_minute=50)
def reactions_add(call: Call) -> Json:
    """Add the app's reaction."""
    channel, message = _target(call)
    react(call.world, channel, message, call.app.bot_user, _name(call))
    return {}


@method("reactions.remove", "reactions:write", per_minute=20)
def reactions_remove(call: Call) -> Json:
    """Take the app's reaction back."""
    channel, message = _target(call)
    react(call.world, channel, message, call.app.bot_user, _name(call), remove=True)
    return {}


@method("reactions.get", "reactions:read", per_minute=50)
def reactions_get(call: Call) -> Json:
    """A message with its reactions."""
    channel, message = _target(call)
    shown = slack_message(call.world, channel, message)
    return {"type": "message", "channel": channel.id, "message": shown}
