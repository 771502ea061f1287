"""chat.*Stream: a message that grows while it is written."""

from __future__ import annotations

import time
from typing import Any

from sandbox.methods.chat import metadata_of, own_message, writable
from sandbox.methods.registry import Call, SlackError, method
from sandbox.model import Channel, Json, Message
from sandbox.posting import bot_author, post, slack_message, update
from sandbox.validate import MARKDOWN_TEXT
from sandbox.world import World

_TASK_FIELDS = ("title", "status", "details", "output", "sources")


def _chunks(call: Call) -> tuple[str, list[Json]]:
    text = call.text("markdown_text")
    chunks = call.structure("chunks", "invalid_chunks") or []
    if not isinstance(chunks, list):
        raise SlackError("invalid_chunks")
    others: list[Json] = []
    for index, chunk in enumerate(chunks):
        kind = chunk.get("type") if isinstance(chunk, dict) else None
        if kind == "markdown_text" and isinstance(chunk.get("text"), str):
            text += chunk["text"]
        elif (kind == "task_update" and chunk.get("id") and chunk.get("title")) or kind in (
            "plan_update",
            "blocks",
        ):
            others.append(chunk)
        else:
            raise SlackError(
                "invalid_arguments",
                [f"[ERROR] failed to match exactly one allowed schema [json-pointer:/chunks/{index}]"],
            )
    if len(text) > MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    return text, others


def _grow(
    world: World, channel: Channel, message: Message, text: str, others: list[Json], blocks: list[Json]
) -> None:
    whole = str(message.body["text"]) + text
    for chunk in others:
        if chunk["type"] == "task_update":
            kept = message.stream_tasks.setdefault(
                str(chunk["id"]), {"type": "task_card", "task_id": chunk["id"]}
            )
            kept |= {name: _as_rich(name, chunk[name]) for name in _TASK_FIELDS if name in chunk}
    shown: list[Json] = list(message.stream_tasks.values())
    shown += [
        {"type": "markdown", "text": whole[at : at + MARKDOWN_TEXT]}
        for at in range(0, len(whole), MARKDOWN_TEXT)
    ]
    update(world, channel, message, text=whole, blocks=shown + blocks)


def _as_rich(name: str, value: Any) -> Any:
    if name in ("details", "output") and isinstance(value, str):
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        return {"type": "rich_text", "elements": [section]}
    return value


def end_if_expired(message: Message) -> bool:
    """Close a stream whose time is up; whether it is still open."""
    if message.streaming_for is not None and time.monotonic() > message.stream_ends:
        message.streaming_for = None
    return message.streaming_for is not None


@method("chat.startStream", "chat:write", per_minute=20)
def start_stream(call: Call) -> Json:
    """Begin a message. In a channel it needs a recipient, who alone sees it grow."""
    channel = writable(call)
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: thread_ts"])
    if thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    recipient = call.text("recipient_user_id")
    if not channel.is_direct:
        if not recipient:
            raise SlackError("missing_recipient_user_id")
        if not call.text("recipient_team_id"):
            raise SlackError("missing_recipient_team_id")
    text, others = _chunks(call)
    message = post(call.world, channel, bot_author(call.world), "", thread_ts=thread_ts)
    message.streaming_for = "*" if channel.is_direct else recipient
    message.stream_ends = time.monotonic() + call.world.settings.stream_seconds
    if text or others:
        _grow(call.world, channel, message, text, others, [])
    return {"channel": channel.id, "ts": message.ts}


def _running(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    message = own_message(call, channel, "message_not_owned_by_app")
    if not end_if_expired(message):
        raise SlackError("message_not_in_streaming_state")
    return channel, message


@method("chat.appendStream", "chat:write", per_minute=100)
def append_stream(call: Call) -> Json:
    """Add text or tasks to a running stream."""
    channel, message = _running(call)
    text, others = _chunks(call)
    if not text and not others:
        raise SlackError("no_text")
    _grow(call.world, channel, message, text, others, [])
    return {"channel": channel.id, "ts": message.ts}


@method("chat.stopStream", "chat:write", per_minute=20)
def stop_stream(call: Call) -> Json:
    """Finish a stream, with blocks under its text if wanted."""
    channel, message = _running(call)
    text, others = _chunks(call)
    blocks = call.blocks() or []
    message.streaming_for = None
    _grow(call.world, channel, message, text, others, blocks)
    metadata = metadata_of(call)
    if metadata is not None:
        message.body["metadata"] = metadata
    shown = slack_message(call.world, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": shown}
