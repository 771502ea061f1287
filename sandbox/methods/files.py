"""files.*: uploading in three steps, and looking at what was uploaded."""

from __future__ import annotations

import mimetypes
import time

from sandbox.events import emit
from sandbox.methods.chat import thread_of, writable
from sandbox.methods.registry import Call, SlackError, method
from sandbox.model import Channel, Json, Message, StoredFile
from sandbox.posting import bot_author, post
from sandbox.world import World


def new_file(world: World, user: str, name: str, title: str = "") -> StoredFile:
    """A file without content yet."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    stored = StoredFile(world.new_id("F"), name.replace("/", "_"), title, kind, user, int(time.time()))
    world.files[stored.id] = stored
    return stored


def share(
    world: World,
    channel: Channel,
    author: Json,
    files: list[StoredFile],
    text: str = "",
    thread_ts: str | None = None,
    blocks: list[Json] | None = None,
) -> Message:
    """Post files into a conversation."""
    for stored in files:
        if channel.id not in stored.channels:
            stored.channels.append(channel.id)
    message = post(world, channel, author, text, blocks=blocks, thread_ts=thread_ts, files=files)
    for stored in files:
        event = {
            "type": "file_shared",
            "file_id": stored.id,
            "user_id": stored.user,
            "file": {"id": stored.id},
        }
        emit(world, "file_shared", {**event, "channel_id": channel.id, "event_ts": world.new_ts()}, channel)
    return message


@method("files.getUploadURLExternal", "files:write", per_minute=100)
def get_upload_url(call: Call) -> Json:
    """Step one: an address to send the bytes to."""
    name = call.need("filename")
    call.need("length")
    if call.integer("length", 0) < 1:
        raise SlackError("invalid_arguments", ["[ERROR] must be greater than 1 [json-pointer:/length]"])
    stored = new_file(call.world, call.app.bot_user, name)
    return {"upload_url": f"{call.world.base_url}/upload/{stored.id}", "file_id": stored.id}


@method("files.completeUploadExternal", "files:write", per_minute=100)
def complete_upload(call: Call) -> Json:
    """Step three: the files are whole; share them if a channel is named."""
    entries = call.structure("files", "invalid_arguments")
    if not isinstance(entries, list) or not entries:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    files: list[StoredFile] = []
    for entry in entries:
        stored = call.world.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
        if stored is None or stored.user != call.app.bot_user or not stored.content:
            raise SlackError("file_not_found")
        stored.title = str(entry.get("title") or stored.title)
        stored.ready_at = time.time() + call.world.settings.file_seconds
        files.append(stored)
    if call.text("channel_id"):
        channel = writable(call, "channel_id")
        thread_ts = thread_of(call, channel)
        blocks = call.blocks()
        for stored in files:
            stored.complete = True
        share(
            call.world,
            channel,
            bot_author(call.world),
            files,
            call.text("initial_comment"),
            thread_ts,
            blocks,
        )
    for stored in files:
        stored.complete = True
    return {"files": [s.as_slack(call.world.base_url) for s in files]}


@method("files.info", "files:read", per_minute=100)
def files_info(call: Call) -> Json:
    """Describe a file."""
    stored = call.world.files.get(call.need("file"))
    if stored is None or not stored.complete:
        raise SlackError("file_not_found")
    return {
        "file": stored.as_slack(call.world.base_url),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }
