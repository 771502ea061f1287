"""Answers about the state of this moment, drawn from the records as whoever reads them may know these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.registry import Scene
from bot.views.case import Case, inline, outcome_line, seat_line, verdict_line
from bot.views.desk import all_of_it, desk_line, desk_of, desk_rows
from bot.views.kit import Block, Element, actions, at, button, context, escape, name, named, section
from bot.views.likeness import like_lines
from bot.views.portfolio_list import Chosen, choices_of, kept_of
from bot.views.raci import raci_blocks
from bot.views.release_told import version_in_use
from bot.views.review import TIER_MARK, stage_label, tier_lines
from bot.views.say import Said, say
from bot.views.where import standing
from storage.reading import Reading
from workflows.answers import Answers
from workflows.approval import Approval
from workflows.consultation import Consultation
from workflows.ids import UserId
from workflows.live import Held, holders, listing_of, owners, right_of, tier_of
from workflows.live_questions import LiveQuestion
from workflows.portfolio.listing import Listed, orders
from workflows.release import Release
from workflows.seeing import UNFINISHED, knows_of, people_in, reads_record
from workflows.use_case import UseCase

_LISTED = 10
_OWN = 5


def mine(reading: Reading, asked: Consultation) -> list[UseCase]:
    """The use cases that whoever asks has brought in, the newest first; drafts left out."""
    return [u for u in reading.use_cases_of(asked.asker) if u.stage not in UNFINISHED]


def live_blocks(scene: Scene, asked: Consultation, data: object) -> list[Block]:
    """What the records say at this moment to the question that was understood."""
    given = dict(data) if isinstance(data, dict) else {}
    apart = given.pop("apart", False)
    question = LiveQuestion.model_validate(given)
    reader = asked.asker if asked.private else None
    scene = replace(scene, reader=reader)
    if apart:
        return [section(say(scene, "live_private"))]
    blocks = _said(scene, asked, question, reader)
    if question.kind != "desk" and question.settled:
        blocks.append(context(say(scene, "live_as_of", when=Said(at(scene.now)))))
    return blocks


def _said(scene: Scene, asked: Consultation, question: LiveQuestion, reader: UserId | None) -> list[Block]:
    if question.kind == "desk" and reader:
        found, place = desk_of(scene, reader), f"live|{asked.id}"
        rows = desk_rows(scene, found, place)
        return [section(desk_line(scene, found)), *rows, *all_of_it(scene, found, place)]
    if question.kind in ("list", "count"):
        return _those(scene, question, reader)
    if not question.settled:
        return _which(scene, asked, question, reader)
    if question.mine and question.kind == "version":
        return _versions(scene, asked, reader)
    if question.mine:
        own = mine(scene.reading, asked)
        if not own:
            return [section(say(scene, "where_nothing"))]
        if question.kind == "raci":
            return raci_blocks(scene, own[0], _answers(scene, own[0]))
        blocks = [_about(scene, question, use_case, reader) for use_case in own[:_OWN]]
        more = [context(say(scene, "live_more", count=len(own) - _OWN))] if len(own) > _OWN else []
        return [*blocks, *more]
    use_case = scene.reading.use_case(str(question.use_case))
    if use_case is None or not knows_of(reader, use_case.stage, use_case.submitter):
        return [section(say(scene, "live_unknown", name=question.use_case or ""))]
    if question.kind == "raci":
        return raci_blocks(scene, use_case, _answers(scene, use_case))
    return [_about(scene, question, use_case, reader)]


def _versions(scene: Scene, asked: Consultation, reader: UserId | None) -> list[Block]:
    """What runs of the asker's use cases; where nothing of theirs does, what runs at all."""
    running = [r.use_case for r in scene.reading.matters(Release, statuses=("live",))]
    every = [u for id in dict.fromkeys(running) if (u := scene.reading.use_case(id))]
    own = [u for u in every if asked.asker in people_in(u, scene.program)] if reader else []
    shown = own or every
    if not shown:
        return [section(say(scene, "live_version_nowhere"))]
    more = [say(scene, "live_more", count=len(shown) - _OWN)] if len(shown) > _OWN else []
    return [*(section(version_in_use(scene, u)) for u in shown[:_OWN]), *map(context, more)]


def _about(scene: Scene, question: LiveQuestion, use_case: UseCase, reader: UserId | None) -> Block:
    """The answer for one use case, with the way to its record for whoever may read that."""
    approval = scene.reading.approval_of(use_case.id)
    reads = reads_record(reader, use_case, approval, scene.program, scene.directory, scene.now)
    answers = _answers(scene, use_case)
    match question.kind:
        case "right":
            lines = _right(scene, question, use_case, answers)
        case "owner":
            lines = [_owners(scene, question, use_case, answers)]
        case "tier":
            lines = _tier(scene, use_case, reads)
        case "version":
            lines = [version_in_use(scene, use_case)]
        case "like":
            lines = _like(scene, use_case)
        case "decision" | "deciders" if reads and approval:
            lines = _decision(scene, use_case, approval)
        case _ if reads:
            lines = [standing(scene, use_case, approval)]
        case _:
            lines = _outline(scene, use_case)
    private = question.kind in ("where", "tier", "decision", "deciders")
    if private and not reads:
        lines.append(say(scene, "live_for_those", owner=_contact(scene, use_case, answers)))
    shows = reads and use_case.stage not in UNFINISHED
    look = button("Open", "record.open", str(use_case.id)) if shows else None
    return section("\n".join(lines), look, f"live|{question.kind}|{use_case.id}")


