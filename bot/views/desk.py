"""What waits for a person: one message in the morning, on request or when much comes; the same on Home."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.registry import Message, Scene, renders
from bot.views.case import inline, on_day, when
from bot.views.kit import Block, actions, bare, button, context, escape, name, section
from bot.views.review import TIER_MARK
from bot.views.say import Said, say
from workflows.approval import Approval
from workflows.consultation import Consultation
from workflows.decision import Aggregate
from workflows.desk import ANYTHING, Counts, Filter, Row, today_ends
from workflows.ids import UserId
from workflows.incident import Incident
from workflows.plan.plan import Plan
from workflows.portfolio_review import PortfolioReview
from workflows.seats import usable_mandate
from workflows.walk import Walk

_NAMES = (
    ("seat", "decision", "for you"),
    ("inquiry", "question", "for you to answer"),
    ("assignment", "item", "for you to answer"),
    ("condition", "condition", "for you to meet"),
    ("action", "action", "for you to do"),
)
"""What waits, by kind, in the order in which it is told: one of it, and what it waits for."""


@dataclass(frozen=True)
class Desk:
    """One page of what waits for a person."""

    user: UserId
    counts: Counts
    """Of all that waits, whatever page and filter is shown."""
    rows: tuple[Row, ...]
    asked: tuple[Consultation, ...]
    """Questions to the playbook that they have in hand, those of this page."""
    of: int
    """How many there are with this filter."""
    questions: int = 0
    """How many questions to the playbook they have in hand."""
    first: int = 0
    """How many come before this page."""

    @property
    def shown(self) -> int:
        """How many are on this page."""
        return len(self.rows) + len(self.asked)


@renders("desk")
def desk_message(scene: Scene, data: dict[str, object]) -> Message:
    """ "2 decisions wait for you, one is due today", each with a button to it; folded once a newer came."""
    user = UserId(scene.subject.id)
    scene = replace(scene, reader=user)  # in whichever thread it stands, it is this person's conversation
    if str(data.get("date") or "9") < scene.reading.desk_day(user):
        text = say(scene, "desk_folded")
        return Message(
            text=bare(text), blocks=[context(text), actions("desk|folded", [see_all("What waits for me?")])]
        )
    found = desk_of(scene, user)
    text = desk_line(scene, found)
    blocks = [section(text), *desk_rows(scene, found, "desk"), *all_of_it(scene, found, "desk")]
    return Message(text=bare(text), blocks=blocks)


def desk_of(
    scene: Scene, user: UserId, wanted: Filter = ANYTHING, page: int = 0, size: int | None = None
) -> Desk:
    """A page of what waits for a person, from the stored waits; ``page`` counts from 0.

    Questions to the playbook have no use case, so they are only there without a filter.
    """
    reading, now = scene.reading, scene.now
    size = size or scene.program.desk.page
    ends = today_ends(user, scene.directory, now)
    counts = reading.desk_counts(user, now, ends)
    matching = counts if wanted == ANYTHING else reading.desk_counts(user, now, ends, wanted)
    asked = tuple(reading.consultations_put_to(user))
    here = asked if wanted == ANYTHING else ()
    total = matching.total + len(here)
    page = max(0, min(page, (total - 1) // size))
    skip = page * size
    rows = reading.desk_page(user, wanted, now, size, skip) if skip < matching.total else ()
    after = max(0, skip - matching.total)
    return Desk(
        user=user,
        counts=counts,
        rows=rows,
        asked=here[after : after + size - len(rows)],
        of=total,
        questions=len(asked),
        first=skip,
    )


def desk_line(scene: Scene, found: Desk) -> Said:
    """How much waits, in one sentence."""
    counts = found.counts
    if not counts.total and not found.questions:
        return say(scene, "desk_nothing")
    said = []
    for kind, one, what in _NAMES:
        number = counts.kinds.get(kind, 0) + (found.questions if kind == "inquiry" else 0)
        if kind == "seat" and number:
            when_ = [f"{_count(counts.due_today)} due today"] if counts.due_today else []
            when_ += [f"{_count(counts.overdue)} overdue"] if counts.overdue else []
            wait = "1 decision waits" if number == 1 else f"{number:,} decisions wait"
            said.append(", ".join([f"*{wait}* {what}", *when_]) + ".")
        elif number:
            said.append(f"*{number:,} {one}{'s' if number > 1 else ''}* {what}.")
    return Said(" ".join(said))


def desk_rows(scene: Scene, found: Desk, place: str) -> list[Block]:
    """A row for each thing with the buttons to it, the most urgent first. ``place`` keeps block ids apart."""
    kept: dict[str, object] = {}
    made: list[Block] = []
    for number, row in enumerate(found.rows):
        key = str(row.subject)
        if key not in kept:
            kept[key] = _behind(scene, row)
        made += _row(scene, found.user, row, kept[key], f"{place}|{number}|{row.subject.id}")
    return [*made, *(_asked(scene, asked, place) for asked in found.asked)]


def all_of_it(scene: Scene, found: Desk, place: str) -> list[Block]:
    """The way to the pages, where there is more than is shown."""
    if found.of <= found.shown:
        return []
    text = say(scene, "desk_more", more=f"{found.of - found.shown:,}")
    return [context(text), actions(f"{place}|all", [see_all("See all, and filter")])]


def see_all(label: str) -> dict[str, object]:
    """The button that opens the list with its pages and filters."""
    return button(label, "desk.all")


def _behind(scene: Scene, row: Row) -> object:
    """The approval, walk, incident or review of a row."""
    kinds: dict[str, type[Aggregate]] = {
        "approval": Approval,
        "walk": Walk,
        "incident": Incident,
        "portfolio_review": PortfolioReview,
        "plan": Plan,
    }
    return scene.reading.get(kinds[row.subject.type], row.subject.id)


def _row(scene: Scene, user: UserId, row: Row, behind: object, place: str) -> list[Block]:
    """The lines and buttons of one thing; nothing where it is gone by now."""
    if isinstance(behind, Approval):
        return _of_approval(scene, user, row, behind, place)
    if isinstance(behind, Walk):
        return _of_walk(scene, row, behind, place)
    if isinstance(behind, Incident):
        return _of_incident(scene, row, behind, place)
    if isinstance(behind, PortfolioReview):
        return _of_review(scene, row, behind, place)
    if isinstance(behind, Plan):
        return _of_plan(scene, row, behind, place)
    return []


def _of_approval(scene: Scene, user: UserId, row: Row, approval: Approval, place: str) -> list[Block]:
    head = f"{TIER_MARK[approval.tier]} {_title(scene, row)}"
    if row.kind == "seat":
        seat = approval.seat(row.item)
        if seat is None:
            return []
        by = name(approval.asked_by or approval.submitter, scene.directory)
        value = f"{approval.id}|{seat.id}"
        line = f"{head}\n{escape(seat.label)} · from {by}{_due(scene, row)}"
        quick = approval.tier in scene.program.desk.one_click and usable_mandate(seat, user) is not None
        if not quick:
            return [section(line, button("Decide", "approval.open", value), place)]
        pair = [
            button("Decide", "approval.open", value),
            button("Approve", "desk.approve", value),
        ]
        return [section(line), actions(place, pair)]
    inquiry = approval.inquiry(row.item)
    if inquiry is not None:
        asker = name(inquiry.by, scene.directory)
        line = f"{head}\n{asker} asks: “{inline(inquiry.question, scene.directory, 300)}”"
        return [section(line, button("Answer", "inquiry.answer", f"{approval.id}|{inquiry.id}"), place)]
    condition = approval.condition(row.item)
    if condition is None:
        return []
    until = f" · due {on_day(scene, condition.due)}" if condition.due else ""
    line = f"{head}\nCondition: {inline(condition.text, scene.directory, 300)}{until}"
    done = button("Mark as done", "condition.done", f"{approval.id}|{condition.id}")
    return [section(line, done, place)]


def _of_walk(scene: Scene, row: Row, walk: Walk, place: str) -> list[Block]:
    assignment = next((a for a in walk.assignments if a.id == row.item), None)
    questionnaire = scene.program.questionnaires.get(walk.questionnaire)
    if assignment is None or questionnaire is None:
        return []
    known = {q.id: q.label for q in questionnaire.questions()}
    what = escape(known.get(assignment.question, assignment.question))
    by = name(assignment.by, scene.directory)
    line = f"{_title(scene, row)}\n{what} · from {by}{_due(scene, row)}"
    return [section(line, button("Answer", "assignment.answer", f"{walk.id}|{assignment.id}"), place)]


def _of_incident(scene: Scene, row: Row, incident: Incident, place: str) -> list[Block]:
    action = next((a for a in incident.actions if a.id == row.item), None)
    if action is None:
        return []
    title = _title(scene, row) if row.title else f"*{incident.id}*"
    line = f"🚨 {title}\nAction: {inline(action.text, scene.directory, 300)}{_due(scene, row)}"
    return [section(line, button("Mark as done", "action.done", f"{incident.id}|{action.id}"), place)]


def _of_review(scene: Scene, row: Row, review: PortfolioReview, place: str) -> list[Block]:
    task = review.task(row.item)
    if task is None:
        return []
    called = scene.reading.titles([task.use_case]).get(task.use_case, task.use_case)
    title = inline(called, scene.directory, 120)
    line = f"*{title}* ({task.use_case})\nReview: {inline(task.text, scene.directory, 300)}{_due(scene, row)}"
    look = button("Open", "portfolio.task_open", f"{review.id}|{task.use_case}|{task.id}")
    return [section(line, look, place)]


def _of_plan(scene: Scene, row: Row, plan: Plan, place: str) -> list[Block]:
    task = plan.task(row.item)
    if task is None:
        return []
    what = inline(task.action.text, scene.directory, 300)
    line = f"*{escape(scene.program.plan.label)}*\n{what}{_due(scene, row)}"
    return [section(line, button("Open", "plan.open", f"{plan.id}|{task.task}"), place)]


def _title(scene: Scene, row: Row) -> str:
    called = inline(row.title or str(row.use_case or row.subject.id), scene.directory, 120)
    return f"*{called}*" + (f" ({row.use_case})" if row.use_case and row.title else "")


def _due(scene: Scene, row: Row) -> str:
    if row.due is None:
        return ""
    return f" · {'was due' if row.due < scene.now else 'due'} {when(scene, row.due)}"


def _asked(scene: Scene, asked: Consultation, place: str) -> Block:
    """A question to the playbook that is in their hands."""
    assert asked.referral is not None, "what is in somebody's hands was put to them"
    who = name(asked.asker, scene.directory)
    line = f"{who} asks, and the playbook does not say: “{inline(asked.question, scene.directory, 300)}”"
    look = button("Answer", "referral.answer", f"{asked.id}|{asked.referral.id}")
    return section(line, look, f"{place}|{asked.id}")


def _count(number: int) -> str:
    return "one is" if number == 1 else f"{number:,} are"
