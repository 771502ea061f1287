"""What a person does with the app: clicking, filling in forms, commands, shortcuts."""

from __future__ import annotations

from typing import Any

from sandbox import payloads
from sandbox.answers import command_reply, form_reply
from sandbox.app import App
from sandbox.deliver import Reply
from sandbox.inputs import STATE_FIELD, BadValue, find_element, initial_values, refusals, state_of
from sandbox.methods.registry import SlackError
from sandbox.modals import close_views
from sandbox.model import Channel, Json, Message, Person, View
from sandbox.refusal import Refused
from sandbox.seeing import sees_message, visible_blocks
from sandbox.world import World

TROUBLE = "We had some trouble connecting. Try again?"
Place = tuple[Channel, Message] | View


def installed(world: World) -> App:
    """The app, or a refusal."""
    if world.app is None:
        raise Refused(404, "no_app", "no app is installed; POST /sandbox/app installs one")
    return world.app


def _shown(world: World, person: Person, since: int) -> list[Json]:
    return [
        {k: v for k, v in e.items() if k != "id"}
        for e in world.live.since(since, person.id)
        if e["type"] != "reset"
    ]


def outcome(
    world: World, person: Person, since: int, reply: Reply, *, toast: str = TROUBLE, **more: Any
) -> Json:
    """What an act returns once the app has answered; a failure is also shown to the person."""
    result: Json = {"ok": reply.acknowledged, "acknowledged_ms": reply.ms, "status": reply.status}
    if not reply.acknowledged:
        result |= {"error": reply.error, "toast": toast}
        world.live.publish("toast", [person.id], text=toast)
    return result | more | {"shown": _shown(world, person, since)}


def _bad_response(world: World, person: Person, since: int, reply: Reply, problem: SlackError) -> Json:
    reply.error = "bad_response"
    return outcome(world, person, since, reply, detail="; ".join([problem.error, *problem.messages]))


def _blocks_at(world: World, person: Person, place: Place) -> list[Json]:
    if isinstance(place, View):
        return visible_blocks(place.body["blocks"], person.id)
    message = place[1]
    attached = [b for a in message.body.get("attachments") or [] for b in a.get("blocks") or []]
    return visible_blocks([*(message.body.get("blocks") or []), *attached], person.id)


def message_place(world: World, person: Person, channel: Channel, ts: str) -> tuple[Channel, Message]:
    """A message that this person sees."""
    message = channel.find(ts)
    if message is None or not sees_message(channel, message, person.id):
        raise Refused(
            404,
            "message_not_found",
            f"{person.real_name} sees no message {ts} in {channel.name or channel.id}",
        )
    return channel, message


def view_place(world: World, person: Person, view_id: str | None) -> View:
    """A view on this person's screen; the topmost modal when none is named."""
    stack = world.modals.get(person.id, [])
    if view_id is None:
        if not stack:
            raise Refused(404, "view_not_found", f"{person.real_name} has no modal open")
        return stack[-1]
    home = world.homes.get(person.id)
    for view in [*stack, *([home] if home else [])]:
        if view.id == view_id:
            return view
    raise Refused(404, "view_not_found", f"{person.real_name} has no view {view_id} on screen")


def element_at(
    world: World, person: Person, place: Place, action_id: str, block_id: str | None
) -> tuple[Json, Json]:
    """An element on this person's screen."""
    found = find_element(_blocks_at(world, person, place), action_id, block_id)
    if found is None:
        raise Refused(
            404, "no_such_element", f"{person.real_name} sees nothing with action_id {action_id!r} there"
        )
    return found


def _values_at(world: World, person: Person, place: Place) -> Json:
    if isinstance(place, View):
        return place.values
    channel, message = place
    return world.choices.setdefault((person.id, channel.id, message.ts), {})


