"""The card that says whether a use case may pass a gate, what is missing, and a button for each gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.registry import Block, Message, Scene, renders
from bot.views.case import inline, on_day
from bot.views.kit import Element, actions, at, brief, button, clip, context, escape, named, section, zone
from bot.views.review import stage_label
from bot.views.say import Said, say
from workflows.checklist_state import ItemState
from workflows.dossier import Dossier
from workflows.gap import Gap
from workflows.gate import Gate
from workflows.gating import lies_ahead, next_gate, through
from workflows.ids import UserId
from workflows.life_cycle import stage_of
from workflows.readiness import DimensionState, Readiness, readiness
from workflows.repeatability import Reused, reused

GAPS_SHOWN = 3
"""Gaps of items, and gaps of other kinds, that are told in words; the rest is counted."""
BUTTONS = 4
ITEM_GAPS = ("open", "lacks", "expired", "no", "waiting")

DOES: Mapping[str, str] = {
    "answer": "check.open",
    "nudge": "check.nudge",
    "name": "owner.name",
    "start": "walk.open",
    "breach": "contract.open",
    "incident": "incident.open",
    "ask": "gate.ask",
}
"""The action behind the button of each kind of gap."""


@renders("readiness")
def card(scene: Scene, data: dict[str, object]) -> Message:
    """Where a use case stands before the gate ``data["gate"]``, for its one ``reader`` where there is one."""
    if data.get("reader"):
        scene = replace(scene, reader=UserId(str(data["reader"])))
    dossier = scene.reading.dossier(scene.subject.id)
    gate = scene.program.gates.get(str(data.get("gate")))
    if dossier is None or gate is None:
        raise LookupError(f"{scene.subject.id} or its gate is gone")
    use_case = dossier.use_case
    head = say(scene, "ready_head", title=title_of(scene, dossier), id=use_case.id, gate=gate.label)
    if gate.to and not lies_ahead(gate, use_case, scene.program):
        stage = stage_of(use_case.stage, scene.program)
        key = "ready_passed" if use_case.stage == gate.to else "ready_elsewhere"
        text = f"{head}\n{say(scene, key, stage=stage.label, says=stage.says)}"
        return Message(text=brief(text), blocks=[section(text, block_id=f"ready|{use_case.id}|{gate.id}")])
    found = readiness(gate, dossier, scene.program, scene.directory, scene.now)
    first = next_gate(dossier, scene.program)
    before = first if gate.to and not through(gate, dossier, scene.program) else None
    text = f"{head}\n{in_words(scene, found, before)}"
    blocks: list[Block] = [section(text, block_id=f"ready|{use_case.id}|{gate.id}")]
    if found.dimensions:
        blocks.append(_side_by_side(scene, found.dimensions))
    if before and not found.complete:
        blocks.append(context(say(scene, "ready_first", gate=before.label)))
    waived = [
        say(scene, "waived_until", control=item.label, until=Said(on_day(scene, item.until)))
        for item in found.items
        if item.stand == "waived" and item.until
    ]
    if waived:
        blocks.append(context(clip("\n".join(f"🕓 {line}" for line in waived), 1900)))
    repeats = _repeats(scene, gate, dossier)
    if repeats:
        blocks.append(context(repeats))
    able = buttons(scene, gate, dossier, found)
    if before:
        label = clip(scene.program.messages["ready_do_first"].format(gate=before.label), 75)
        style = "primary" if found.complete else ""
        show = button(label, "ready.show", f"{use_case.id}|{before.id}", style=style)  # type: ignore[arg-type]
        able = [show, *able] if found.complete else [*able, show]
    blocks.append(actions(f"ready|{use_case.id}|{gate.id}|do", able))
    progress = progress_line(scene, found)
    if progress:
        blocks.append(context(progress))
    return Message(text=brief(text), blocks=blocks)


def title_of(scene: Scene, dossier: Dossier) -> Said:
    """The name of the use case, harmless, on one line."""
    return inline(dossier.use_case.title or str(dossier.use_case.id), scene.directory, 150)


def in_words(scene: Scene, found: Readiness, before: Gate | None = None) -> str:
    """How it stands in two or three sentences: the count, what is missing, and with whom.

    ``before`` is the gate that has to be passed first.
    """
    bare = "" if found.of else "_bare"
    counts = {"done": found.done, "of": found.of}
    if found.ready:
        return say(scene, "ready_now")
    if found.complete:
        waits = next((g for g in found.gaps if g.kind == "approval_waits"), None)
        told = counts if found.of else {}
        if waits is None and before:
            return say(scene, f"ready_complete_first{bare}", gate=before.label, **told)
        if waits is None:
            return say(scene, f"ready_complete{bare}", **told)
        who = Said(f"*{named(waits.who, scene.directory)}*")
        return say(scene, "ready_waits", who=who, since=since(scene, waits.since))
    said: list[str] = [say(scene, f"ready_not_yet{bare}", **(counts if found.of else {}))]
    missing = [g for g in found.gaps if g.kind not in ("approval", "approval_waits")]
    empty = [g for g in missing if g.kind == "dimension"]
    beside = {i.key for d in found.dimensions for i in d.items}
    items = [g for g in missing if g.kind in ITEM_GAPS and g.key not in beside]
    others = [g for g in missing if g.kind not in (*ITEM_GAPS, "dimension")]
    if empty:
        what = Said(" and ".join(f"*{escape(g.what)}*" for g in empty))
        said.append(say(scene, "ready_dimension_empty", what=what))
    if items:
        said.append(_sentence(", ".join(in_short(scene, g) for g in items[:GAPS_SHOWN])))
    for i, gap in enumerate(others[:GAPS_SHOWN]):
        words = in_short(scene, gap)
        last = i == len(others[:GAPS_SHOWN]) - 1 and len(said) > 1
        said.append(_sentence(f"and {words}" if last else words))
    more = max(0, len(items) - GAPS_SHOWN) + max(0, len(others) - GAPS_SHOWN)
    if more:
        said.append(say(scene, "ready_more", count=more))
    return " ".join(said)


def in_short(scene: Scene, gap: Gap) -> Said:
    """One gap in a few words, beginning small, without a full stop."""
    what = gap.what.lower() if gap.kind in ("owner", "owner_left", "owners_same") else gap.what
    key = f"gap_{gap.kind}"
    if gap.kind == "not_approved" and gap.who:
        key = "gap_not_approved_waits"
    values = {
        "what": inline(what, scene.directory, 80),
        "asks": inline(gap.asks, scene.directory, 140),
        "who": Said(named(gap.who, scene.directory)),
        "since": Said(since(scene, gap.since)),
    }
    return say(scene, key, **values)


def since(scene: Scene, moment: datetime | None) -> str:
    """``Tuesday`` within the last week, otherwise the day; in each one's own zone where several read it."""
    if moment is None:
        return "some time"
    if scene.reader is None:
        return at(moment, "{date_short_pretty}")
    tz = zone(scene.directory.person(scene.reader).tz)
    days = (scene.now.astimezone(tz).date() - moment.astimezone(tz).date()).days
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    return f"{moment.astimezone(tz):%A}" if 0 < days < 7 else on_day(scene, moment)


