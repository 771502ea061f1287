"""What is to be done after an incident, for those who do it; and the list of what is still open."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.case import inline, on_day, when
from bot.views.incident import handling, incident_of, mark_of, severity_label, title_of
from bot.views.kit import Block, actions, brief, button, context, name, prose, section
from bot.views.say import Said, say
from workflows.incident import BAD, Incident
from workflows.incidents.actions import agreers
from workflows.matter import Action

_SHOWN = 20
_STILL_THERE = (*BAD, "recovered", "reviewed")


def _action(scene: Scene, found: Incident, data: dict[str, object]) -> Action:
    action = found.action(str(data.get("action")))
    if action is None:
        raise LookupError(f"{found.id} has no action {data.get('action')}")
    return action


@renders("action")
def action(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever sees to it: what, by when, and three ways to deal with it."""
    found = incident_of(scene)
    todo = _action(scene, found, data)
    head = say(
        scene,
        "action_card",
        id=found.id,
        title=title_of(scene, found),
        who=Said(name(todo.by, scene.directory)),
        action=inline(todo.text, scene.directory, 600),
    )
    blocks = [*prose(head), *_outcome(scene, found, todo)]
    if todo.open:
        value = f"{found.id}|{todo.id}"
        row = [
            button("Done", "action.done", value, style="primary"),
            button("More time", "action.more_time", value),
        ]
        if not todo.not_needed:
            row.append(button("Not needed", "action.not_needed", value))
        blocks.append(actions(f"action|{value}", row))
    return Message(text=brief(head), blocks=blocks)


def _outcome(scene: Scene, found: Incident, todo: Action) -> list[Block]:
    """By when it is due, or what became of it."""
    if todo.done_at and todo.done_by:
        who = Said(name(todo.done_by, scene.directory))
        return [context(say(scene, "action_is_done", who=who, when=Said(when(scene, todo.done_at))))]
    if todo.dropped_at:
        why = inline(todo.note, scene.directory, 300)
        return [context(say(scene, "action_is_dropped", when=Said(when(scene, todo.dropped_at)), why=why))]
    lines = [say(scene, "action_due", due=Said(on_day(scene, todo.due)))] if todo.due else []
    if todo.not_needed:
        h = handling(scene, found, todo.owner)
        h = type(h)(h.incident, h.use_case, h.program, h.directory, h.circ, None, todo)
        who = Said(", ".join(name(u, scene.directory) for u in agreers(h)[:3]))
        lines.append(say(scene, "action_waits_for_agreement", who=who))
    return [context(*lines)] if lines else []


@renders("action_drop")
def action_drop(scene: Scene, data: dict[str, object]) -> Message:
    """To those who may agree: an action whose owner thinks that it is not needed."""
    found = incident_of(scene)
    todo = _action(scene, found, data)
    text = say(
        scene,
        "action_drop_asked",
        who=Said(name(todo.owner, scene.directory)),
        id=found.id,
        title=title_of(scene, found),
        action=inline(todo.text, scene.directory, 600),
    )
    blocks = prose(text)
    if todo.open and todo.not_needed:
        blocks += prose(f"> {inline(todo.not_needed, scene.directory, 600)}")
        value = f"{found.id}|{todo.id}"
        row = [button("Agree", "action.agree", value), button("Keep it", "action.keep", value)]
        blocks.append(actions(f"action_drop|{value}", row))
    elif todo.open:
        blocks.append(context(say(scene, "action_stays")))
    else:
        blocks += _outcome(scene, found, todo)
    return Message(text=brief(text), blocks=blocks)


@renders("action_reminder")
def action_reminder(scene: Scene, data: dict[str, object]) -> Message:
    """A word about an action that is due or late; quiet once it is done."""
    found = incident_of(scene)
    todo = _action(scene, found, data)
    late = data.get("when") == "overdue"
    key = "action_settled" if not todo.open else "action_late" if late else "action_soon"
    text = say(
        scene,
        key,
        id=found.id,
        who=Said(name(todo.owner, scene.directory)),
        action=inline(todo.text, scene.directory, 400),
        due=Said(on_day(scene, todo.due) if todo.due else ""),
    )
    blocks = prose(text)
    if todo.open:
        value = f"{found.id}|{todo.id}"
        row = [button("Done", "action.done", value), button("More time", "action.more_time", value)]
        blocks.append(actions(f"action_reminder|{value}", row))
    return Message(text=brief(text), blocks=blocks)


@renders("incident_offer")
def offer(scene: Scene, data: dict[str, object]) -> Message:
    """Under words that speak of an incident: the button to the three questions, with the words in it."""
    text = say(scene, "incident_offer")
    value = f"{data.get('use_case')}|{data.get('words')}"
    row = [button("Report it", "incident.report", value, style="primary")]
    return Message(text=brief(text), blocks=[section(text), actions("incident_offer", row)])


@renders("incidents")
def incidents(scene: Scene, data: dict[str, object]) -> Message:
    """What is open now, the newest first, each with the way to its card."""
    found = scene.reading.matters(Incident, statuses=_STILL_THERE, at_most=_SHOWN + 1)
    report = button("Report an incident", "incident.report")
    if not found:
        text = say(scene, "incidents_none")
        return Message(text=brief(text), blocks=[section(text, report)])
    count = f"{_SHOWN}+" if len(found) > _SHOWN else len(found)
    text = say(scene, "incidents_open", count=count)
    blocks: list[Block] = [section(text, report)]
    for one in found[:_SHOWN]:
        who = name(one.owner, scene.directory) if one.owner else say(scene, "incident_nobody_yet")
        line = (
            f"{mark_of(scene, one)} *{one.id}* · {severity_label(scene, one)} · {title_of(scene, one)}\n"
            f"{say(scene, f'incident_state_{one.status}')} · {who}"
        )
        blocks.append(section(line, button("Open", "incident.open", str(one.id)), f"incidents|{one.id}"))
    if len(found) > _SHOWN:
        blocks.append(context(say(scene, "incidents_more")))
    return Message(text=brief(text), blocks=blocks)
