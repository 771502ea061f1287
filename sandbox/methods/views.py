"""views.*: opening, stacking and changing modals, publishing the Home tab."""

from __future__ import annotations

import re
from typing import Any

from sandbox.methods.registry import Call, SlackError, method
from sandbox.modals import HashConflict, claim_trigger, make_view, open_view, push_view, replace_view
from sandbox.model import Json, View
from sandbox.validate import too_large, view_problems

_TRIGGER = re.compile(r"\d+\.\d+\.[0-9a-f]+")


def checked_view(call: Call, kind: str) -> Json:
    """The view argument, or what Slack says about it."""
    view = call.structure("view", "invalid_arguments")
    if view is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    problems = view_problems(view, kind)
    if problems:
        raise SlackError("invalid_arguments", [f"[ERROR] {p}" for p in problems])
    if too_large(view):
        raise SlackError("view_too_large")
    assert isinstance(view, dict)
    return view


def _external_id_is_free(call: Call, view: Json, own: View | None = None) -> None:
    external_id = view.get("external_id")
    if not external_id:
        return
    for stack in call.world.modals.values():
        if any(v is not own and v.body.get("external_id") == external_id for v in stack):
            raise SlackError("duplicate_external_id")


def _trigger(call: Call) -> Any:
    trigger_id = call.text("trigger_id")
    if not trigger_id:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    if not _TRIGGER.fullmatch(trigger_id):
        raise SlackError("invalid_trigger_id")
    found = claim_trigger(call.world, trigger_id)
    if isinstance(found, str):
        raise SlackError(found)
    return found


@method("views.open", per_minute=100)
def views_open(call: Call) -> Json:
    """Open a modal for the person behind a trigger."""
    body = checked_view(call, "modal")
    _external_id_is_free(call, body)
    trigger = _trigger(call)
    return {"view": open_view(call.world, trigger.user, body).as_slack()}


@method("views.push", per_minute=100)
def views_push(call: Call) -> Json:
    """Put a modal on top of the one the trigger came from."""
    body = checked_view(call, "modal")
    _external_id_is_free(call, body)
    trigger = _trigger(call)
    stack = call.world.modals.get(trigger.user, [])
    if trigger.view is None or not any(v.id == trigger.view for v in stack):
        raise SlackError("not_found")
    if len(stack) >= 3:
        raise SlackError("push_limit_reached")
    return {"view": push_view(call.world, trigger.user, body).as_slack()}


@method("views.update", per_minute=100)
def views_update(call: Call) -> Json:
    """Change an open view."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = call.world.find_view(view_id)
    if view is None and external_id:
        every = (v for stack in call.world.modals.values() for v in stack)
        view = next((v for v in every if v.body.get("external_id") == external_id), None)
    if view is None:
        raise SlackError("not_found")
    body = checked_view(call, str(view.body["type"]))
    _external_id_is_free(call, body, view)
    return {"view": _replace(call, view, body).as_slack()}


def _replace(call: Call, view: View, body: Json) -> View:
    try:
        return replace_view(call.world, view, body, call.text("hash"))
    except HashConflict:
        raise SlackError("hash_conflict") from None


@method("views.publish", per_minute=100)
def views_publish(call: Call) -> Json:
    """Show a Home tab to one person."""
    if not call.app.home_tab:
        raise SlackError("not_enabled")
    person = call.world.people.get(call.need("user_id"))
    if person is None or person.is_bot:
        raise SlackError("user_not_found")
    body = checked_view(call, "home")
    known = call.world.homes.get(person.id)
    if known is not None:
        return {"view": _replace(call, known, body).as_slack()}
    view = make_view(call.world, person.id, body)
    call.world.homes[person.id] = view
    call.world.changed("home", [person.id])
    return {"view": view.as_slack()}
