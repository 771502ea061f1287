"""Messages coming, changing and going: storing them, pinging people, telling the app."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from sandbox.events import emit, emit_message
from sandbox.mentions import live_mentions
from sandbox.model import Channel, Json, Message, StoredFile
from sandbox.validate import elements_of
from sandbox.world import World

_SHORT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def short_id() -> str:
    """What Slack makes up for a block or element without an id."""
    return "".join(secrets.choice(_SHORT) for _ in range(5))


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of blocks in which every block and every interactive element has its id."""
    copied: list[Json] = copy.deepcopy(blocks)
    for block in copied:
        block.setdefault("block_id", short_id())
        for _, element in elements_of(block):
            if element.get("type") not in ("image", "plain_text", "mrkdwn", "card") and not str(
                element.get("type", "")
            ).startswith("rich_text_"):
                element.setdefault("action_id", short_id())
            if element.get("type") == "rich_text_input":
                element.setdefault("action_id", short_id())
    return copied


def bot_profile(world: World) -> Json:
    """The ``bot_profile`` of the app's messages."""
    app = world.app
    assert app is not None
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": world.team["id"],
    }


def bot_author(world: World) -> Json:
    """The fields that say that the app wrote a message."""
    app = world.app
    assert app is not None
    return {
        "user": app.bot_user,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": world.team["id"],
        "bot_profile": bot_profile(world),
    }


def slack_message(world: World, channel: Channel, message: Message, *, metadata: bool = False) -> Json:
    """Slack's message object with thread counts; metadata only if asked for."""
    body = dict(message.body)
    if not metadata:
        body.pop("metadata", None)
    replies = channel.threads.get(message.ts)
    if replies:
        authors = dict.fromkeys(str(channel.messages[ts].body.get("user", "")) for ts in replies)
        body |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "reply_users": list(authors)[:5],
            "latest_reply": replies[-1],
            "is_locked": False,
            "subscribed": False,
        }
    elif body.get("thread_ts") == message.ts:
        body.pop("thread_ts")
    if message.is_reply:
        parent = channel.messages.get(str(message.thread_ts))
        if parent:
            body["parent_user_id"] = parent.body.get("user")
    return body


def post(
    world: World,
    channel: Channel,
    author: Json,
    text: str,
    *,
    blocks: list[Json] | None = None,
    thread_ts: str | None = None,
    broadcast: bool = False,
    files: list[StoredFile] | None = None,
    **more: Any,
) -> Message:
    """Post a message: ``author`` is the fields that say who wrote it, ``more`` any others."""
    body: Json = {"type": "message", **author, "text": text, "ts": world.new_ts()}
    if blocks:
        body["blocks"] = with_ids(blocks)
    parent = channel.messages.get(thread_ts) if thread_ts else None
    if parent is not None:
        root = str(parent.thread_ts or parent.ts)
        body["thread_ts"] = root
        if broadcast:
            body["subtype"] = "thread_broadcast"
        channel.threads.setdefault(root, []).append(str(body["ts"]))
    if files:
        base = world.base_url
        body["files"] = [f.as_slack(base) for f in files]
        body["upload"] = False
        if "bot_id" not in author:
            body["subtype"] = "file_share"
    body |= {name: value for name, value in more.items() if value is not None}
    message = Message(body, changed=str(body["ts"]))
    channel.messages[message.ts] = message
    user = str(author.get("user", ""))
    if user:
        channel.last_read[user] = message.ts
    _notify(world, channel, message, user)
    if "bot_id" in author and message.is_reply:
        clear_status(world, channel, str(message.thread_ts))
    elif "bot_id" in author and channel.kind == "im":
        clear_status(world, channel, None)
    world.changed(
        "message", world.onlookers(channel), channel=channel.id, ts=message.ts, thread_ts=message.thread_ts
    )
    event = slack_message(world, channel, message)
    emit_message(world, channel, event)
    app = world.app
    if app and not channel.is_direct and "bot_id" not in author and f"<@{app.bot_user}" in text:
        mention: Json = {
            name: event[name]
            for name in ("user", "text", "ts", "team", "blocks", "thread_ts", "files", "client_msg_id")
            if name in event
        }
        emit(
            world,
            "app_mention",
            {"type": "app_mention", **mention, "channel": channel.id, "event_ts": message.ts},
            channel,
        )
    return message


def _notify(world: World, channel: Channel, message: Message, by: str) -> None:
    body = message.body
    for mention in live_mentions(str(body.get("text", "")), body.get("blocks")):
        _record_mention(
            world, channel, message, by, mention.kind, mention.target, mention.id, mention.where, "post"
        )
    others = [m for m in channel.members if m != by]
    entry: Json = {"channel": channel.id, "ts": message.ts, "by": by, "target": "", "where": "", "on": "post"}
    if channel.is_direct and others:
        world.notifications.add(kind="dm", people=others, **entry)
    if message.is_reply:
        root = str(message.thread_ts)
        earlier = [root, *channel.threads.get(root, [])]
        followers = dict.fromkeys(
            str(channel.messages[ts].body.get("user")) for ts in earlier if ts in channel.messages
        )
        people = [u for u in followers if u != by and u in world.people and not world.people[u].is_bot]
        if people:
            world.notifications.add(kind="thread", people=people, **entry)


def _record_mention(
    world: World,
    channel: Channel,
    message: Message,
    by: str,
    kind: str,
    target: str,
    target_id: str,
    where: str,
    on: str,
) -> None:
    if kind == "mention":
        people = [target_id]
    elif kind == "usergroup":
        group = world.groups.get(target_id)
        people = list(group.users) if group else []
    else:
        people = [m for m in channel.members if m != by]
    world.notifications.add(
        kind=kind, channel=channel.id, ts=message.ts, by=by, target=target, people=people, where=where, on=on
    )


def update(
    world: World,
    channel: Channel,
    message: Message,
    *,
    text: str | None = None,
    blocks: list[Json] | None = None,
    edited_by: str | None = None,
    **more: Any,
) -> None:
    """Change a message. None keeps what is there; an empty list removes the blocks."""
    before = slack_message(world, channel, message)
    body = message.body
    old = {(m.kind, m.id) for m in live_mentions(str(body.get("text", "")), body.get("blocks"))}
    if text is not None:
        body["text"] = text
    if blocks is not None:
        body["blocks"] = with_ids(blocks)
        if not blocks:
            body.pop("blocks")
    body |= {name: value for name, value in more.items() if value is not None}
    message.changed = world.new_ts()
    if edited_by:
        body["edited"] = {"user": edited_by, "ts": message.changed}
    by = str(body.get("user", ""))
    for mention in live_mentions(str(body.get("text", "")), body.get("blocks")):
        if (mention.kind, mention.id) not in old and message.visible_to is None:
            _record_mention(
                world, channel, message, by, mention.kind, mention.target, mention.id, mention.where, "update"
            )
    if message.visible_to is not None:
        _tell_ephemeral(world, channel, message)
        return
    world.changed(
        "changed", world.onlookers(channel), channel=channel.id, ts=message.ts, thread_ts=message.thread_ts
    )
    emit_message(
        world,
        channel,
        {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": message.changed,
            "message": slack_message(world, channel, message),
            "previous_message": before,
        },
    )


def delete(world: World, channel: Channel, message: Message) -> None:
    """Take a message away; a parent with replies leaves a tombstone, as in Slack."""
    if message.visible_to is not None:
        channel.ephemerals.pop(message.ts, None)
        _tell_ephemeral(world, channel, message)
        return
    before = slack_message(world, channel, message)
    if channel.threads.get(message.ts):
        message.body = {
            "type": "message",
            "subtype": "tombstone",
            "hidden": True,
            "user": "USLACKBOT",
            "text": "This message was deleted.",
            "ts": message.ts,
        }
    else:
        del channel.messages[message.ts]
        if message.is_reply:
            channel.threads[str(message.thread_ts)].remove(message.ts)
    world.changed(
        "deleted", world.onlookers(channel), channel=channel.id, ts=message.ts, thread_ts=message.thread_ts
    )
    emit_message(
        world,
        channel,
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": world.new_ts(),
            "deleted_ts": message.ts,
            "previous_message": before,
        },
    )


def post_ephemeral(
    world: World,
    channel: Channel,
    person: str,
    text: str,
    *,
    blocks: list[Json] | None = None,
    thread_ts: str | None = None,
) -> Message:
    """Show a message of the app to one person only."""
    body: Json = {"type": "message", **bot_author(world), "text": text, "ts": world.new_ts()}
    if blocks:
        body["blocks"] = with_ids(blocks)
    if thread_ts:
        body["thread_ts"] = thread_ts
    message = Message(body, visible_to=person, changed=str(body["ts"]))
    channel.ephemerals[message.ts] = message
    _tell_ephemeral(world, channel, message)
    return message


def _tell_ephemeral(world: World, channel: Channel, message: Message) -> None:
    world.changed(
        "ephemeral",
        [str(message.visible_to)],
        channel=channel.id,
        ts=message.ts,
        thread_ts=message.thread_ts,
    )


def clear_status(world: World, channel: Channel, thread_ts: str | None) -> None:
    """Take the status line away: of one thread, or of the whole conversation."""
    threads = list(channel.status) if thread_ts is None else [thread_ts]
    for thread in threads:
        if channel.status.pop(thread, None):
            world.changed(
                "status", world.onlookers(channel), channel=channel.id, thread_ts=thread, status=None
            )