def _answers(scene: Scene, use_case: UseCase) -> Answers:
    """The answers that count: while it is a draft they are in its walk."""
    if use_case.answers or use_case.stage not in UNFINISHED:
        return use_case.answers
    walk = scene.reading.walk_of(use_case.id)
    return walk.answers if walk else {}


def _right(scene: Scene, question: LiveQuestion, use_case: UseCase, answers: Answers) -> list[str]:
    right = right_of(question.right, scene.program)
    if right is None:
        return _outline(scene, use_case)
    title = _title(scene, use_case)
    found = holders(right, use_case, answers, scene.program, scene.directory, scene.now)
    able = [held for held in found if held.people]
    if able:
        key = "live_right_together" if right.together and len(able) > 1 else "live_right"
        lines: list[str] = [say(scene, key, title=title, who=_held(scene, able))]
    else:
        lines = [say(scene, "live_right_nobody", title=title, what=right.label)]
    lines += _missing(scene, found)
    if tier_of(use_case) is None and any("tier" in h.when or h.approvers for h in right.holders):
        lines.append(say(scene, "live_no_tier", title=title))
    return lines


def _owners(scene: Scene, question: LiveQuestion, use_case: UseCase, answers: Answers) -> str:
    found = owners(use_case, answers, scene.program, scene.directory, question.owner)
    told = [_line(scene, held) for held in found if held.people] + _missing(scene, found)
    return say(
        scene,
        "live_owners",
        title=_title(scene, use_case),
        id=use_case.id,
        submitter=Said(f"*{name(use_case.submitter, scene.directory)}*"),
        who=Said("\n" + "\n".join(told) if told else ""),
    )


def _tier(scene: Scene, use_case: UseCase, reads: bool) -> list[str]:
    title = _title(scene, use_case)
    if use_case.assessment is None:
        return [say(scene, "live_no_tier", title=title)]
    head = say(scene, "live_tier", title=title, tier=use_case.assessment.tier.tier)
    explained = escape(scene.program.tiers.explain[use_case.assessment.tier.tier])
    if not reads:
        return [f"{head} {explained}"]
    # The first of these lines names the tier once more.
    reasons = tier_lines(scene, use_case.assessment).split("\n")[1:]
    return [f"{head} {explained}", *reasons]


def _like(scene: Scene, use_case: UseCase) -> list[str]:
    """Those on record that are like it, and what they offer to build on."""
    found = like_lines(scene, use_case)
    if not found:
        return [say(scene, "like_none", title=_title(scene, use_case))]
    return [say(scene, "like_head", title=_title(scene, use_case)), *(f"• {line}" for line in found)]


def _decision(scene: Scene, use_case: UseCase, approval: Approval) -> list[str]:
    """What was decided by whom and when, on which conditions; or who is still to decide, until when."""
    case = Case(approval, use_case)
    head = f"*{_title(scene, use_case)}* ({use_case.id})"
    if approval.status == "waiting":
        seats = [seat_line(scene, approval, s) for s in approval.seats]
        dues = [s.due for s in approval.seats if s.due and not s.verdicts]
        until = [f"Due {at(max(dues))}."] if dues else []
        return [say(scene, "live_undecided", title=_title(scene, use_case)), *seats, *until]
    lines = [f"{head}: {outcome_line(scene, case)}"]
    for seat in approval.seats:
        own = tuple(c for c in approval.conditions if c.seat == seat.id)
        lines += [
            f"{inline(seat.label, scene.directory)}: {verdict_line(scene, v, own)}" for v in seat.verdicts
        ]
    if approval.status == "stopped":
        lines += [escape(b) for b in approval.because]
    return lines


def _outline(scene: Scene, use_case: UseCase) -> list[str]:
    stage = next((s for s in scene.program.life_cycle.stages if s.id == use_case.stage), None)
    says = f"\n{escape(stage.says)}" if stage else ""
    return [f"*{_title(scene, use_case)}* ({use_case.id}) · {stage_label(scene, use_case)}{says}"]