def _state(world: World, person: Person, block: Json, element: Json, given: Any) -> Json:
    offered = world.offered.get((person.id, block["block_id"], element["action_id"]), [])
    files = {f.id: f.as_slack(world.base_url) for f in world.files.values() if f.complete}
    try:
        return state_of(element, given, offered, files)
    except (BadValue, TypeError, ValueError) as problem:
        raise Refused(400, "bad_value", str(problem)) from problem


async def click(world: World, person: Person, place: Place, given: Json) -> Json:
    """Use an element of a message, a modal or Home."""
    app = installed(world)
    since = world.live.last
    block, element = element_at(world, person, place, str(given.get("action_id", "")), given.get("block_id"))
    kind = str(element["type"])
    state: Json = {}
    if kind in STATE_FIELD:
        state = _state(world, person, block, element, given)
        if kind != "overflow":
            values = _values_at(world, person, place)
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
        if block.get("type") == "input" and not block.get("dispatch_action"):
            world.dirty = True
            return {"ok": True, "acknowledged_ms": 0, "status": None, "dispatched": False, "shown": []}
    elif kind == "feedback_buttons":
        state = _feedback(element, given)
    if not app.interactive:
        reply = Reply(None, error="dispatch_failed")
        return outcome(world, person, since, reply, detail="the manifest does not enable interactivity")
    chosen = {name: value for name, value in state.items() if name != "type"}
    action = payloads.action_of(world, block, element, chosen)
    if kind == "button" and element.get("url") and "value" not in element:
        action["value"] = ""
    values = _all_values(world, person, place)
    payload = payloads.block_actions(world, app, person, [action], place, values)
    reply = await world.courier.ask(app, "interaction", str(element["action_id"]), payload)
    return outcome(world, person, since, reply)


def _all_values(world: World, person: Person, place: Place) -> Json:
    if isinstance(place, View):
        return place.values
    values = initial_values(_blocks_at(world, person, place))
    for block_id, actions in _values_at(world, person, place).items():
        if block_id in values:
            values[block_id] |= actions
    return values


def _feedback(element: Json, given: Json) -> Json:
    for name in ("positive_button", "negative_button"):
        button = element[name]
        if given.get("value") == button["value"]:
            return {"value": button["value"], "text": button["text"]}
    raise Refused(400, "bad_value", "value must be that of one of the two feedback buttons")


async def suggest(world: World, person: Person, place: Place, given: Json) -> Json:
    """Type into an external menu: the options that the app offers."""
    app = installed(world)
    since = world.live.last
    block, element = element_at(world, person, place, str(given.get("action_id", "")), given.get("block_id"))
    if "external" not in str(element["type"]):
        raise Refused(400, "bad_value", "that element has its options in it")
    payload = payloads.block_suggestion(
        world, app, person, block, element, str(given.get("value", "")), place
    )
    reply = await world.courier.ask(app, "options", str(element["action_id"]), payload)
    if not reply.acknowledged:
        return outcome(world, person, since, reply)
    body = reply.body if isinstance(reply.body, dict) else {}
    groups, options = body.get("option_groups"), body.get("options")
    flat = [o for g in groups or [] for o in g.get("options") or []] if groups else list(options or [])
    if (groups is None and options is None) or len(flat) > 100:
        return _bad_response(
            world, person, since, reply, SlackError("bad_response", ["options must be 0 to 100"])
        )
    world.offered[(person.id, block["block_id"], element["action_id"])] = flat
    offered = {"option_groups": groups} if groups else {"options": flat}
    return outcome(world, person, since, reply, **offered)


async def submit_view(world: World, person: Person, view: View, values: Any) -> Json:
    """Send a form."""
    app = installed(world)
    since = world.live.last
    _take_values(world, person, view, values)
    refused = refusals(view.body["blocks"], view.values)
    if refused:
        return {"ok": False, "error": "input_refused", "errors": refused, "shown": []}
    if view.body["submit_disabled"]:
        raise Refused(400, "submit_disabled", "the app has disabled this form's button")
    view.errors = {}
    payload = payloads.view_submission(world, app, person, view)
    reply = await world.courier.ask(app, "interaction", str(view.body["callback_id"]), payload)
    if not reply.acknowledged:
        return outcome(world, person, since, reply, views=open_views(world, person))
    try:
        action, errors = form_reply(world, view, reply.body)
    except SlackError as problem:
        return _bad_response(world, person, since, reply, problem)
    return outcome(
        world, person, since, reply, response_action=action, errors=errors, views=open_views(world, person)
    )


