"""assistant.threads.*: status line, suggested prompts, thread titles."""

from __future__ import annotations

import time

from sandbox.methods.registry import Call, SlackError, method
from sandbox.model import Json
from sandbox.posting import clear_status

_MOST_PROMPTS = 4
_MOST_LOADING = 10


@method("assistant.threads.setStatus", "assistant:write", "chat:write", per_minute=600)
def set_status(call: Call) -> Json:
    """Show what the app is doing; empty text takes it away."""
    channel = call.channel("channel_id")
    thread_ts = call.need("thread_ts")
    if thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    status = call.text("status")
    loading = call.structure("loading_messages", "invalid_arguments") or []
    if not isinstance(loading, list) or len(loading) > _MOST_LOADING:
        raise SlackError(
            "invalid_arguments",
            [f"[ERROR] no more than {_MOST_LOADING} items allowed [json-pointer:/loading_messages]"],
        )
    for index, message in enumerate(loading):
        if not isinstance(message, str) or not 0 < len(message) < 51:
            raise SlackError(
                "invalid_arguments",
                [f"[ERROR] must be less than 51 characters [json-pointer:/loading_messages/{index}]"],
            )
    if not status:
        clear_status(call.world, channel, thread_ts)
        return {}
    shown = {"text": status, "loading_messages": loading}
    channel.status[thread_ts] = {**shown, "until": time.monotonic() + call.world.settings.status_seconds}
    call.world.changed(
        "status", call.world.onlookers(channel), channel=channel.id, thread_ts=thread_ts, status=shown
    )
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write", per_minute=100)
def set_suggested_prompts(call: Call) -> Json:
    """Offer up to four prompts. In an agent app they show only without ``thread_ts``."""
    channel = call.channel("channel_id")
    prompts = call.structure("prompts", "invalid_arguments")
    if not isinstance(prompts, list) or not prompts:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: prompts"])
    if len(prompts) > _MOST_PROMPTS:
        raise SlackError(
            "invalid_arguments",
            [f"[ERROR] no more than {_MOST_PROMPTS} items allowed [json-pointer:/prompts]"],
        )
    for index, prompt in enumerate(prompts):
        for name in ("title", "message"):
            if not isinstance(prompt, dict) or not isinstance(prompt.get(name), str) or not prompt[name]:
                raise SlackError(
                    "invalid_arguments",
                    [f"[ERROR] missing required field: {name} [json-pointer:/prompts/{index}]"],
                )
    if call.text("thread_ts") and call.app.agent:
        return {}
    channel.prompts = {"title": call.text("title") or None, "prompts": prompts}
    call.world.changed(
        "prompts", call.world.onlookers(channel), channel=channel.id, thread_ts=None, prompts=channel.prompts
    )
    return {}


@method("assistant.threads.setTitle", "assistant:write", per_minute=100)
def set_title(call: Call) -> Json:
    """Name a thread."""
    channel = call.channel("channel_id")
    thread_ts, title = call.need("thread_ts"), call.need("title")
    if thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    channel.titles[thread_ts] = title
    call.world.changed(
        "title", call.world.onlookers(channel), channel=channel.id, thread_ts=thread_ts, title=title
    )
    return {}
