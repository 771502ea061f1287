"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from typing import Any

from sandbox.mentions import link_names
from sandbox.methods.registry import (
    Call,
    SlackError,
    check_message_blocks,
    file_of,
    method,
    shown_files,
)
from sandbox.model import Channel, Json, Message
from sandbox.posting import bot_author, delete, post, post_ephemeral, slack_message, update
from sandbox.validate import MARKDOWN_TEXT

POST_TEXT = 40_000
"""Longer text of chat.postMessage is cut."""
UPDATE_TEXT = 4_000
"""Longer text of chat.update is refused."""
METADATA_BYTES = 8_000


def writable(call: Call, name: str = "channel") -> Channel:
    """The conversation to post to, or the reason why not. A user id means the conversation with them.

    Posting to somebody deactivated succeeds, as it does in Slack: only ``conversations.open`` refuses.
    """
    world, app = call.world, call.app
    reference = call.need(name)
    person = world.people.get(reference)
    if person is not None:
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        channel = world.direct([person.id, app.bot_user])
        assert channel is not None
    else:
        found = world.find_channel(reference)
        if found is None or (found.is_private and app.bot_user not in found.members):
            raise SlackError("channel_not_found")
        channel = found
    if channel.is_archived:
        raise SlackError("is_archived")
    if app.bot_user not in channel.members and "chat:write.public" not in app.scopes:
        raise SlackError("not_in_channel")
    if channel.kind == "im" and not app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def content(call: Call) -> tuple[str, list[Json] | None]:
    """Text and blocks of a message, checked; ``no_text`` when there is neither."""
    text = call.text("text")
    blocks = call.blocks()
    markdown = call.text("markdown_text")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_TEXT:
            raise SlackError("msg_too_long")
        return markdown, [{"type": "markdown", "text": markdown}]
    attachments = attachments_of(call)
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if call.flag("link_names") or call.text("parse") == "full":
        users = {p.name: p.id for p in call.world.people.values()}
        groups = {g.handle: g.id for g in call.world.groups.values()}
        text = link_names(text, users, groups)
    return text, blocks


def attachments_of(call: Call) -> list[Json] | None:
    """Secondary attachments, their blocks checked."""
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        if attachment.get("blocks") is not None:
            if not isinstance(attachment["blocks"], list):
                raise SlackError("invalid_blocks_format")
            check_message_blocks(attachment["blocks"], f"/attachments/{index}/blocks")
    return attachments


def metadata_of(call: Call) -> Json | None:
    """Message metadata, checked."""
    metadata = call.structure("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not metadata["event_type"]
        or not isinstance(metadata.get("event_payload"), dict)
        or set(metadata) - {"event_type", "event_payload", "entities"}
    ):
        raise SlackError("invalid_metadata_format")
    if len(str(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


def thread_of(call: Call, channel: Channel) -> str | None:
    """The thread to answer in, or ``thread_not_found``."""
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    if thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    return thread_ts


def own_message(call: Call, channel: Channel, error: str) -> Message:
    """A message that the app wrote."""
    message = channel.messages.get(call.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.body.get("bot_id") != call.app.bot_id:
        raise SlackError(error)
    return message


def seen_by_the_channel(call: Call, channel: Channel, blocks: list[Json] | None) -> None:
    """Whoever reads a message sees the pictures in it."""
    for _, shown in shown_files(blocks or []):
        stored = file_of(call.world, shown)
        if stored is not None and channel.id not in stored.channels:
            stored.channels.append(channel.id)


@method("chat.postMessage", "chat:write")
def post_message(call: Call) -> Json:
    """Post a message."""
    channel = writable(call)
    text, blocks = content(call)
    if len(text) > POST_TEXT:
        text = text[:POST_TEXT]
        call.warnings.append("message_truncated")
    seen_by_the_channel(call, channel, blocks)
    extras: dict[str, Any] = {
        "metadata": metadata_of(call),
        "attachments": attachments_of(call),
        "client_msg_id": call.text("client_msg_id") or None,
    }
    message = post(
        call.world,
        channel,
        bot_author(call.world),
        text,
        blocks=blocks,
        thread_ts=thread_of(call, channel),
        broadcast=call.flag("reply_broadcast"),
        **extras,
    )
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": slack_message(call.world, channel, message, metadata=True),
    }


@method("chat.postEphemeral", "chat:write", per_minute=100)
def post_ephemeral_message(call: Call) -> Json:
    """Show a message to one member only."""
    channel = writable(call)
    user = call.need("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel" if user in call.world.people else "user_not_found")
    text, blocks = content(call)
    message = post_ephemeral(
        call.world, channel, user, text, blocks=blocks, thread_ts=call.text("thread_ts") or None
    )
    return {"message_ts": message.ts}


@method("chat.update", "chat:write", per_minute=50)
def update_message(call: Call) -> Json:
    """Change one of the app's own messages."""
    channel = call.channel()
    message = own_message(call, channel, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_archived")
    if message.streaming_for is not None:
        raise SlackError("streaming_state_conflict")
    blocks = call.blocks()
    if len(call.text("text")) > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    if blocks == [] and not call.text("text").strip():
        raise SlackError("no_text")
    text, checked = content(call)
    seen_by_the_channel(call, channel, checked)
    update(
        call.world,
        channel,
        message,
        text=text,
        blocks=checked,
        metadata=metadata_of(call),
        attachments=attachments_of(call),
        edited_by=call.app.bot_user,
    )
    shown = slack_message(call.world, channel, message)
    return {"channel": channel.id, "ts": message.ts, "text": shown["text"], "message": shown}


@method("chat.delete", "chat:write", per_minute=50)
def delete_message(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = own_message(call, channel, "cant_delete_message")
    delete(call.world, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def get_permalink(call: Call) -> Json:
    """The address of a message on this server's page."""
    channel = call.channel()
    ts = call.need("message_ts")
    message = channel.messages.get(ts)
    if message is None:
        raise SlackError("message_not_found")
    thread = f"&thread={message.thread_ts}" if message.is_reply else ""
    link = f"{call.world.base_url}/?channel={channel.id}&message={ts}{thread}"
    return {"channel": channel.id, "permalink": link}
