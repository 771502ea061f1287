"""What the app may answer to an interaction: response_url posts, command replies, response actions."""

from __future__ import annotations

import time
from typing import Any

from sandbox.methods.registry import SlackError, check_message_blocks
from sandbox.modals import close_views, push_view, replace_view
from sandbox.model import Channel, Json, View
from sandbox.posting import bot_author, delete, post, post_ephemeral, update
from sandbox.validate import too_large, view_problems
from sandbox.world import World

RESPONSE_URL_USES = 5


def respond_at(world: World, key: str, body: Any) -> tuple[int, Json]:
    """Take a post to a response_url: HTTP status and answer."""
    place = world.response_urls.get(key)
    if place is None:
        return 404, {"ok": False, "error": "invalid_url"}
    if time.monotonic() - place.made > world.settings.response_url_seconds:
        return 404, {"ok": False, "error": "expired_url"}
    if place.uses >= RESPONSE_URL_USES:
        return 404, {"ok": False, "error": "used_url"}
    if not isinstance(body, dict):
        return 400, {"ok": False, "error": "invalid_payload"}
    channel = world.channels.get(place.channel)
    if channel is None or world.app is None:
        return 404, {"ok": False, "error": "channel_not_found"}
    try:
        respond(world, channel, place.user, body, message_ts=place.message_ts, thread_ts=place.thread_ts)
    except SlackError as problem:
        return 400, {"ok": False, "error": problem.error, "response_metadata": {"messages": problem.messages}}
    place.uses += 1
    return 200, {"ok": True}


def respond(
    world: World,
    channel: Channel,
    user: str,
    body: Json,
    *,
    message_ts: str | None = None,
    thread_ts: str | None = None,
) -> None:
    """Do what a response says: a new message, a changed one, or one fewer. Raises SlackError."""
    original = channel.find(message_ts) if message_ts else None
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found")
        delete(world, channel, original)
        return
    text, blocks = str(body.get("text") or ""), body.get("blocks")
    if blocks is not None:
        if not isinstance(blocks, list):
            raise SlackError("invalid_blocks_format")
        check_message_blocks(blocks)
    if not text and not blocks:
        raise SlackError("no_text")
    if body.get("replace_original") and original is not None:
        update(world, channel, original, text=text, blocks=blocks or [], metadata=body.get("metadata"))
        return
    wanted_thread = str(body.get("thread_ts") or thread_ts or "") or None
    if body.get("response_type") == "in_channel":
        author = bot_author(world)
        post(
            world,
            channel,
            author,
            text,
            blocks=blocks,
            thread_ts=wanted_thread,
            metadata=body.get("metadata"),
        )
    else:
        post_ephemeral(world, channel, user, text, blocks=blocks, thread_ts=wanted_thread)


def command_reply(world: World, channel: Channel, user: str, body: Any, thread_ts: str | None) -> None:
    """Show what the app answered to a slash command at once. Raises SlackError."""
    if isinstance(body, str):
        if not body.strip():
            return
        body = {"text": body}
    if isinstance(body, dict) and (body.get("text") or body.get("blocks")):
        respond(world, channel, user, body, thread_ts=thread_ts)


def form_reply(world: World, view: View, body: Any) -> tuple[str | None, dict[str, str]]:
    """Do what the app answered to a form: the response action and the errors shown.

    Raises SlackError("bad_response") for an answer that Slack would not understand.
    """
    if isinstance(body, str) and not body.strip():
        body = {}
    if not isinstance(body, dict):
        raise SlackError("bad_response", [f"not a JSON object: {body!r:.200}"])
    action = body.get("response_action")
    if action is None:
        close_views(world, view.owner, [view])
    elif action == "clear":
        close_views(world, view.owner, list(world.modals.get(view.owner, [])))
    elif action == "errors":
        errors = body.get("errors")
        known = {b["block_id"] for b in view.body["blocks"] if b.get("type") == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= known:
            raise SlackError("bad_response", ["errors must name input blocks of the view"])
        view.errors = {str(block): str(said) for block, said in errors.items()}
        world.changed("view", [view.owner], view_id=view.id)
    elif action in ("update", "push"):
        _show_next(world, view, str(action), body.get("view"))
    else:
        raise SlackError("bad_response", [f"unknown response_action {action!r}"])
    return action, view.errors if action == "errors" else {}


def _show_next(world: World, view: View, action: str, body: Any) -> None:
    problems = view_problems(body, "modal")
    if problems or too_large(body):
        raise SlackError("bad_response", problems or ["view_too_large"])
    if action == "update":
        replace_view(world, view, body)
        return
    if len(world.modals.get(view.owner, [])) >= 3:
        raise SlackError("bad_response", ["push_limit_reached"])
    push_view(world, view.owner, body)
