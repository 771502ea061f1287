"""What a person sees: conversations, messages, buttons; nothing that is not theirs."""

from __future__ import annotations

import time
from itertools import takewhile
from typing import Any

from sandbox.inputs import initial_values
from sandbox.methods.streams import end_if_expired
from sandbox.model import Channel, Json, Message
from sandbox.posting import slack_message
from sandbox.world import World


def sees_message(channel: Channel, message: Message, user: str) -> bool:
    """Whether a message is on this person's screen."""
    if not channel.seen_by(user):
        return False
    if message.visible_to is not None:
        return message.visible_to == user
    end_if_expired(message)
    return message.streaming_for in (None, "*", user)


def visible_blocks(blocks: list[Json], user: str) -> list[Json]:
    """Blocks without the buttons that are meant for others."""
    shown: list[Json] = []
    for block in blocks:
        kept = block
        if isinstance(block.get("elements"), list):
            elements = [e for e in block["elements"] if _meant_for(e, user)]
            if not elements and block["elements"] and block.get("type") in ("actions", "context_actions"):
                continue
            kept = block if len(elements) == len(block["elements"]) else block | {"elements": elements}
        if "accessory" in block and not _meant_for(block["accessory"], user):
            kept = {name: value for name, value in kept.items() if name != "accessory"}
        shown.append(kept)
    return shown


def _meant_for(element: Any, user: str) -> bool:
    owners = element.get("visible_to_user_ids") if isinstance(element, dict) else None
    return not owners or user in owners


def channel_for(world: World, channel: Channel, user: str) -> Json:
    """A conversation as this person's sidebar has it."""
    others = [m for m in channel.members if m != user]
    names = [world.people[m].display_name for m in others] or [world.people[user].display_name]
    name = ", ".join(names) if channel.is_direct else channel.name
    read = channel.last_read.get(user, "0")
    later = takewhile(lambda m: m.ts > read, reversed(channel.messages.values()))
    new = [
        m for m in later if not m.is_reply and m.body.get("user") != user and sees_message(channel, m, user)
    ]
    member = user in channel.members
    mentions = sum(f"<@{user}>" in str(m.body.get("text", "")) for m in new)
    app = world.app
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": name,
        "with": others if channel.is_direct else [],
        "is_app": bool(app and channel.kind == "im" and app.bot_user in channel.members),
        "is_member": member,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "topic": channel.topic,
        "members": len(channel.members),
        "member_ids": list(channel.members),
        "unread": len(new) if member else 0,
        "mentions": (len(new) if channel.is_direct else mentions) if member else 0,
        "latest_ts": next(reversed(channel.messages), "0"),
        "last_read": read,
    }


def channels_for(world: World, user: str) -> list[Json]:
    """The sidebar: the app first, then channels by name, then conversations."""
    if world.app is not None and not world.people[user].is_bot:
        world.direct([user, world.app.bot_user])
    seen = [channel_for(world, c, user) for c in world.channels.values() if c.seen_by(user)]
    rank = {"channel": 1, "group": 1, "im": 2, "mpim": 3}
    return sorted(seen, key=lambda c: (not c["is_app"], rank[c["kind"]], c["name"].lower()))


def message_for(world: World, channel: Channel, message: Message, user: str) -> Json:
    """A message as this person sees it."""
    shown = slack_message(world, channel, message, metadata=True)
    blocks = visible_blocks(shown.get("blocks") or [], user)
    shown |= {
        "blocks": blocks,
        "ephemeral": message.visible_to is not None,
        "streaming": message.streaming_for is not None,
    }
    state = initial_values(blocks)
    for block_id, actions in world.choices.get((user, channel.id, message.ts), {}).items():
        if block_id in state:
            state[block_id] |= actions
    if state:
        shown["state"] = state
    return shown


def timeline(channel: Channel, user: str, thread_ts: str | None) -> list[Message]:
    """The messages of a channel or a thread that this person sees, oldest first."""
    if thread_ts is None:
        found = [
            m
            for m in channel.messages.values()
            if not m.is_reply or m.body.get("subtype") == "thread_broadcast"
        ]
        found += [m for m in channel.ephemerals.values() if not m.is_reply]
    else:
        found = [
            channel.messages[ts]
            for ts in (thread_ts, *channel.threads.get(thread_ts, []))
            if ts in channel.messages
        ]
        found += [m for m in channel.ephemerals.values() if m.thread_ts == thread_ts]
    return sorted((m for m in found if sees_message(channel, m, user)), key=lambda m: m.ts)


def status_in(channel: Channel, thread_ts: str | None) -> Json | None:
    """The status line under a thread, or the newest one of the channel."""
    now = time.monotonic()
    running = {thread: s for thread, s in channel.status.items() if s["until"] > now}
    thread = thread_ts if thread_ts is not None else next(reversed(running), None)
    found = running.get(thread) if thread else None
    if found is None:
        return None
    return {"text": found["text"], "loading_messages": found["loading_messages"], "thread_ts": thread}


def words_of(node: Any) -> str:
    """All text of a message or view, for looking something up in it."""
    if isinstance(node, dict):
        own = [
            str(v)
            for k, v in node.items()
            if k in ("text", "title", "alt_text", "value") and isinstance(v, str)
        ]
        return "\n".join([*own, *(words_of(v) for v in node.values() if isinstance(v, (dict, list)))])
    if isinstance(node, list):
        return "\n".join(words_of(entry) for entry in node)
    return ""
