"""A checklist item by item: how each stands, on what, and the one thing to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.registry import Scene
from bot.views.kit import Block, Element, button, clip, day, escape, name, section, words
from bot.views.say import Said, say
from workflows import checking
from workflows.checklist_state import ItemState, Stand, items_of
from workflows.questions import Questionnaire
from workflows.waiver import Waiver
from workflows.walk import Walk

ROWS_AT_MOST = 40
MARKS: Mapping[Stand, str] = {
    "met": "✅",
    "na": "➖",
    "waived": "➖",
    "open": "⬜",
    "lacks": "⬜",
    "no": "❌",
    "expired": "⌛",
    "waiting": "⏳",
}
_SHOWN = 240


def states_of(scene: Scene, walk: Walk, questionnaire: Questionnaire) -> tuple[ItemState, ...]:
    """How the items stand at this moment, waivers considered."""
    waivers = scene.reading.matters(Waiver, use_case=walk.about) if walk.about else ()
    return items_of(questionnaire, walk, waivers, scene.now)


def item_rows(scene: Scene, walk: Walk, items: tuple[ItemState, ...]) -> list[Block]:
    """One row an item; of a very long list what is open has its own, and the rest shares the last."""
    own = items
    if len(items) > ROWS_AT_MOST:
        own = tuple(i for i in items if not i.done)[:ROWS_AT_MOST]
    rows = [section(_row(scene, i), _way(walk, i), f"walk|{walk.id}|{walk.ask}|review|{i.item}") for i in own]
    rest = [i for i in items if i not in own]
    if rest:
        rows.append(section("\n".join(clip(_row(scene, i), 110) for i in rest)))
    return rows


def _row(scene: Scene, item: ItemState) -> str:
    text = f"{MARKS[item.stand]} *{escape(item.label)}*"
    told = _told(scene, item)
    return f"{text}: {told}" if told else text


def _told(scene: Scene, item: ItemState) -> str:
    """What it rests on, or what it wants."""
    directory = scene.directory
    if item.stand == "waiting" and item.who and item.since:
        return say(scene, "item_waits", who=directory.person(item.who).name, since=day(item.since))
    if item.stand == "waived":
        until = day(item.until) if item.until else ""
        return say(scene, "item_waived", until=until)
    if item.stand in ("met", "expired") and item.evidence:
        pieces = "; ".join(checking.evidence_in_words(e, directory) for e in item.evidence)
        shown = Said(words(clip(pieces, _SHOWN), directory))
        return say(scene, "item_expired", evidence=shown) if item.stand == "expired" else shown
    if item.stand == "met" and item.who:
        return say(scene, "item_yes", who=Said(name(item.who, directory)))
    if item.stand in ("no", "na"):
        key = "item_no" if item.stand == "no" else "item_na"
        reason = Said(words(clip(item.reason, _SHOWN), directory))
        by = f"_({name(item.who, directory)})_" if item.who else ""
        return " ".join(filter(None, (say(scene, key), reason, by)))
    return say(scene, "item_needs_evidence") if item.demands else ""


def _way(walk: Walk, item: ItemState) -> Element:
    if item.stand == "waiting":
        return button("Nudge", f"check.nudge/{item.item}", f"{walk.id}|{item.assignment}")
    label = "Change" if item.done else "Renew" if item.stand == "expired" else "Answer"
    return button(label, f"check.open/{item.item}", f"{walk.about}|{item.checklist}|{item.item}")
