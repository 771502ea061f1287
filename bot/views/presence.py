"""When somebody is there: the card of what they said, the form, and what those they named are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.registry import Message, Scene, View, renders
from bot.views.case import on_date
from bot.views.kit import (
    Block,
    Element,
    actions,
    brief,
    button,
    context,
    escape,
    listed,
    name,
    option,
    plain_text,
    section,
)
from bot.views.say import Said, say, words_of
from workflows.availability import Availability, Away, StandingDelegation
from workflows.ids import UserId
from workflows.program import Program
from workflows.words.away import hours_in_words
from workflows.working_time import zone_of

FORM = "presence"


@renders("presence")
def presence(scene: Scene, data: dict[str, object]) -> Message:
    """To the person: what they have said, each with a button to take it back."""
    own = scene.reading.get(Availability, scene.subject.id)
    blocks = said_of(scene, own)
    return Message(
        text=brief("\n".join(b["text"]["text"] for b in blocks if b["type"] == "section")), blocks=blocks
    )


def said_of(scene: Scene, own: Availability | None) -> list[Block]:
    """The lines of the card, and its buttons."""
    blocks: list[Block] = []
    today = scene.now.astimezone(zone_of(scene.directory.person(UserId(scene.subject.id)).tz)).date()
    for absence in [a for a in (own.away if own else ()) if a.last >= today]:
        value = absence.first.isoformat()
        back = button("I'm there after all", "presence.back", value)
        blocks.append(section(_away_line(scene, absence), back, f"presence|away|{value}"))
    for standing in own.standing if own else ():
        who = Said(name(standing.to, scene.directory))
        line = say(scene, "presence_standing", who=who, roles=Said(_in_roles(scene.program, standing)))
        back = button("Take it back", "presence.no_longer", standing.to)
        blocks.append(section(line, back, f"presence|standing|{standing.to}"))
    if own and own.hours:
        line = say(scene, "presence_hours", hours=hours_in_words(own.hours))
        usual = button("The usual hours again", "presence.usual")
        blocks.append(section(line, usual, "presence|hours"))
    calendar = next((c for c in scene.program.working_time.calendars if own and c.id == own.calendar), None)
    if calendar:
        blocks.append(section(say(scene, "presence_calendar", calendar=calendar.label)))
    if not blocks:
        blocks.append(section(say(scene, "presence_none")))
    change = button("Days away, stand-in, hours", "presence.open")
    return [*blocks[:40], actions("presence|change", [change]), context(say(scene, "presence_how"))]


@renders("presence_said")
def presence_said(scene: Scene, data: dict[str, object]) -> Message:
    """Why what somebody wrote of their days or hours could not be followed, and the form for it."""
    text = escape(str(data.get("text") or ""))
    change = button("Days away, stand-in, hours", "presence.open")
    return Message(text=brief(text), blocks=[section(text), actions("presence|said", [change])])


def _away_line(scene: Scene, absence: Away) -> str:
    days = Said(in_days(absence, scene))
    if absence.stand_in:
        who = Said(name(absence.stand_in, scene.directory))
        return say(scene, "presence_away_with", days=days, who=who)
    return f"{say(scene, 'presence_away', days=days)}\n{say(scene, 'presence_away_alone')}"


def in_days(absence: Away, scene: Scene) -> str:
    """``from 24 December to 2 January``, or ``on 24 December``."""
    first, last = on_date(absence.first, scene.now), on_date(absence.last, scene.now)
    return f"on {first}" if first == last else f"from {first} to {last}"


def _in_roles(program: Program, standing: StandingDelegation) -> str:
    labels = [escape(program.roles[r].label) for r in standing.roles if r in program.roles]
    return f" ({listed(labels, 'and')})" if labels else ""


@renders("stands_in")
def stands_in(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever was named: for whom they decide, and until when."""
    user = UserId(scene.subject.id)
    own = scene.reading.get(Availability, user)
    kept = own.away if own else ()
    absence = next((a for a in kept if a.first.isoformat() == data.get("first")), None)
    who = Said(name(user, scene.directory))
    if absence is None or absence.stand_in != scene.reader:
        text = say(scene, "stands_in_over", who=who)
        return Message(text=brief(text), blocks=[section(text)])
    first = scene.directory.person(user).name.split(" ")[0]
    text = say(scene, "stands_in", who=who, days=Said(in_days(absence, scene)), first=first)
    look = button("What waits for me?", "desk.all")
    return Message(text=brief(text), blocks=[section(text), actions(f"stands_in|{user}", [look])])


@renders("may_decide")
def may_decide(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever may always decide beside somebody."""
    user = UserId(scene.subject.id)
    own = scene.reading.get(Availability, user)
    given = next((s for s in (own.standing if own else ()) if s.to == data.get("to")), None)
    who = Said(name(user, scene.directory))
    if given is None:
        text = say(scene, "stands_in_over", who=who)
    else:
        text = say(scene, "may_decide", who=who, roles=Said(_in_roles(scene.program, given)))
    return Message(text=brief(text), blocks=[section(text)])


def presence_form(program: Program, own: Availability | None, note: str = "") -> View:
    """Days away with a stand-in, somebody who may always decide, own hours and calendar; all optional."""
    calendars = program.working_time.calendars
    hours = hours_in_words(own.hours) if own else ""
    text: Element = {"type": "plain_text_input", "action_id": "hours", "max_length": 300}
    if hours:
        text["initial_value"] = hours
    roles = [option(r.label, r.id) for r in program.roles.values()]
    blocks: list[Block] = [
        *([section(note)] if note else []),
        _field("first", "Away from", {"type": "datepicker", "action_id": "first"}),
        _field("last", "until, that day included", {"type": "datepicker", "action_id": "last"}),
        _field(
            "stand_in",
            "Who decides for you meanwhile?",
            {"type": "users_select", "action_id": "stand_in"},
            words_of(program, "presence_away_alone"),
        ),
        _field("to", "Who may always decide beside you?", {"type": "users_select", "action_id": "to"}),
        _field("roles", "... only as", _select("multi_static_select", "roles", "In every role", roles)),
        _field("hours", "Your own hours", text, "For example: mon, tue 09:00-13:00, thu 10:00-16:00"),
    ]
    if calendars:
        options = [option(c.label, c.id) for c in calendars]
        select = _select("static_select", "calendar", "By your time zone", options)
        chosen = next((c for c in calendars if own and c.id == own.calendar), None)
        if chosen:
            select["initial_option"] = option(chosen.label, chosen.id)
        blocks.append(_field("calendar", "Public holidays", select))
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text("When I am there", 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }


def _select(kind: str, field: str, placeholder: str, options: list[Element]) -> Element:
    return {
        "type": kind,
        "action_id": field,
        "placeholder": plain_text(placeholder, 150),
        "options": options[:100],
    }


def _field(block: str, label: str, element: Element, hint: str = "") -> Block:
    made: Block = {
        "type": "input",
        "block_id": block,
        "optional": True,
        "label": plain_text(label, 150),
        "element": element,
    }
    if hint:
        made["hint"] = plain_text(hint, 150)
    return made


def as_day(value: object) -> date | None:
    """A day as a date picker gives it."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def only_known(values: Sequence[object], program: Program) -> tuple[str, ...]:
    """Those that are roles of the program."""
    return tuple(str(v) for v in values if str(v) in program.roles)
