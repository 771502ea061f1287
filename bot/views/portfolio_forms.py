"""The forms of the portfolio: a lane by hand, and the pairs of use cases that are likely the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.inputs import packed
from bot.registry import Block, Scene, View
from bot.views.case import inline
from bot.views.kit import (
    Element,
    actions,
    button,
    context,
    divider,
    escape,
    name,
    option,
    plain_text,
    section,
)
from bot.views.review import TIER_MARK
from bot.views.say import say
from storage.likenesses import Alike
from workflows.portfolio.lanes import facets_now
from workflows.portfolio.listing import Listed
from workflows.portfolio.sorting import REASON_AT_MOST
from workflows.roles import resolve
from workflows.use_case import UseCase

LANE = "lane.set"
PAIRS = "pairs"
PAIRS_SHOWN = 8
RULES = "-"
"""In the form: the lane that the rules choose."""


def lane_lines(scene: Scene, use_case: UseCase) -> list[str]:
    """In which lane it is and why; where that was chosen by hand, beside the one by the rules."""
    inventory, by_hand = scene.program.inventory, use_case.lane
    computed = inventory.lane(facets_now(use_case, scene.program).get("lane", ""))
    if by_hand:
        chosen = inventory.lane(by_hand.lane)
        return [
            say(
                scene,
                "lane_line_by_hand",
                lane=chosen.label if chosen else by_hand.lane,
                who=name(by_hand.by, scene.directory),
                why=inline(by_hand.reason, scene.directory, 300),
                computed=computed.label if computed else "-",
            )
        ]
    return [say(scene, "lane_line", lane=computed.label, because=computed.because)] if computed else []


def lane_button(scene: Scene, use_case: UseCase) -> list[Element]:
    """The way to choose it by hand, for the program team."""
    if scene.reader is None or not scene.program.inventory.lanes:
        return []
    program, directory = scene.program, scene.directory
    team = resolve(program.program_team, program, use_case.answers, directory, scene.now).people
    return [button("Lane", "lane.open/record", str(use_case.id))] if scene.reader in team else []


def lane_form(scene: Scene, use_case: UseCase) -> View:
    """Which lane, and why; the one that the rules choose is said."""
    inventory = scene.program.inventory
    computed = inventory.lane(facets_now(use_case, scene.program).get("lane", ""))
    rules = computed.label if computed else "none"
    because = computed.because if computed else "no rule holds"
    options = [option(f"As the rules say ({rules})", RULES)]
    options += [option(lane.label, lane.id, lane.says) for lane in inventory.in_order()]
    chosen = next((o for o in options if use_case.lane and o["value"] == use_case.lane.lane), options[0])
    title = inline(use_case.title or str(use_case.id), scene.directory, 150)
    blocks: list[Block] = [
        section(say(scene, "lane_asks", title=title, lane=rules, because=because)),
        {
            "type": "input",
            "block_id": "lane",
            "label": plain_text("Lane", 100),
            "element": {
                "type": "static_select",
                "action_id": "lane",
                "options": options,
                "initial_option": chosen,
            },
        },
        {
            "type": "input",
            "block_id": "reason",
            "optional": True,
            "label": plain_text("Why?", 100),
            "hint": plain_text(say(scene, "lane_reason_hint"), 150),
            "element": {
                "type": "plain_text_input",
                "action_id": "reason",
                "multiline": True,
                "max_length": REASON_AT_MOST,
            },
        },
    ]
    return {
        "type": "modal",
        "callback_id": LANE,
        "private_metadata": packed(use_case=use_case.id),
        "title": plain_text("Lane", 24),
        "submit": plain_text("Keep", 24),
        "close": plain_text("Close", 24),
        "blocks": blocks,
    }


def pairs_view(scene: Scene, pairs: Sequence[tuple[Alike, Listed, Listed]], skipped: int, more: bool) -> View:
    """Pairs that are likely the same, each with what can be said of it."""
    blocks: list[Block] = [section(say(scene, "pairs_head" if pairs else "pairs_none"))]
    for pair, one, other in pairs:
        value = f"{one.id}|{other.id}|{skipped}"
        lines = [_outline(scene, one), _outline(scene, other)]
        blocks += [
            divider(),
            section("\n".join(lines)),
            context(f"{pair.score:.0%} likely the same: {escape(pair.why)}"),
            actions(
                f"pair|{one.id}|{other.id}",
                [
                    button("Join them", "pair.join", value),
                    button("Not the same", "pair.part", value),
                ],
            ),
        ]
    turn = [button("Back", "pairs.page/back", str(max(0, skipped - PAIRS_SHOWN)))] if skipped else []
    turn += [button("Next", "pairs.page/next", str(skipped + PAIRS_SHOWN))] if more else []
    blocks += [actions("pairs|pages", turn)] if turn else []
    return {
        "type": "modal",
        "callback_id": PAIRS,
        "title": plain_text("Likely the same", 24),
        "close": plain_text("Close", 24),
        "blocks": blocks[:100],
    }


def _outline(scene: Scene, row: Listed) -> str:
    stage = next((s.label for s in scene.program.life_cycle.stages if s.id == row.stage), row.stage)
    title = inline(row.title or str(row.id), scene.directory, 150)
    return f"{TIER_MARK.get(row.tier or '', '')} *{title}* ({row.id}) · {escape(stage)}".strip()
