"""The portfolio in a modal: lanes as tabs, filters, an order, a page of it; on Home in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.inputs import packed, unpacked
from bot.registry import Block, Scene, View
from bot.views.case import inline
from bot.views.kit import (
    Element,
    actions,
    bar,
    button,
    context,
    escape,
    listed,
    menu,
    name,
    option,
    plain_text,
    section,
)
from bot.views.review import TIER_MARK
from bot.views.say import Said, say
from storage.portfolio import records
from workflows.ids import TIERS, Frozen, UserId
from workflows.portfolio.listing import NONE, Listed, Order, Page, Wanted, orders
from workflows.program import Program
from workflows.roles import resolve
from workflows.seeing import UNFINISHED, reads_record

CALLBACK = "inventory"
SIZE = 10
_ANY = "any"
_CLOSED = "closed"
_MINE = "mine"
_WORDS_AT_MOST = 100


class Chosen(Frozen):
    """What the reader has chosen in the list, kept in the modal and in what is exported from it."""

    page: int = 0
    lane: str = ""
    stage: str = ""
    """A stage, or ``closed`` for those that are put away as well."""
    tier: str = ""
    bucket: str = ""
    function: str = ""
    owner: str = ""
    """``mine``, or a person."""
    rank: str = ""
    words: str = ""

    def wanted(self, program: Program, user: str | None) -> Wanted:
        """The same for the database. What names nothing does not filter."""
        stages = {s.id for s in program.life_cycle.stages} - set(UNFINISHED)
        lanes = {lane.id for lane in program.inventory.lanes} | {NONE}
        owner = (user or "") if self.owner == _MINE else self.owner
        return Wanted(
            lanes=(self.lane,) if self.lane in lanes else (),
            stages=(self.stage,) if self.stage in stages else (),
            closed=self.stage == _CLOSED,
            tiers=tuple(t for t in TIERS if t == self.tier),
            buckets=(self.bucket,) if self.bucket else (),
            functions=(self.function,) if self.function else (),
            owner=owner,
            words=self.words.strip()[:_WORDS_AT_MOST],
        )

    def order(self, program: Program) -> Order:
        """How they are ordered: as chosen, else as the program says."""
        known = orders(program)
        return known.get(self.rank) or next(iter(known.values()))


def chosen_in(private: str) -> Chosen:
    """What was chosen in an open list; nothing for a value that is none of ours."""
    try:
        return Chosen.model_validate(unpacked(private))
    except ValidationError:
        return Chosen()


def kept_of(chosen: Chosen) -> str:
    """What was chosen, as a button or a modal holds it."""
    return packed(**chosen.model_dump(exclude_defaults=True))


def choices_of(program: Program, question: str) -> dict[str, str]:
    """The options of a question by id; none where the program names no question."""
    asked = next((q for q in program.intake.questions() if q.id == question), None) if question else None
    return {c.id: c.label for c in asked.choices} if asked else {}


def portfolio_list(scene: Scene, user: UserId, chosen: Chosen, foot: list[Element]) -> View:
    """The modal; ``foot`` are the buttons below the list."""
    program = scene.program
    wanted, order = chosen.wanted(program, user), chosen.order(program)
    found = scene.reading.portfolio(wanted, order, program, SIZE, max(0, chosen.page) * SIZE, user)
    chosen = chosen.model_copy(update={"page": found.first // SIZE})
    blocks: list[Block] = [section(counts_line(scene, found)), _tabs(program, chosen, found)]
    lane = program.inventory.lane(chosen.lane)
    blocks += [context(f"{lane.mark} {escape(lane.says)}".strip())] if lane else []
    blocks += [_filters(program, chosen, order), _words(scene, chosen)]
    blocks += portfolio_rows(scene, user, found, order)
    if not found.of:
        key = (
            "portfolio_none_match" if sum(found.lanes.values()) or _filters_any(chosen) else "portfolio_empty"
        )
        blocks.append(section(say(scene, key)))
    blocks += _pages(found)
    blocks += [actions("inventory|foot", foot)] if foot else []
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Portfolio", 24),
        "submit": plain_text("Find", 24),
        "close": plain_text("Close", 24),
        "private_metadata": kept_of(chosen),
        "blocks": blocks[:100],
    }


def counts_line(scene: Scene, found: Page) -> Said:
    """``*42 use cases*: 12 quick wins, 5 strategic bets and 3 for the archive.``"""
    total = sum(found.lanes.values())
    said = lanes_said(scene.program, found.lanes)
    count = Said(f"*{total:,} use case{'' if total == 1 else 's'}*")
    if not said:
        return say(scene, "portfolio_counts_plain", count=count)
    return say(scene, "portfolio_counts", count=count, lanes=Said(said))


def lanes_said(program: Program, lanes: Mapping[str, int]) -> str:
    """``12 quick wins and 1 strategic bet``; empty where no lane has any."""
    counted = [(lane, lanes.get(lane.id, 0)) for lane in program.inventory.in_order()]
    parts = []
    for lane, number in counted:
        if number:
            one = number == 1 and lane.many.lower().startswith(lane.label.lower())
            parts.append(f"{number:,} {escape(lane.label.lower() if one else lane.many)}")
    return listed(parts, "and") if parts else ""


def _tabs(program: Program, chosen: Chosen, found: Page) -> Block:
    total = sum(found.lanes.values())
    made = [_tab("All", total, "", not chosen.lane)]
    for lane in program.inventory.in_order():
        label = f"{lane.mark} {lane.label}".strip()
        made.append(_tab(label, found.lanes.get(lane.id, 0), lane.id, chosen.lane == lane.id))
    return actions("inventory|lanes", made)


def _tab(label: str, number: int, id: str, chosen: bool) -> Element:
    made = button(f"{label} · {number:,}", f"inventory.lane/{id or _ANY}", id or _ANY)
    return {**made, "style": "primary"} if chosen else made


def _filters(program: Program, chosen: Chosen, order: Order) -> Block:
    stages = {s.id: s.label for s in program.life_cycle.stages if s.id not in UNFINISHED}
    inventory = program.inventory
    menus = [
        _menu(
            "Open, any stage", "inventory.stage", {**stages, _CLOSED: "Those put away as well"}, chosen.stage
        ),
        _menu("Any tier", "inventory.tier", {t: t.capitalize() for t in TIERS}, chosen.tier),
    ]
    for every, field, question in (
        ("Any kind", "bucket", inventory.bucket),
        ("Any part of the company", "function", inventory.function),
    ):
        options = choices_of(program, question)
        if options:
            menus.append(_menu(every, f"inventory.{field}", options, getattr(chosen, field)))
    menus.append(_menu("Anybody's", "inventory.owner", {_MINE: "Mine"}, chosen.owner))
    known = {o.id: o.label for o in orders(program).values()}
    ranked = menu("Order", "inventory.rank", [option(label, id) for id, label in known.items()])
    ranked["initial_option"] = option(order.label, order.id)
    return actions("inventory|filters", [*menus, ranked])


def _menu(every: str, action: str, options: Mapping[str, str], chosen: str) -> Element:
    made = menu(every, action, [option(every, _ANY), *(option(label, id) for id, label in options.items())])
    if chosen in options:
        made["initial_option"] = option(options[chosen], chosen)
    return made


def _filters_any(chosen: Chosen) -> bool:
    return bool(chosen.model_dump(exclude_defaults=True, exclude={"page", "rank"}))


def _words(scene: Scene, chosen: Chosen) -> Block:
    field: Element = {
        "type": "plain_text_input",
        "action_id": "inventory.words",
        "placeholder": plain_text(say(scene, "portfolio_find"), 150),
        "max_length": _WORDS_AT_MOST,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if chosen.words:
        field["initial_value"] = chosen.words[:_WORDS_AT_MOST]
    return {
        "type": "input",
        "block_id": "inventory|words",
        "dispatch_action": True,
        "optional": True,
        "label": plain_text("Use case", 150),
        "element": field,
    }


def portfolio_rows(scene: Scene, user: UserId | None, found: Page, order: Order) -> list[Block]:
    """A row for each use case: its outline, and the way to its record for whoever may read that."""
    open_to = readable(scene, user, found.rows)
    made: list[Block] = []
    for row in found.rows:
        look = button("Open", "record.open", str(row.id)) if row.id in open_to else None
        made.append(section(row_line(scene, row, order), look, f"inventory|{row.id}"))
    return made


def readable(scene: Scene, user: UserId | None, rows: tuple[Listed, ...]) -> set[str]:
    """Those of the rows whose record this reader may read."""
    if user is None or not rows:
        return set()
    if reads_every_record(scene, user):
        return {row.id for row in rows}
    approvals = scene.reading.newest_approvals(row.id for row in rows)
    there = records(scene.reading.connection, (row.id for row in rows))
    return {
        id
        for id, use_case in there.items()
        if reads_record(user, use_case, approvals.get(use_case.id), scene.program, scene.directory, scene.now)
    }


def reads_every_record(scene: Scene, user: UserId) -> bool:
    """Whether this person is in a role that may read the record of any use case, whatever its answers."""
    if not scene.directory.person(user).active:
        return False
    roles = scene.program.decision_rights.records
    return any(
        user in found.people
        for role in roles
        if not (found := resolve(role, scene.program, {}, scene.directory, scene.now)).unresolved
    )


def row_line(scene: Scene, row: Listed, order: Order) -> str:
    """Three lines: lane and name; tier, stage, function and owner; the scores it is ranked by."""
    program = scene.program
    lane = program.inventory.lane(row.lane)
    title = inline(row.title or str(row.id), scene.directory, 120)
    stage = next((s.label for s in program.life_cycle.stages if s.id == row.stage), row.stage)
    parts = [f"{TIER_MARK[row.tier]} {row.tier}" if row.tier else "no tier yet", escape(stage)]
    functions = choices_of(program, program.inventory.function)
    if row.function:
        parts.append(escape(functions.get(row.function, row.function)))
    owner = name(UserId(row.business_owner), scene.directory) if row.business_owner else ""
    parts.append(f"with {owner}" if owner else "no owner")
    if order.id == "users" and row.users is not None:
        parts.append(f"{row.users:,.0f} users")
    first = f"{lane.mark if lane else ''} *{title}* ({row.id})".strip()
    bars = " · ".join(_bars(program, row, order))
    return "\n".join(line for line in (first, " · ".join(parts), bars) if line)


def _bars(program: Program, row: Listed, order: Order) -> list[str]:
    wanted = [d for d, _ in order.by] or [d for d, _ in next(iter(orders(program).values())).by]
    card = program.scorecards[program.scorecard]
    labels = {d.id: d.label for d in card.dimensions}
    return [f"{escape(labels[d])} {bar(row.scores[d])}" for d in wanted if d in row.scores and d in labels]


def _pages(found: Page) -> list[Block]:
    if not found.of:
        return []
    shown = len(found.rows)
    made = [context(f"{found.first + 1:,} to {found.first + shown:,} of {found.of:,}")]
    turn = [button("Back", "inventory.page/back", "back")] if found.first else []
    turn += [button("Next", "inventory.page/next", "next")] if found.first + shown < found.of else []
    return [*made, actions("inventory|pages", turn)] if turn else made


def home_line(scene: Scene, user: UserId) -> list[Block]:
    """The portfolio in one sentence, with the way to it; nothing where there is none."""
    program = scene.program
    found = scene.reading.portfolio(Wanted(), Chosen().order(program), program, 0, 0, user)
    if not found.of or not program.inventory.lanes:
        return []
    text = say(scene, "portfolio_home", lanes=Said(lanes_said(program, found.lanes)))
    return [section(text, button("Portfolio", "inventory.show"), "home|portfolio")]


def chosen_of(data: Any) -> Chosen:
    """What a button chose to show; everything where that is none of ours."""
    return chosen_in(str(data or ""))
