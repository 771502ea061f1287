"""The forms around a gate: all its items page by page, who an owner is, and moving a use case."""

from __future__ import annotations

from bot.inputs import packed
from bot.registry import Block, Message, Scene, View, renders
from bot.views.case import inline, on_day
from bot.views.kit import (
    Element,
    actions,
    bare,
    brief,
    button,
    clip,
    context,
    divider,
    escape,
    fields,
    name,
    named,
    plain_text,
    section,
)
from bot.views.readiness import progress_line, since, title_of
from bot.views.say import Said, say
from workflows.announcing import concerned
from workflows.checklist_state import ItemState
from workflows.dossier import Dossier
from workflows.evidence import Evidence
from workflows.gate import Gate
from workflows.gating import through
from workflows.life_cycle import stage_of
from workflows.program import Move
from workflows.questions import Question
from workflows.readiness import Readiness, readiness
from workflows.stage_moves import movers_in_words

ITEMS = "ready.items"
OWNER = "owner.name"
MOVE = "stage.move"
PAGE = 8
"""Items on one page."""

_MARKS = {
    "met": "✅",
    "na": "➖",
    "waived": "🕓",
    "open": "▫️",
    "lacks": "▫️",
    "expired": "⌛",
    "no": "⛔",
    "waiting": "⏳",
}


