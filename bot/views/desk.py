"""What waits for a person: one message in the morning or on request, and the same rows on the Home tab."""

from __future__ import annotations

from dataclasses import replace

from bot.registry import Message, Scene, renders
from bot.views.case import inline, on_day, when
from bot.views.kit import Block, bare, button, context, escape, name, section
from bot.views.review import TIER_MARK
from bot.views.say import Said, say
from workflows.consultation import Consultation
from workflows.ids import UserId
from workflows.reminding import Desk, Waiting, desk

_SHOWN = 15


@renders("desk")
def desk_message(scene: Scene, data: dict[str, object]) -> Message:
    """ "2 decisions wait for you, one is due today", and each with a button to it."""
    user = UserId(scene.subject.id)
    scene = replace(scene, reader=user)  # in whichever thread it stands, it is this person's conversation
    found = desk_of(scene, user)
    text = desk_line(scene, found)
    blocks = [section(text), *desk_rows(scene, found, "desk", _SHOWN)]
    more = len(found.items) + len(found.asked) - _SHOWN
    if more > 0:
        blocks.append(context(f"and {more} less urgent ones: my Home tab shows them"))
    return Message(text=bare(text), blocks=blocks)


def desk_of(scene: Scene, user: UserId) -> Desk:
    """What waits for a person, from the stored cases."""
    reading = scene.reading
    asked = reading.consultations_put_to(user)
    return desk(user, reading.approvals_that_want(user), scene.directory, scene.now, asked)


def desk_line(scene: Scene, found: Desk) -> Said:
    """How much waits, in one sentence."""
    if not (found.items or found.asked):
        return say(scene, "desk_nothing")
    said = []
    if found.decisions:
        many = "1 decision waits" if found.decisions == 1 else f"{found.decisions} decisions wait"
        when_ = [f"{_count(found.due_today)} due today"] if found.due_today else []
        when_ += [f"{_count(found.overdue)} overdue"] if found.overdue else []
        said.append(", ".join([f"*{many}* for you", *when_]) + ".")
    questions = sum(1 for w in found.items if w.inquiry) + len(found.asked)
    if questions:
        said.append(f"*{questions} question{'s' if questions > 1 else ''}* for you to answer.")
    conditions = sum(1 for w in found.items if w.condition)
    if conditions:
        said.append(f"*{conditions} condition{'s' if conditions > 1 else ''}* for you to meet.")
    return Said(" ".join(said))


def desk_rows(scene: Scene, found: Desk, place: str, at_most: int) -> list[Block]:
    """A row for each thing with the button to it, the most urgent first. ``place`` keeps block ids apart."""
    shown = found.items[:at_most]
    titles = scene.reading.titles(waiting.approval.use_case for waiting in shown)
    rows = [
        _row(scene, waiting, titles.get(waiting.approval.use_case, ""), f"{place}|{n}")
        for n, waiting in enumerate(shown)
    ]
    return [*rows, *(_asked(scene, asked, place) for asked in found.asked[: at_most - len(shown)])]


def _asked(scene: Scene, asked: Consultation, place: str) -> Block:
    """A question to the playbook that is in their hands."""
    assert asked.referral is not None, "what is in somebody's hands was put to them"
    who = name(asked.asker, scene.directory)
    line = f"{who} asks, and the playbook does not say: “{inline(asked.question, scene.directory, 300)}”"
    look = button("Answer", "referral.answer", f"{asked.id}|{asked.referral.id}")
    return section(line, look, f"{place}|{asked.id}")


def _row(scene: Scene, waiting: Waiting, called: str, place: str) -> Block:
    approval = waiting.approval
    title = inline(called or approval.use_case, scene.directory, 120)
    head = f"{TIER_MARK[approval.tier]} *{title}* ({approval.use_case})"
    due = ""
    if waiting.due:
        late = waiting.due < scene.now
        due = f"{'was due' if late else 'due'} {when(scene, waiting.due)}"
    if waiting.seat:
        by = name(approval.submitter, scene.directory)
        line = f"{head}\n{escape(waiting.seat.label)} · from {by}" + (f" · {due}" if due else "")
        look = button("Decide", "approval.open", f"{approval.id}|{waiting.seat.id}", style="primary")
    elif waiting.inquiry:
        asker = name(waiting.inquiry.by, scene.directory)
        line = f"{head}\n{asker} asks: “{inline(waiting.inquiry.question, scene.directory, 300)}”"
        look = button("Answer", "inquiry.answer", f"{approval.id}|{waiting.inquiry.id}")
    else:
        condition = waiting.condition
        assert condition is not None, "what waits is a decision, a question or a condition"
        until = f" · due {on_day(scene, condition.due)}" if condition.due else ""
        line = f"{head}\nCondition: {inline(condition.text, scene.directory, 300)}{until}"
        look = button("Mark as done", "condition.done", f"{approval.id}|{condition.id}")
    return section(line, look, f"{place}|{approval.id}")


def _count(number: int) -> str:
    return "one is" if number == 1 else f"{number} are"
