"""The card of a waiver, what is told of it, the list of all that are in force, and its forms."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.inputs import packed
from bot.registry import Message, Scene, View, renders
from bot.views.approval_forms import text_field
from bot.views.asked import control_label
from bot.views.case import inline, on_day, when
from bot.views.kit import (
    Block,
    actions,
    brief,
    button,
    clip,
    context,
    escape,
    header,
    name,
    option,
    plain_text,
    section,
)
from bot.views.say import Said, say
from workflows.ids import UserId
from workflows.program import Program
from workflows.waiver import Waiver

NEW = "waiver.new"
ACCEPT = "waiver.accept"
DECLINE = "waiver.decline"
END = "waiver.end"
_LISTED = 40
_STANDS = {
    "asked": "asked for",
    "in_force": "in force",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "expired": "over",
    "ended": "ended early",
}


@renders("waiver")
def waiver_card(scene: Scene, data: dict[str, object]) -> Message:
    """One waiver as it stands: what is set aside and why, what stands in for it, whose risk it is."""
    waiver = _waiver(scene)
    title = _title(scene, waiver)
    control = control_label(waiver, scene.program)
    text = say(
        scene,
        "waiver_card",
        who=_name(scene, waiver.owner),
        control=control,
        title=title,
        id=waiver.use_case,
        until=Said(on_day(scene, waiver.expires_at)),
    )
    lines = [
        f"*Why it cannot be met now:* {inline(waiver.justification, scene.directory, 600)}",
        f"*What stands in for it:* {inline(waiver.compensating, scene.directory, 600)}",
        f"*What may happen:* {inline(waiver.risk, scene.directory, 600)}",
    ]
    if waiver.acceptance:
        words = inline(waiver.acceptance.words, scene.directory, 400)
        by = name(waiver.acceptance.by, scene.directory)
        lines.append(f"*Risk accepted by {by}, {when(scene, waiver.acceptance.at)}:* “{words}”")
    blocks: list[Block] = [section(text), section(clip("\n".join(lines), 2900))]
    blocks.append(context(_stand(scene, waiver)))
    row = []
    if waiver.status == "asked" and waiver.acceptance is None and scene.reader in (None, waiver.carrier):
        row = [
            button("Accept the risk", f"{ACCEPT}/card", str(waiver.id), style="primary"),
            button("Decline", f"{DECLINE}/card", str(waiver.id), style="danger"),
        ]
    elif waiver.status in ("asked", "in_force"):
        sure = ("End it now?", "The control counts again at once, and everyone concerned is told.", "End it")
        label = "Take it back" if waiver.status == "asked" else "End it early"
        row = [button(label, f"{END}/card", str(waiver.id), confirm=sure)]
    if row:
        blocks.append(actions(f"waiver|{waiver.id}", row))
    return Message(text=brief(text), blocks=blocks)


def _stand(scene: Scene, waiver: Waiver) -> str:
    """Where it stands, in one line."""
    control = scene.program.roles.get(waiver.role)
    owner = escape(control.label) if control else escape(waiver.role)
    if waiver.status == "asked" and waiver.acceptance is None:
        return f"{waiver.id} · waits for {_name(scene, waiver.carrier)} to accept the risk, then for {owner}"
    if waiver.status == "asked":
        return f"{waiver.id} · waits for {owner}, who own{'s' if control else ''} the control"
    day = f", {when(scene, waiver.closed_at)}" if waiver.closed_at else ""
    note = waiver.timeline[-1].text if waiver.timeline else ""
    why = f": “{inline(note, scene.directory, 300)}”" if note and waiver.status != "in_force" else ""
    return f"{waiver.id} · {_STANDS[waiver.status]}{day}{why}"


@renders("waiver_news")
def waiver_news(scene: Scene, data: dict[str, object]) -> Message:
    """It ends soon, has ended, or was refused: what that means, in a sentence or two."""
    waiver = _waiver(scene)
    what = str(data.get("what"))
    by = waiver.timeline[-1].by if waiver.timeline else None
    reason = waiver.timeline[-1].text if waiver.timeline else ""
    text = say(
        scene,
        f"waiver_{what}",
        control=control_label(waiver, scene.program),
        title=_title(scene, waiver),
        id=waiver.use_case,
        until=Said(on_day(scene, waiver.expires_at)),
        by=_name(scene, by) if by else Said("nobody"),
        reason=inline(reason, scene.directory, 400) or Said("no reason was given"),
    )
    target = f"{waiver.use_case}|{waiver.checklist}|{waiver.control}"
    row = [button("Answer the control", "check.open/waiver", target, style="primary")]
    if what != "ends_soon":
        row.append(button("Ask for another waiver", f"{NEW}/again", target))
    return Message(text=brief(text), blocks=[section(text), actions(f"waiver|{waiver.id}|{what}", row)])


@renders("waivers")
def waivers(scene: Scene, data: dict[str, object]) -> Message:
    """Every waiver that is in force or asked for, the one that ends first on top."""
    found = scene.reading.matters(Waiver, statuses=("in_force", "asked"))
    about = str(data.get("use_case") or "")
    listed = sorted((w for w in found if not about or w.use_case == about), key=lambda w: w.expires_at)
    if not listed:
        text = say(scene, "waivers_none")
        return Message(text=brief(text), blocks=[section(text)])
    in_force = [w for w in listed if w.status == "in_force"]
    head = say(scene, "waivers_head", count=len(in_force), asked=len(listed) - len(in_force))
    titles = scene.reading.titles(w.use_case for w in listed)
    blocks: list[Block] = [section(head)]
    for waiver in listed[:_LISTED]:
        title = inline(titles.get(waiver.use_case, "") or waiver.use_case, scene.directory, 100)
        control = escape(control_label(waiver, scene.program))
        ends = on_day(scene, waiver.expires_at)
        state = "until" if waiver.status == "in_force" else "asked for until"
        carrier = waiver.acceptance.by if waiver.acceptance else waiver.carrier
        line = (
            f"*{control}* · {title} ({waiver.use_case})\n"
            f"{state} {ends} · risk: {_name(scene, carrier)} · {waiver.id}"
        )
        look = button("Open", f"waiver.open/{waiver.id}", str(waiver.id))
        blocks.append(section(line, look, f"waivers|{waiver.id}"))
    if len(listed) > _LISTED:
        blocks.append(context(f"and {len(listed) - _LISTED} more"))
    return Message(text=brief(head), blocks=blocks)


def new_form(
    program: Program, use_case: str, title: str, checklist: str, control: str, label: str, days: int,
    now: datetime,
) -> View:  # fmt: skip
    """Which control, why, what instead, what may happen, until when."""
    latest = (now + timedelta(days=days)).date()
    intro = program.messages["waiver_form"].format_map(
        {"control": escape(label), "title": escape(clip(title, 150)), "days": days}
    )
    blocks: list[Block] = [
        section(intro),
        text_field(
            "justification", "Why can it not be met now?", "Lack of time needs a day on which there is."
        ),
        text_field("compensating", "What protects people meanwhile?", "It has to work from the first day."),
        text_field("risk", "What may happen all the same?", "Whoever carries the risk reads this."),
        {
            "type": "input",
            "block_id": "until",
            "label": plain_text("Until when?", 100),
            "hint": plain_text(f"At most {days} days, that is, until {latest.isoformat()}.", 150),
            "element": {"type": "datepicker", "action_id": "until", "initial_date": latest.isoformat()},
        },
    ]
    private = packed(use_case=use_case, checklist=checklist, control=control)
    return _modal(NEW, "Ask for a waiver", "Ask", private, blocks)


def choose_form(program: Program, use_case: str, title: str, controls: list[tuple[str, str]]) -> View:
    """Which control is meant, where none was named. ``controls`` are (``CHECKLIST|ITEM``, label)."""
    menu = {
        "type": "static_select",
        "action_id": "control",
        "options": [option(label, value) for value, label in controls[:100]],
    }
    blocks: list[Block] = [
        header(clip(title, 140)),
        {
            "type": "input",
            "block_id": "control",
            "label": plain_text("Which control cannot be met?", 100),
            "element": menu,
        },
    ]
    return _modal(f"{NEW}.which", "Ask for a waiver", "Go on", packed(use_case=use_case), blocks)


def accept_form(scene: Scene, waiver: Waiver) -> View:
    """The sentence to tick, and room for one's own words."""
    statement = scene.program.governance.waivers.statement
    blocks: list[Block] = [
        section(f"*What may happen:* {inline(waiver.risk, scene.directory, 1500)}"),
        section(f"*What stands in for it:* {inline(waiver.compensating, scene.directory, 1200)}"),
        {
            "type": "input",
            "block_id": "ticked",
            "label": plain_text(statement, 2000),
            "element": {
                "type": "checkboxes",
                "action_id": "ticked",
                "options": [option("I accept this risk", "yes")],
            },
        },
        text_field("words", "In your own words: which risk do you accept?", "It stays in the record."),
    ]
    return _modal(ACCEPT, "Accept the risk", "Accept", packed(waiver=waiver.id), blocks)


def decline_form(waiver: Waiver) -> View:
    """Why the risk is not accepted."""
    blocks = [text_field("reason", "Why not?", "Whoever asked for it reads this.")]
    return _modal(DECLINE, "Decline", "Decline", packed(waiver=waiver.id), blocks)


def _modal(callback: str, title: str, submit: str, private: str, blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": private,
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }


def _waiver(scene: Scene) -> Waiver:
    found = scene.reading.get(Waiver, scene.subject.id)
    if found is None:
        raise LookupError(f"waiver {scene.subject.id} is gone")
    return found


def _title(scene: Scene, waiver: Waiver) -> str:
    titles = scene.reading.titles([waiver.use_case])
    return " ".join(clip(titles.get(waiver.use_case, "") or str(waiver.use_case), 150).split())


def _name(scene: Scene, user: object) -> Said:
    return Said(name(UserId(str(user)), scene.directory)) if user else Said("nobody")