def progress_line(scene: Scene, found: Readiness) -> str:
    """``9 of 14, 2 waiting on you``; empty where there are no items."""
    if not found.of:
        return ""
    yours = found.waiting_on(scene.reader) if scene.reader else 0
    key = "ready_progress_yours" if yours else "ready_progress"
    bar = "▰" * found.done + "▱" * (found.of - found.done) if found.of <= 20 else ""
    counts = {"done": found.done, "of": found.of, **({"count": yours} if yours else {})}
    return f"{bar}  {say(scene, key, **counts)}".strip()


def buttons(scene: Scene, gate: Gate, dossier: Dossier, found: Readiness) -> list[Element]:
    """One for each of the first gaps that one click can do something about, then the way to all of it."""
    id = dossier.use_case.id
    made: list[Element] = []
    here = bool(through(gate, dossier, scene.program))
    if found.ready and here:
        label = say(scene, "ready_do_move", stage=stage_of(gate.to, scene.program).label)
        made.append(button(label, "gate.ask/go", f"{id}|{gate.id}", style="primary"))
    most = BUTTONS - 1 if found.dimensions else BUTTONS
    able = [g for g in found.gaps if g.does and (g.does != "ask" or (found.complete and here))]
    for gap in able[:most]:
        style = "primary" if not made else ""
        made.append(
            button(label_of(scene, gap), f"{DOES[gap.does]}/{gap.key}", gap.target, style=style)  # type: ignore[arg-type]
        )
    if found.of:
        made.append(button(say(scene, "ready_all"), "ready.items", f"{id}|{gate.id}|0"))
    return made


def label_of(scene: Scene, gap: Gap) -> str:
    """What the button of a gap says."""
    what = gap.what.lower() if gap.does == "name" else gap.what
    first = scene.directory.person(gap.who[0]).name.split(" ")[0] if gap.who else ""
    key = {
        "answer": "ready_do_evidence" if gap.kind in ("lacks", "expired") else "ready_do_answer",
        "nudge": "ready_do_nudge",
    }.get(gap.does, f"ready_do_{gap.does}")
    filled = scene.program.messages[key]
    values = {"what": what.split(" and ")[-1], "who": first}
    return clip(filled.format_map(values), 75)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _side_by_side(scene: Scene, dimensions: Sequence[DimensionState]) -> Block:
    texts = []
    for dimension in dimensions:
        lines = [f"*{escape(dimension.label)}*"]
        evidenced = [i for i in dimension.items if i.evidenced]
        lines += [f"✅ {escape(i.label)}{_resting_on(scene, i)}" for i in evidenced]
        lines += [f"▫️ {escape(i.label)}" for i in dimension.items if not i.evidenced]
        if not evidenced:
            lines.insert(1, f"⛔ _{say(scene, 'ready_dimension_none')}_")
        texts.append({"type": "mrkdwn", "text": clip("\n".join(lines), 2000)})
    return {"type": "section", "fields": texts[:10]}


def _resting_on(scene: Scene, item: ItemState) -> str:
    if not item.evidence:
        return ""
    piece = item.evidence[-1]
    said = piece.text or piece.name or piece.link
    return f": {inline(said, scene.directory, 90)}"


def _repeats(scene: Scene, gate: Gate, dossier: Dossier) -> str:
    found = reused(gate, dossier, other_dossiers(scene, dossier), scene.program, scene.now)
    if found is None or not found.shared:
        return ""
    return reuse_line(scene, found)


def other_dossiers(scene: Scene, dossier: Dossier) -> tuple[Dossier, ...]:
    """Those of the use cases that it builds on."""
    found = (scene.reading.dossier(id) for id in dossier.use_case.builds_on)
    return tuple(d for d in found if d is not None)


def reuse_line(scene: Scene, found: Reused) -> str:
    """What it shares with those that it builds on, and what not yet."""
    others = Said(
        ", ".join(
            f"*{inline(u.title or str(u.id), scene.directory, 80)}* ({u.id}, {stage_label(scene, u)})"
            for u in found.others
        )
    )
    values = {"others": others, "what": ", ".join(found.shared)}
    if found.whole:
        return say(scene, "ready_repeats", **values)
    return say(scene, "ready_reuses", **values, missing=", ".join(found.missing))