def _those(scene: Scene, question: LiveQuestion, reader: UserId | None) -> list[Block]:
    """Those that meet the conditions, in a page; more of them, and other filters, in the portfolio."""
    program, what = scene.program, _what(scene, question)
    wanted = listing_of(question, reader, scene.reading.approvals_open, scene.directory, scene.now)
    newest = orders(program)["newest"]
    found = scene.reading.portfolio(wanted, newest, program, _LISTED, 0, reader)
    if not found.of:
        return [section(say(scene, "live_none", what=what or "all"))]
    key = "live_those" if what else "live_all"
    head = say(scene, key, count=found.of, what=what)
    if question.kind == "count" and found.of > _LISTED:
        return [section(head), *_in_the_portfolio(question, reader)]
    lines = [_listed(scene, row) for row in found.rows]
    if found.of > _LISTED:
        lines.append(say(scene, "live_more", count=found.of - _LISTED))
    return [section("\n".join([head, *lines])), *_in_the_portfolio(question, reader)]


def _listed(scene: Scene, row: Listed) -> str:
    stage = next((s.label for s in scene.program.life_cycle.stages if s.id == row.stage), row.stage)
    title = inline(row.title or str(row.id), scene.directory, 150)
    return f"{TIER_MARK.get(row.tier or '', '')} *{title}* ({row.id}) · {escape(stage)}".strip()


def _in_the_portfolio(question: LiveQuestion, reader: UserId | None) -> list[Block]:
    """The way to the same list with its filters, where one person reads it and it can be chosen so."""
    if (
        reader is None
        or question.late
        or max(map(len, (question.lanes, question.stages, question.tiers))) > 1
    ):
        return []
    chosen = Chosen(
        lane=next(iter(question.lanes), ""),
        stage=next(iter(question.stages), ""),
        tier=next(iter(question.tiers), ""),
        bucket=next(iter(question.buckets), ""),
        function=question.function,
        owner="mine" if question.mine else "",
    )
    return [
        actions("live|portfolio", [button("See them in the portfolio", "inventory.show", kept_of(chosen))])
    ]


def _what(scene: Scene, question: LiveQuestion) -> str:
    labels = {s.id: s.label.lower() for s in scene.program.life_cycle.stages}
    function = scene.program.functions.get(question.function)
    lanes = [lane.many for lane in scene.program.inventory.in_order() if lane.id in question.lanes]
    kinds = choices_of(scene.program, scene.program.inventory.bucket)
    parts = [
        " or ".join(lanes),
        " or ".join(kinds[b].lower() for b in question.buckets if b in kinds),
        " or ".join(f"{t} risk" for t in question.tiers),
        " or ".join(labels[s] for s in question.stages if s in labels),
        function.label if function else "",
        "overdue or stuck" if question.late else "",
        "yours" if question.mine else "",
    ]
    return ", ".join(p for p in parts if p)


def _which(scene: Scene, asked: Consultation, question: LiveQuestion, reader: UserId | None) -> list[Block]:
    """Names that may be meant, each a button that asks the same of it; none is one that may not be known."""
    offered = [u for id in question.offered if (u := scene.reading.use_case(id))]
    known = [u for u in offered if knows_of(reader, u.stage, u.submitter)]
    unknown = say(scene, "live_unknown", name=question.named)
    if not known:
        return [section(unknown)]
    sure = len(known) > 1 and question.named.casefold() in known[0].title.casefold()
    head = say(scene, "live_which") if sure else f"{unknown} {say(scene, 'live_nearest')}"
    buttons: Sequence[Element] = [
        button(f"{u.title} ({u.id})", f"live.about/{u.id}", f"{asked.id}|{u.id}") for u in known
    ]
    return [section(head), actions(f"live|{asked.id}", buttons)]


def _held(scene: Scene, found: Sequence[Held]) -> Said:
    lines = [f"*{_people(scene, h)}* ({escape(_as(h))})" for h in found]
    return Said(lines[0] if len(lines) == 1 else f"{', '.join(lines[:-1])} and {lines[-1]}")


def _line(scene: Scene, held: Held) -> str:
    return f"{escape(held.label)}: *{_people(scene, held)}*"


def _people(scene: Scene, held: Held) -> str:
    return named(held.people, scene.directory, "and" if held.quorum >= len(held.people) > 1 else "or")


def _as(held: Held) -> str:
    return held.label[:1].lower() + held.label[1:] if held.label[1:2].islower() else held.label


def _missing(scene: Scene, found: Sequence[Held]) -> list[str]:
    lines: list[str] = [
        say(scene, "live_left", label=h.label, who=Said(named(h.left, scene.directory)))
        for h in found
        if h.left
    ]
    return lines + [say(scene, "live_unnamed", label=h.label) for h in found if not h.people and not h.left]


def _contact(scene: Scene, use_case: UseCase, answers: Answers) -> Said:
    """Whom to ask for more: the business owner, else whoever brought it in."""
    found = owners(use_case, answers, scene.program, scene.directory, "business_owner")
    people = next((h.people for h in found if h.people), (use_case.submitter,))
    return Said(f"*{named(people[:1], scene.directory)}*")


def _title(scene: Scene, use_case: UseCase) -> Said:
    return inline(use_case.title or str(use_case.id), scene.directory, 150)


def _mark(use_case: UseCase) -> str:
    return TIER_MARK[use_case.assessment.tier.tier] if use_case.assessment else ""
