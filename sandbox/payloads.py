"""The payloads of interactions: clicks, forms, commands, shortcuts, in Slack's shapes."""

from __future__ import annotations

import secrets
import time

from sandbox.app import App
from sandbox.modals import new_trigger
from sandbox.model import Channel, Json, Message, Person, View
from sandbox.posting import slack_message
from sandbox.world import ResponseUrl, World

_RESPONSE_URLS_KEPT = 20_000


def new_response_url(
    world: World, user: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None
) -> str:
    """An address at which the app may answer an interaction."""
    key = f"{world.team['id']}/{int(time.time() * 1000)}/{secrets.token_urlsafe(18)}"
    world.response_urls[key] = ResponseUrl(user, channel, time.monotonic(), message_ts, thread_ts)
    if len(world.response_urls) > _RESPONSE_URLS_KEPT:
        for old in list(world.response_urls)[: _RESPONSE_URLS_KEPT // 2]:
            del world.response_urls[old]
    return f"{world.base_url}/response/{key}"


def envelope(world: World, app: App, person: Person, kind: str) -> Json:
    """What every interaction carries."""
    team = world.team
    return {
        "type": kind,
        "team": {"id": team["id"], "domain": team["domain"]},
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": team["id"]},
        "api_app_id": app.id,
        "token": app.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_of(channel: Channel) -> Json:
    """The short channel object of interactions."""
    name = {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
    return {"id": channel.id, "name": name}


def message_container(channel: Channel, message: Message) -> Json:
    """Where in a message something was clicked."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.visible_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return container


def clicked_message(world: World, channel: Channel, message: Message) -> Json:
    """The message as an interaction shows it: the blocks of an ephemeral one are not told."""
    shown = slack_message(world, channel, message, metadata=True)
    if message.visible_to is not None:
        shown.pop("blocks", None)
    return shown


def action_of(world: World, block: Json, element: Json, state: Json) -> Json:
    """One entry of ``actions``: what the element says about itself, and what was chosen."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
    }
    for name in ("text", "value", "style", "placeholder", "confirm", "icon"):
        if name in element:
            action[name] = element[name]
    for name, value in element.items():
        if name.startswith("initial_"):
            action[name] = value
    return action | state | {"action_ts": world.new_ts()}


def block_actions(
    world: World,
    app: App,
    person: Person,
    actions: list[Json],
    where: tuple[Channel, Message] | View,
    values: Json,
) -> Json:
    """A click in a message or a view."""
    payload = envelope(world, app, person, "block_actions")
    if isinstance(where, View):
        view_id = where.id if where.body["type"] == "modal" else None
        return payload | {
            "container": {"type": "view", "view_id": where.id},
            "trigger_id": new_trigger(world, person.id, view_id),
            "view": where.as_slack(),
            "actions": actions,
        }
    channel, message = where
    return payload | {
        "container": message_container(channel, message),
        "trigger_id": new_trigger(world, person.id),
        "channel": channel_of(channel),
        "message": clicked_message(world, channel, message),
        "state": {"values": values},
        "response_url": new_response_url(world, person.id, channel.id, message.ts, message.thread_ts),
        "actions": actions,
    }


def block_suggestion(
    world: World,
    app: App,
    person: Person,
    block: Json,
    element: Json,
    typed: str,
    where: tuple[Channel, Message] | View,
) -> Json:
    """Options wanted for an external menu."""
    payload = envelope(world, app, person, "block_suggestion")
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    if isinstance(where, View):
        return payload | {"container": {"type": "view", "view_id": where.id}, "view": where.as_slack()}
    channel, message = where
    return payload | {
        "container": message_container(channel, message),
        "channel": channel_of(channel),
        "message": clicked_message(world, channel, message),
    }


def view_submission(world: World, app: App, person: Person, view: View) -> Json:
    """A form sent."""
    urls = []
    for block in view.body["blocks"]:
        element = block.get("element") or {}
        if element.get("response_url_enabled"):
            state = view.values.get(block["block_id"], {}).get(element["action_id"], {})
            chosen = state.get("selected_conversation") or state.get("selected_channel")
            if chosen in world.channels:
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": chosen,
                        "response_url": new_response_url(world, person.id, chosen),
                    }
                )
    return envelope(world, app, person, "view_submission") | {
        "trigger_id": new_trigger(world, person.id, view.id),
        "view": view.as_slack(),
        "response_urls": urls,
    }


def view_closed(world: World, app: App, person: Person, view: View, *, cleared: bool) -> Json:
    """A modal closed by the person."""
    return envelope(world, app, person, "view_closed") | {"view": view.as_slack(), "is_cleared": cleared}


def shortcut(world: World, app: App, person: Person, callback_id: str) -> Json:
    """A global shortcut."""
    return envelope(world, app, person, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": new_trigger(world, person.id),
        "action_ts": world.new_ts(),
    }


def message_action(
    world: World, app: App, person: Person, callback_id: str, channel: Channel, message: Message
) -> Json:
    """A shortcut on a message."""
    return envelope(world, app, person, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": new_trigger(world, person.id),
        "action_ts": world.new_ts(),
        "message_ts": message.ts,
        "channel": channel_of(channel),
        "message": clicked_message(world, channel, message),
        "response_url": new_response_url(world, person.id, channel.id, None, message.thread_ts),
    }


def command(world: World, app: App, person: Person, name: str, text: str, channel: Channel) -> Json:
    """A slash command: a flat form."""
    return {
        "token": app.verification_token,
        "team_id": world.team["id"],
        "team_domain": world.team["domain"],
        "channel_id": channel.id,
        "channel_name": channel_of(channel)["name"],
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": new_response_url(world, person.id, channel.id),
        "trigger_id": new_trigger(world, person.id),
    }