def _take_values(world: World, person: Person, view: View, values: Any) -> None:
    if values is None:
        return
    if not isinstance(values, dict) or not all(isinstance(v, dict) for v in values.values()):
        raise Refused(400, "bad_value", "values is {block_id: {action_id: value}}")
    for block_id, actions in values.items():
        for action_id, given in actions.items():
            block, element = element_at(world, person, view, action_id, block_id)
            if str(element["type"]) not in STATE_FIELD:
                raise Refused(400, "bad_value", f"{action_id} holds no value")
            state = _state(world, person, block, element, given)
            view.values.setdefault(block_id, {})[action_id] = state


def open_views(world: World, person: Person) -> list[Json]:
    """The person's modals, the topmost last."""
    return [v.as_control() for v in world.modals.get(person.id, [])]


async def close_view(world: World, person: Person, view: View, *, everything: bool) -> Json:
    """Close a modal, or the whole stack."""
    since = world.live.last
    stack = list(world.modals.get(person.id, []))
    if view not in stack:
        raise Refused(400, "not_a_modal", "Home cannot be closed")
    everything = everything or bool(view.body["clear_on_close"])
    closed = stack if everything else stack[stack.index(view) :]
    close_views(world, person.id, closed)
    reply = Reply(None)
    for gone in reversed(closed):
        if gone.body["notify_on_close"] and world.app is not None:
            payload = payloads.view_closed(world, world.app, person, gone, cleared=everything)
            reply = await world.courier.ask(world.app, "interaction", str(gone.body["callback_id"]), payload)
    return outcome(world, person, since, reply, views=open_views(world, person))


async def command(
    world: World, person: Person, channel: Channel, name: str, text: str, thread_ts: str | None
) -> Json:
    """Give a slash command."""
    app = installed(world)
    since = world.live.last
    if app.command(name) is None or "commands" not in app.scopes:
        raise Refused(404, "unknown_command", f"{name} is not a valid command here")
    if thread_ts:
        raise Refused(400, "not_in_threads", f"{name} is not supported in threads, as in Slack")
    payload = payloads.command(world, app, person, name, text, channel)
    reply = await world.courier.ask(app, "command", name, payload)
    if not reply.acknowledged:
        return outcome(world, person, since, reply, toast=f"{name} failed with the error “{reply.error}”")
    try:
        command_reply(world, channel, person.id, reply.body, thread_ts)
    except SlackError as problem:
        return _bad_response(world, person, since, reply, problem)
    return outcome(world, person, since, reply)


def _declared(app: App, kind: str, callback_id: str) -> None:
    if "commands" not in app.scopes or not any(
        s.get("type") == kind and s.get("callback_id") == callback_id for s in app.shortcuts
    ):
        raise Refused(404, "unknown_shortcut", f"the manifest declares no {kind} shortcut {callback_id!r}")


async def shortcut(world: World, person: Person, callback_id: str) -> Json:
    """Use a global shortcut."""
    app = installed(world)
    since = world.live.last
    _declared(app, "global", callback_id)
    reply = await world.courier.ask(
        app, "interaction", callback_id, payloads.shortcut(world, app, person, callback_id)
    )
    return outcome(world, person, since, reply)


async def message_shortcut(
    world: World, person: Person, callback_id: str, channel: Channel, message: Message
) -> Json:
    """Use a shortcut on a message."""
    app = installed(world)
    since = world.live.last
    _declared(app, "message", callback_id)
    payload = payloads.message_action(world, app, person, callback_id, channel, message)
    reply = await world.courier.ask(app, "interaction", callback_id, payload)
    return outcome(world, person, since, reply)
