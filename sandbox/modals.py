"""The stack of modals a person has open, what they typed into them, and the triggers that open them."""

from __future__ import annotations

import copy
import secrets
import time
import zlib

from sandbox.inputs import initial_values
from sandbox.model import Json, View
from sandbox.posting import with_ids
from sandbox.world import Trigger, World


class HashConflict(Exception):
    """The view changed since the caller last saw it."""


def new_trigger(world: World, user: str, view: str | None = None) -> str:
    """A trigger for a person's click, good for one view within three seconds."""
    number = "".join(c for c in world.new_ts() if c.isdigit())
    trigger_id = f"{number}.{zlib.crc32(world.team['id'].encode())}.{secrets.token_hex(16)}"
    world.triggers[trigger_id] = Trigger(user, time.monotonic(), view)
    if len(world.triggers) > 20_000:
        for old in list(world.triggers)[:10_000]:
            del world.triggers[old]
    return trigger_id


def claim_trigger(world: World, trigger_id: str) -> Trigger | str:
    """Use a trigger up; or the error that Slack answers."""
    trigger = world.triggers.get(trigger_id)
    if trigger is None:
        return "invalid_trigger_id"
    if trigger.used:
        return "exchanged_trigger_id"
    if time.monotonic() - trigger.made > world.settings.trigger_seconds:
        return "expired_trigger_id"
    trigger.used = True
    return trigger


def _new_hash(world: World) -> str:
    return f"{int(float(world.new_ts()))}.{secrets.token_hex(4)}"


def make_view(world: World, user: str, body: Json, stack: list[View] | None = None) -> View:
    """A view object for a person out of what the app sent."""
    app = world.app
    assert app is not None
    view_id = world.new_id("V")
    previous = stack[-1] if stack else None
    full: Json = {
        "id": view_id,
        "team_id": world.team["id"],
        "app_id": app.id,
        "app_installed_team_id": world.team["id"],
        "bot_id": app.bot_id,
        "root_view_id": previous.body["root_view_id"] if previous else view_id,
        "previous_view_id": previous.id if previous else None,
    }
    view = View(full, user)
    _fill(world, view, body)
    return view


def _fill(world: World, view: View, body: Json) -> None:
    sent = copy.deepcopy(body)
    blocks = with_ids(sent.get("blocks") or [])
    fresh: Json = {
        "type": sent["type"],
        "callback_id": sent.get("callback_id") or "",
        "external_id": sent.get("external_id") or "",
        "private_metadata": sent.get("private_metadata") or "",
        "title": sent.get("title"),
        "close": sent.get("close"),
        "submit": sent.get("submit"),
        "submit_disabled": bool(sent.get("submit_disabled")),
        "clear_on_close": bool(sent.get("clear_on_close")),
        "notify_on_close": bool(sent.get("notify_on_close")),
        "blocks": blocks,
        "hash": _new_hash(world),
    }
    kept = view.values
    view.body |= fresh
    view.values = initial_values(blocks)
    for block_id, actions in view.values.items():
        for action_id, state in actions.items():
            earlier = kept.get(block_id, {}).get(action_id)
            if earlier is not None and earlier.get("type") == state.get("type"):
                actions[action_id] = earlier
    view.errors = {}


def _on_screen(world: World, user: str, view: View) -> View:
    world.changed("view", [user], view_id=view.id)
    return view


def open_view(world: World, user: str, body: Json) -> View:
    """Open a modal, in the place of whatever the person had open."""
    view = make_view(world, user, body)
    world.modals[user] = [view]
    return _on_screen(world, user, view)


def push_view(world: World, user: str, body: Json) -> View:
    """Put a modal on top of the person's stack."""
    stack = world.modals.setdefault(user, [])
    view = make_view(world, user, body, stack)
    stack.append(view)
    return _on_screen(world, user, view)


def replace_view(world: World, view: View, body: Json, expected_hash: str = "") -> View:
    """Change a view in place, keeping what the person typed where block and action stay the same."""
    if expected_hash and expected_hash != view.body["hash"]:
        raise HashConflict
    _fill(world, view, body)
    if view.body["type"] == "home":
        world.changed("home", [view.owner])
    else:
        world.changed("view", [view.owner], view_id=view.id)
    return view


def close_views(world: World, user: str, views: list[View]) -> None:
    """Take modals off the person's screen."""
    stack = [v for v in world.modals.get(user, []) if v not in views]
    if stack:
        world.modals[user] = stack
    else:
        world.modals.pop(user, None)
    for view in views:
        world.changed("view", [user], view_id=view.id)
