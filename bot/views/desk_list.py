"""The list of all that waits for a person, in a modal: filters, a page of it, and the way to the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pydantic import ValidationError

from bot.inputs import packed, unpacked
from bot.registry import Block, Scene, View
from bot.views.desk import desk_line, desk_of, desk_rows
from bot.views.kit import Element, actions, button, context, menu, option, plain_text, section
from bot.views.say import say
from workflows.desk import Filter, today_ends
from workflows.ids import TIERS, Frozen, UserId

CALLBACK = "desk"
_KINDS: Mapping[str, str] = {
    "seat": "Decisions",
    "inquiry": "Questions from approvers",
    "assignment": "Items handed to me",
    "condition": "Conditions",
    "action": "Actions",
}
_DUE: Mapping[str, str] = {"late": "Overdue", "today": "Due by tonight", "week": "Due within a week"}
_ANY = "any"


class Chosen(Frozen):
    """What the reader has chosen in the list, kept in the modal."""

    page: int = 0
    kind: str = ""
    tier: str = ""
    due: str = ""
    function: str = ""
    words: str = ""

    def filter(self, scene: Scene, user: UserId) -> Filter:
        """The same for the database. What names nothing does not filter."""
        ends = today_ends(user, scene.directory, scene.now)
        before = {"late": scene.now, "today": ends, "week": ends + timedelta(days=6)}.get(self.due)
        function = scene.program.functions.get(self.function)
        return Filter(
            kinds=(self.kind,) if self.kind in _KINDS else (),
            tiers=tuple(t for t in TIERS if t == self.tier),
            due_before=before,
            submitters=scene.directory.groups.get(function.group, ()) if function else None,
            words=self.words.strip()[:100],
        )


def chosen_in(private: str) -> Chosen:
    """What was chosen in an open list; nothing for a value that is none of ours."""
    try:
        return Chosen.model_validate(unpacked(private))
    except ValidationError:
        return Chosen()


def desk_list(scene: Scene, user: UserId, chosen: Chosen) -> View:
    """The modal."""
    wanted = chosen.filter(scene, user)
    found = desk_of(scene, user, wanted, chosen.page)
    size = scene.program.desk.page
    chosen = chosen.model_copy(update={"page": found.first // size})
    blocks: list[Block] = [section(desk_line(scene, found)), _filters(scene, chosen), _words(chosen)]
    if found.of:
        blocks += desk_rows(scene, found, f"list|{found.first}")
        blocks += _pages(found.first, found.shown, found.of)
    elif found.counts.total:
        blocks.append(section(say(scene, "desk_none_match")))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("What waits for me", 24),
        "submit": plain_text("Find", 24),
        "close": plain_text("Close", 24),
        "private_metadata": packed(**chosen.model_dump(exclude_defaults=True)),
        "blocks": blocks[:100],
    }


def _filters(scene: Scene, chosen: Chosen) -> Block:
    functions = {f.id: f.label for f in scene.program.functions.values()}
    menus = [
        _menu("Everything", "desk.kind", _KINDS, chosen.kind),
        _menu("Any tier", "desk.tier", {t: t.capitalize() for t in TIERS}, chosen.tier),
        _menu("Due at any time", "desk.due", _DUE, chosen.due),
    ]
    if functions:
        menus.append(_menu("From all functions", "desk.function", functions, chosen.function))
    return actions("desk|filters", menus)


def _menu(every: str, action: str, options: Mapping[str, str], chosen: str) -> Element:
    made = menu(every, action, [option(every, _ANY), *(option(label, id) for id, label in options.items())])
    if chosen in options:
        made["initial_option"] = option(options[chosen], chosen)
    return made


def _words(chosen: Chosen) -> Block:
    field: Element = {
        "type": "plain_text_input",
        "action_id": "desk.words",
        "placeholder": plain_text("Part of the name, or its number; press Enter", 150),
        "max_length": 100,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if chosen.words:
        field["initial_value"] = chosen.words[:100]
    return {
        "type": "input",
        "block_id": "desk|words",
        "dispatch_action": True,
        "optional": True,
        "label": plain_text("Use case", 150),
        "element": field,
    }


def _pages(first: int, shown: int, of: int) -> list[Block]:
    made = [context(f"{first + 1:,} to {first + shown:,} of {of:,}")]
    turn = [button("Back", "desk.page/back", "back")] if first else []
    turn += [button("Next", "desk.page/next", "next")] if first + shown < of else []
    return [*made, actions("desk|pages", turn)] if turn else made