def all_items(scene: Scene, gate: Gate, dossier: Dossier, page: int = 0) -> View:
    """Every item of a gate with what it rests on, ``PAGE`` at a time."""
    found = readiness(gate, dossier, scene.program, scene.directory, scene.now)
    pages = max(1, -(-found.of // PAGE))
    page = max(0, min(page, pages - 1))
    blocks: list[Block] = [
        section(
            say(scene, "ready_head", title=title_of(scene, dossier), id=dossier.use_case.id, gate=gate.label)
        )
    ]
    if page == 0 and found.questions:
        blocks.append(_questions(found))
    blocks.append(context(progress_line(scene, found)))
    shown = found.items[page * PAGE : (page + 1) * PAGE]
    for i, item in enumerate(shown):
        sheet = scene.program.questionnaires[item.checklist]
        if i == 0 or item.checklist != shown[i - 1].checklist:
            blocks += [divider(), context(f"*{escape(sheet.name)}*")]
        question = sheet.question(item.item)
        doing = _doing(scene, dossier, item)
        alone = doing[0] if len(doing) == 1 else None
        blocks.append(section(_told(scene, item, question), alone, f"item|{item.key}"))
        if question.maps:
            blocks.append(context(escape(" · ".join(question.maps))))
        if alone is None:
            blocks.append(actions(f"item|{item.key}|do", doing))
    value = f"{dossier.use_case.id}|{gate.id}"
    turns: list[Element] = []
    if page > 0:
        turns.append(button("Back", f"{ITEMS}/back", f"{value}|{page - 1}"))
    if page < pages - 1:
        turns.append(button("More", f"{ITEMS}/more", f"{value}|{page + 1}"))
    if turns:
        blocks += [divider(), actions("ready|turn", turns)]
    return {
        "type": "modal",
        "callback_id": ITEMS,
        "title": plain_text(bare(scene.program.messages["ready_items_title"]), 24),
        "close": plain_text("Close", 24),
        "private_metadata": packed(use_case=dossier.use_case.id, gate=gate.id, page=page),
        "blocks": blocks[:100],
    }


def _questions(found: Readiness) -> Block:
    """The questions that the gate decides on evidence, each with whether there is any."""
    pairs = [(escape(q.says), "no evidence yet" if q.empty else "on evidence") for q in found.questions]
    return fields([(label, f"{'▫️' if said.startswith('no') else '✅'} {said}") for label, said in pairs])


def _told(scene: Scene, item: ItemState, question: Question) -> str:
    lines = [f"{_MARKS[item.stand]} *{escape(item.label)}*  {escape(question.ask)}", _state(scene, item)]
    lines += [f"• {_piece(scene, piece)}" for piece in item.evidence[-4:]]
    if not item.done and question.evidence and question.evidence.help:
        lines.append(f"_{escape(question.evidence.help)}_")
    return clip("\n".join(lines), 2900)


def _state(scene: Scene, item: ItemState) -> str:
    values = {
        "who": Said(f"*{name(item.who, scene.directory)}*") if item.who else "nobody",
        "since": Said(since(scene, item.since)),
        "until": Said(on_day(scene, item.until)) if item.until else "",
        "reason": inline(item.reason, scene.directory, 300),
    }
    stand = "lacks" if item.stand == "open" and item.demands else item.stand
    text = say(scene, f"ready_item_{stand}", **values)
    if item.stand == "met" and item.until:
        text = Said(f"{text}; {say(scene, 'ready_item_until', **values)}")
    return text


def _piece(scene: Scene, piece: Evidence) -> str:
    said = piece.text or piece.name or piece.link
    link = f" ({inline(piece.link, scene.directory, 200)})" if piece.link and piece.link != said else ""
    who = name(piece.owner, scene.directory)
    return f"{inline(said, scene.directory, 300)}{link}: {who}, {on_day(scene, piece.at)}"


def _doing(scene: Scene, dossier: Dossier, item: ItemState) -> list[Element]:
    value = f"{dossier.use_case.id}|{item.checklist}|{item.item}"
    word = "Change" if item.done or item.stand == "no" else "Answer"
    made = [button(word, f"check.open/{item.key}", value)]
    if item.stand == "waiting" and item.who:
        first = scene.directory.person(item.who).name.split(" ")[0]
        label = scene.program.messages["ready_do_nudge"].format(who=first)
        made.append(button(label, f"check.nudge/{item.key}", f"{item.walk}|{item.assignment}"))
    elif not item.done:
        made.append(button(scene.program.messages["ready_who_knows"], f"check.assign/{item.key}", value))
    if not item.done and scene.program.questionnaires[item.checklist].question(item.item).owner:
        made.append(button("Ask for a waiver", f"waiver.new/{item.key}", value))
    return made


def owner_form(scene: Scene, dossier: Dossier, question: Question) -> View:
    """Who an owner is: one person."""
    picker = {
        "type": "users_select",
        "action_id": "user",
        "placeholder": plain_text("Choose a person", 150),
    }
    asks = section(f"*{title_of(scene, dossier)}*\n{say(scene, 'owner_form_asks', asks=question.ask)}")
    more = [context(escape(question.help))] if question.help else []
    field = {
        "type": "input",
        "block_id": "user",
        "label": plain_text(question.label, 2000),
        "element": picker,
    }
    return {
        "type": "modal",
        "callback_id": OWNER,
        "title": plain_text(question.label, 24),
        "submit": plain_text("Save", 24),
        "close": plain_text("Cancel", 24),
        "private_metadata": packed(use_case=dossier.use_case.id, question=question.id),
        "blocks": [asks, *more, field],
    }


def move_form(scene: Scene, dossier: Dossier, move: Move, why: str = "") -> View:
    """What the move means, who is told, and why it is made: submitting it is the confirmation."""
    before = stage_of(dossier.use_case.stage, scene.program)
    after = stage_of(move.to, scene.program)
    told = named(concerned(dossier.use_case, scene.program, scene.directory), scene.directory, "and")
    values = {"before": before.label, "after": after.label, "says": after.says}
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 1000}
    reason = {
        "type": "input",
        "block_id": "why",
        "optional": not move.reason,
        "label": plain_text(scene.program.messages["move_reason"], 2000),
        "hint": plain_text(scene.program.messages["move_reason_hint"], 2000),
        "element": {**field, "initial_value": clip(why, 1000)} if why else field,
    }
    return {
        "type": "modal",
        "callback_id": MOVE,
        "title": plain_text(after.label, 24),
        "submit": plain_text(scene.program.messages["move_do"], 24),
        "close": plain_text("Cancel", 24),
        "private_metadata": packed(use_case=dossier.use_case.id, to=move.to),
        "blocks": [
            section(f"*{title_of(scene, dossier)}*\n{say(scene, 'move_asks', **values)}"),
            context(told),
            reason,
        ],
    }


def move_buttons(scene: Scene, dossier: Dossier, moves: tuple[Move, ...]) -> list[Element]:
    """A button for each move that somebody may make by hand."""
    made = []
    for move in moves:
        label = say(scene, "move_to", stage=stage_of(move.to, scene.program).label)
        made.append(button(bare(label), f"{MOVE}/{move.to}", f"{dossier.use_case.id}|{move.to}"))
    return made


@renders("stage_moved")
def stage_moved(scene: Scene, data: dict[str, object]) -> Message:
    """What everyone named in a use case is told of a move."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    before, after = (stage_of(str(data[k]), scene.program) for k in ("from", "to"))
    by = data.get("by")
    values = {
        "title": inline(use_case.title or str(use_case.id), scene.directory, 150),
        "id": use_case.id,
        "before": before.label,
        "after": after.label,
        "says": after.says,
    }
    if by:
        who = Said(f"*{name(str(by), scene.directory)}*")  # type: ignore[arg-type]
        text: str = say(scene, "moved_by", who=who, **values)
    else:
        text = say(scene, "moved_decided", **values)
    if data.get("why"):
        text += "\n" + say(scene, "moved_why", why=inline(str(data["why"]), scene.directory, 1000))
    return Message(text=brief(text), blocks=[section(text)])


@renders("gate_held")
def gate_held(scene: Scene, data: dict[str, object]) -> Message:
    """A gate was approved and the use case has not moved: why, and what comes next."""
    dossier = scene.reading.dossier(scene.subject.id)
    gate = scene.program.gates.get(str(data.get("gate")))
    if dossier is None or gate is None:
        raise LookupError(f"{scene.subject.id} or its gate is gone")
    because = str(data.get("because"))
    values: dict[str, object] = {"gate": gate.label}
    if because == "elsewhere":
        stage = stage_of(dossier.use_case.stage, scene.program).label
        values |= {"title": title_of(scene, dossier), "stage": stage}
    elif because == "by_hand":
        who = movers_in_words((m.by for m in through(gate, dossier, scene.program)), scene.program)
        values |= {"title": title_of(scene, dossier), "who": who}
    text = say(scene, f"gate_held_{because}", **values)
    return Message(text=brief(text), blocks=[section(text)])


@renders("move_offer")
def move_offer(scene: Scene, data: dict[str, object]) -> Message:
    """Asked for in words: the move with its button, which opens the form."""
    dossier = scene.reading.dossier(scene.subject.id)
    if dossier is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    to, why = str(data["to"]), str(data.get("why") or "")
    text = say(
        scene,
        "move_offer",
        title=title_of(scene, dossier),
        id=dossier.use_case.id,
        before=stage_of(dossier.use_case.stage, scene.program).label,
        after=stage_of(to, scene.program).label,
    )
    do = button(
        scene.program.messages["move_do"],
        f"{MOVE}/{to}",
        f"{dossier.use_case.id}|{to}|{clip(why, 1000)}",
        style="primary",
    )
    return Message(text=brief(text), blocks=[section(text), actions(f"move|{dossier.use_case.id}", [do])])


@renders("ready_which")
def which(scene: Scene, data: dict[str, object]) -> Message:
    """Several use cases may be meant: a button for each."""
    asked = [str(id) for id in data.get("offered", ())]  # type: ignore[attr-defined]
    gate = str(data.get("gate") or "")
    back, to = bool(data.get("back")), str(data.get("to") or "")
    found = [u for id in asked if (u := scene.reading.use_case(id))]
    action = MOVE if to or back else "ready.show"
    made = [
        button(
            clip(f"{u.title} ({u.id})", 75),
            f"{action}/{u.id}",
            f"{u.id}|{u.stage_before if back else to or gate}",
        )
        for u in found
    ]
    text = say(scene, "ready_which")
    return Message(text=brief(text), blocks=[section(text), actions("ready|which", made)])


@renders("platform")
def platform(scene: Scene, data: dict[str, object]) -> Message:
    """What the program team is told when a second use case takes over all that another built."""
    use_case = scene.reading.use_case(scene.subject.id)
    if use_case is None:
        raise LookupError(f"use case {scene.subject.id} is gone")
    others = [u for id in data.get("others", ()) if (u := scene.reading.use_case(str(id)))]  # type: ignore[attr-defined]
    names = (f"*{inline(u.title or str(u.id), scene.directory, 100)}* ({u.id})" for u in others)
    text = say(
        scene,
        "ready_platform",
        title=inline(use_case.title or str(use_case.id), scene.directory, 150),
        id=use_case.id,
        others=Said(", ".join(names)),
        what=", ".join(str(s) for s in data.get("shared", ())),  # type: ignore[attr-defined]
    )
    return Message(text=brief(text), blocks=[section(text)])
