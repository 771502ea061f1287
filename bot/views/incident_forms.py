"""The modals of an incident: the report's three questions, changes, messages, reasons, the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.inputs import packed
from bot.registry import Scene
from bot.views.approval_forms import person_field, text_field
from bot.views.case import inline
from bot.views.incident import incident_of, line, title_of, whole_timeline
from bot.views.kit import (
    Block,
    Element,
    actions,
    clip,
    context,
    menu,
    option,
    plain_text,
    prose,
    unmentioned,
    words,
)
from bot.views.say import say, words_of
from workflows.incident import Incident, Quoted
from workflows.incidents.handling import TEXT_AT_MOST
from workflows.incidents.policy import Template
from workflows.incidents.reporting import WHAT_AT_MOST
from workflows.incidents.updating import UPDATE_AT_MOST
from workflows.matter import Action
from workflows.people import Directory
from workflows.program import Program

View = dict[str, Any]
NONE = "none"
"""The option for "none of these, or I do not know"."""
_OPTIONS = 98


def report_form(
    program: Program,
    directory: Directory,
    choices: Sequence[tuple[str, str]],
    *,
    guess: str = "",
    kind: str = "",
    quoted: Quoted | None = None,
    said: str = "",
    place: tuple[str, str] = ("", ""),
) -> View:
    """Which one, what kind, how bad; everything else may be left out. ``choices`` are ids and names."""
    blocks: list[Block] = []
    if quoted:
        who = f"{directory.person(quoted.author).name}: " if quoted.author else ""
        shown = words(f"{who}{clip(quoted.text, 600)}", directory)
        blocks += prose("> " + shown.replace("\n", "\n> "))
    blocks += [
        _choice("use_case", "Which use case is it about?", _use_cases(choices), guess or NONE),
        _choice("kind", "What kind of thing happened?", _kinds(program), kind),
        _severities(program, ""),
    ]
    hint = str(words_of(program, "incident_form_what"))
    what = text_field("what", "What did you see?", hint, optional=quoted is not None, at_most=WHAT_AT_MOST)
    if said:
        what["element"]["initial_value"] = clip(unmentioned(said, directory), WHAT_AT_MOST)
    began = {
        "type": "input",
        "block_id": "began",
        "optional": True,
        "label": plain_text("When did it begin, as far as you know?", 2000),
        "element": {"type": "datetimepicker", "action_id": "began"},
    }
    private = {
        "channel": quoted.channel if quoted else "",
        "ts": quoted.ts if quoted else "",
        "author": quoted.author if quoted else "",
        "link": quoted.link if quoted else "",
        "quote": clip(quoted.text, 1800) if quoted else "",
        "at": place[0],
        "under": place[1],
    }
    blocks += [what, began, context(words_of(program, "incident_form_blame"))]
    return _form("incident.report", "Report an incident", "Report", private, blocks)


def change_form(scene: Scene, incident: Incident, choices: Sequence[tuple[str, str]]) -> View:
    """What it is called: severity, kind, who leads, since when, about what."""
    owner = person_field("owner", "Who leads it?", incident.owner)
    owner["optional"] = True
    blocks = [
        _severities(scene.program, incident.severity),
        _choice("kind", "Kind", _kinds(scene.program), incident.type),
        owner,
        {
            "type": "input",
            "block_id": "began",
            "label": plain_text("Since when?", 2000),
            "element": {
                "type": "datetimepicker",
                "action_id": "began",
                "initial_date_time": int(incident.began_at.timestamp()),
            },
        },
        _choice("use_case", "Use case", _use_cases(choices), str(incident.use_case or NONE)),
    ]
    return _form("incident.change", str(incident.id), "Save", {"incident": incident.id}, blocks)


def update_form(
    scene: Scene, incident: Incident, template: Template, text: str, goes_to: str, number: int = 0
) -> View:
    """The message as it would go, whom it goes to, and a choice of others; every word can be changed."""
    options = [option(t.label, t.id) for t in scene.program.incidents.messages]
    chosen = menu("Choose", "incident.template", options)
    chosen["initial_option"] = option(template.label, template.id)
    # A field keeps what is in it as long as its block keeps its id, so that another template needs a new one.
    field = text_field(f"text/{number}", "Message", str(say(scene, "incident_form_update")), False)
    field["element"]["max_length"] = UPDATE_AT_MOST
    field["element"]["initial_value"] = clip(text, UPDATE_AT_MOST)
    also = {
        "type": "input",
        "block_id": "also",
        "optional": True,
        "label": plain_text("And to", 100),
        "element": {"type": "multi_users_select", "action_id": "also"},
    }
    blocks = [actions("template", [chosen]), context(goes_to), field, also]
    private = {"incident": incident.id, "template": template.id, "number": number}
    return _form("incident.update", str(incident.id), "Send", private, blocks)


def reason_form(incident: Incident, callback: str, label: str, hint: str, submit: str) -> View:
    """A reason, for what needs one."""
    blocks = [text_field("reason", label, hint, at_most=TEXT_AT_MOST)]
    return _form(callback, str(incident.id), submit, {"incident": incident.id}, blocks)


def note_form(scene: Scene, incident: Incident) -> View:
    """One line for the timeline."""
    hint = str(say(scene, "incident_form_note"))
    blocks = [text_field("note", "What happened?", hint, at_most=TEXT_AT_MOST)]
    return _form("incident.note", str(incident.id), "Add", {"incident": incident.id}, blocks)


def timeline_view(scene: Scene, incident: Incident) -> View:
    """The whole timeline to read."""
    lines = "\n".join(line(scene, n) for n in whole_timeline(scene, incident))
    return {
        "type": "modal",
        "title": plain_text(str(incident.id), 24),
        "close": plain_text("Close", 24),
        "blocks": [context(f"*{title_of(scene, incident)}*"), *prose(lines)][:100],
    }


def card_view(scene: Scene, blocks: list[Block]) -> View:
    """The card in a modal, for whoever comes from a message about it."""
    return {
        "type": "modal",
        "title": plain_text(str(incident_of(scene).id), 24),
        "close": plain_text("Close", 24),
        "blocks": blocks[:100],
    }


def more_time_form(scene: Scene, incident: Incident, action: Action) -> View:
    """A later day, and why."""
    blocks = [
        context(inline(action.text, scene.directory, 300)),
        {
            "type": "input",
            "block_id": "due",
            "label": plain_text("Done by", 100),
            "element": {"type": "datepicker", "action_id": "due"},
        },
        text_field("reason", "Why?", str(say(scene, "action_form_reason")), at_most=TEXT_AT_MOST),
    ]
    private = {"incident": incident.id, "action": action.id}
    return _form("action.more_time", "More time", "Save", private, blocks)


def not_needed_form(scene: Scene, incident: Incident, action: Action) -> View:
    """Why it is not needed."""
    blocks = [
        context(inline(action.text, scene.directory, 300)),
        text_field("reason", "Why not?", str(say(scene, "action_form_agree")), at_most=TEXT_AT_MOST),
    ]
    private = {"incident": incident.id, "action": action.id}
    return _form("action.not_needed", "Not needed", "Send", private, blocks)


def _use_cases(choices: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    made = [option(clip(title, 75), id) for id, title in choices[:_OPTIONS]]
    return [*made, option("None of these, or I do not know", NONE)]


def _kinds(program: Program) -> list[dict[str, Any]]:
    return [option(k.label, k.id, k.help) for k in program.incidents.kinds]


def _severities(program: Program, chosen: str) -> Block:
    options = [option(s.label, s.id) for s in program.incidents.severities]
    element: Element = {"type": "radio_buttons", "action_id": "severity", "options": options}
    initial = [o for o in options if o["value"] == chosen]
    if initial:
        element["initial_option"] = initial[0]
    means = "\n".join(f"{s.label}: {s.means}" for s in program.incidents.severities)
    return {
        "type": "input",
        "block_id": "severity",
        "label": plain_text("How bad is it?", 2000),
        "hint": plain_text(f"{means}\n{words_of(program, 'incident_form_severity')}", 2000),
        "element": element,
    }


def _choice(block: str, label: str, options: list[dict[str, Any]], chosen: str) -> Block:
    element = menu("Choose", block, options)
    initial = [o for o in options if o["value"] == chosen]
    if initial:
        element["initial_option"] = initial[0]
    return {"type": "input", "block_id": block, "label": plain_text(label, 2000), "element": element}


def _form(callback: str, title: str, submit: str, private: dict[str, Any], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(**private),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }
