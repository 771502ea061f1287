"""What is told along the way of a case: questions and answers, conditions, steps, reminders, notices."""

from __future__ import annotations

from bot.registry import Message, Scene, renders
from bot.views.asked import asked_in
from bot.views.case import Case, case_of, informed, inline, on_day, waiting_names, when
from bot.views.kit import (
    Block,
    Element,
    actions,
    brief,
    button,
    clip,
    context,
    escape,
    name,
    named,
    prose,
    words,
)
from bot.views.say import Said, say
from workflows.approval import Condition, Inquiry
from workflows.ids import UserId
from workflows.seats import open_seats, usable_mandate


@renders("inquiry")
def inquiry(scene: Scene, data: dict[str, object]) -> Message:
    """A question to the submitter or to whoever knows; its answer stands in the place of the button."""
    case = case_of(scene)
    asked = _inquiry(case, data)
    text = say(
        scene,
        "inquiry",
        by=_name(scene, asked.by),
        title=case.title,
        question=_words(scene, asked.question),
    )
    blocks = prose(text)
    if asked.answered_by and asked.answered_at:
        answer = say(
            scene, "inquiry_answered", by=_name(scene, asked.answered_by), answer=_words(scene, asked.answer)
        )
        blocks += [*prose(f"💬 {answer}"), context(when(scene, asked.answered_at))]
    elif asked.open and case.approval.status == "waiting":
        if asked.of != case.approval.submitter and scene.reader != asked.of:
            blocks.append(context(say(scene, "inquiry_of", who=_name(scene, asked.of))))
        value = f"{case.approval.id}|{asked.id}"
        answer_it = button("Answer", "inquiry.answer", value, style="primary")
        blocks.append(actions(f"inquiry|{value}", [answer_it, _open(case)]))
        blocks.append(context(say(scene, "inquiry_how")))
    else:
        blocks.append(context(say(scene, "inquiry_not_needed")))
    return Message(text=brief(text), blocks=blocks)


@renders("answered")
def answered(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever asked: the answer, and the way back to their decision."""
    case = case_of(scene)
    asked = _inquiry(case, data)
    who = _name(scene, asked.answered_by) if asked.answered_by else Said("")
    text = say(
        scene,
        "inquiry_answered_you",
        by=who,
        title=case.title,
        question=inline(asked.question, scene.directory, 300),
        answer=_words(scene, asked.answer),
    )
    made: list[Element] = []
    seat = case.approval.seat(asked.seat)
    if seat and seat in open_seats(case.approval) and usable_mandate(seat, asked.by):
        value = f"{case.approval.id}|{seat.id}"
        made = [
            button("Approve", "approval.approve", value, style="primary"),
            button("Approve with conditions", "approval.conditions", value),
            button("Ask again", "approval.changes", value),
            button("Reject", "approval.reject", value, style="danger"),
        ]
    blocks = [
        *prose(text),
        actions(f"answered|{case.approval.id}|{asked.id}", [*made, _open(case, asked.seat)]),
    ]
    return Message(text=brief(text), blocks=blocks)


@renders("condition")
def condition(scene: Scene, data: dict[str, object]) -> Message:
    """To whoever promised it: what, for whom, until when, and a button for when it is done."""
    case = case_of(scene)
    kept = _condition(case, data)
    by = _name(scene, kept.by)
    text = say(scene, "condition", title=case.title, by=by, condition=_words(scene, kept.text))
    blocks = prose(text)
    if kept.done_at and kept.done_by:
        done = f"✅ *Done*: {name(kept.done_by, scene.directory)}, {when(scene, kept.done_at)}"
        return Message(text=brief(text), blocks=[*blocks, *prose(done)])
    if kept.due:
        blocks.append(context(say(scene, "condition_until", due=Said(on_day(scene, kept.due)))))
    if case.approval.status == "approved":
        value = f"{case.approval.id}|{kept.id}"
        done_ = button("Mark as done", "condition.done", value, style="primary")
        blocks.append(actions(f"condition|{value}", [done_, _open(case)]))
    return Message(text=brief(text), blocks=blocks)


@renders("reminder")
def reminder(scene: Scene, data: dict[str, object]) -> Message:
    """A polite word about a decision or a condition that waits, with the way to it; quiet once it is done."""
    case = case_of(scene)
    what = str(data.get("what"))
    if "condition" in data:
        return _about_condition(scene, case, what, data)
    seat = case.approval.seat(str(data.get("seat")))
    if seat is None:
        raise LookupError(f"approval {case.approval.id} has no seat {data.get('seat')}")
    waits = seat in open_seats(case.approval)
    values = {
        "title": case.title,
        "label": seat.label,
        "due": Said(when(scene, seat.due) if seat.due else "soon"),
        "who": waiting_names(scene, seat),
    }
    if not waits:
        text = say(scene, "reminder_settled", title=case.title)
    elif what == "overdue":
        text = say(scene, "reminder_overdue", **values)
    elif what == "nobody":
        text = say(scene, "reminder_nobody", **values)
    elif what == "due":
        text = say(scene, "reminder_due", **values)
    else:
        text = say(scene, "reminder", **values)
    blocks = prose(text)
    if waits:
        blocks.append(actions(f"reminder|{case.approval.id}|{seat.id}", [_open(case, seat.id)]))
    return Message(text=brief(text), blocks=blocks)


def _about_condition(scene: Scene, case: Case, what: str, data: dict[str, object]) -> Message:
    kept = _condition(case, data)
    keys = {
        "condition_met": "condition_met",
        "condition_due": "condition_reminder",
        "condition_overdue": "condition_overdue",
    }
    text = say(
        scene,
        "condition_met" if kept.done_at else keys.get(what, "condition_reminder"),
        title=case.title,
        owner=_name(scene, kept.done_by or kept.owner),
        condition=_words(scene, kept.text),
    )
    blocks = prose(text)
    if not kept.done_at:
        value = f"{case.approval.id}|{kept.id}"
        made = [button("Mark as done", "condition.done", value, style="primary"), _open(case)]
        blocks.append(actions(f"condition|{value}", made))
    return Message(text=brief(text), blocks=blocks)


_ASKED = (
    "submitted",
    "approved",
    "approved_with_conditions",
    "automatic",
    "rejected",
    "stopped",
    "withdrawn",
)
"""What is said otherwise where something else than the use case as submitted is asked for."""


@renders("progress")
def progress(scene: Scene, data: dict[str, object]) -> Message:
    """One step of the way, in a sentence or two, in the submitter's thread."""
    case = case_of(scene, str(data.get("approval")))
    event = str(data.get("event"))
    whole = case.approval.kind == "intake" or event not in _ASKED
    key = event if whole else f"asked_{event}"
    text = say(scene, key, **_values(scene, case, event, data))
    blocks: list[Block] = prose(text)
    if event == "approved_with_conditions":
        for kept in case.approval.conditions:
            due = f", due {on_day(scene, kept.due)}" if kept.due else ""
            owner = name(kept.owner, scene.directory)
            blocks += prose(f"• {_words(scene, kept.text)} ({owner}{due})")
    waiting = case.approval.status == "waiting"
    if event == "submitted" and waiting:
        sure = (
            "Withdraw it?",
            "The people who were asked are told. You can ask again at any time.",
            "Withdraw",
        )
        made = [button("Withdraw", "case.withdraw", str(case.approval.id), confirm=sure), _open(case)]
        blocks.append(actions(f"progress|{case.approval.id}|{event}", made))
    elif event in ("rejected", "stopped") and whole and case.use_case.stage == "rejected":
        again = button("Change it and submit again", "case.change", str(case.use_case.id), style="primary")
        blocks.append(actions(f"progress|{case.approval.id}|{event}", [again, _open(case)]))
    elif event in ("approved", "approved_with_conditions", "automatic"):
        blocks.append(actions(f"progress|{case.approval.id}|{event}", [_open(case)]))
    return Message(text=brief(text), blocks=blocks)


def _deciders(scene: Scene, case: Case) -> Said:
    """Everyone whose yes made it so, in the order in which they said it."""
    yes = sorted((v for s in case.approval.seats for v in s.verdicts), key=lambda v: v.at)
    return Said(named(dict.fromkeys(v.by for v in yes), scene.directory, "and"))


def _values(scene: Scene, case: Case, event: str, data: dict[str, object]) -> dict[str, object]:
    """What the sentences about a step may name; each takes from it what it needs."""
    approval = case.approval
    seat = approval.seat(str(data.get("seat")))
    open_ = open_seats(approval)
    waiting = " and ".join(f"{waiting_names(scene, s)} ({escape(s.label)})" for s in open_) or "nobody"
    no = next((v for s in approval.seats for v in s.verdicts if v.choice == "reject"), None)
    kept = approval.condition(str(data.get("condition")))
    asked = approval.inquiry(str(data.get("inquiry")))
    handed = [d for d in seat.delegations if d.to == data.get("to")] if seat else []
    why = f": “{inline(handed[-1].reason, scene.directory, 300)}”" if handed and handed[-1].reason else ""
    return {
        "title": case.title,
        "asked": asked_in(scene, case),
        "id": case.use_case.id,
        "by": _deciders(scene, case) if event.startswith("approved") else _name(scene, data.get("by")),
        "to": Said(_name(scene, data.get("to")) + why),
        "told": informed(scene, seat) if seat else Said(""),
        "seat": seat.label if seat else "",
        "who": Said(named(approval.notify, scene.directory, "and"))
        if event == "automatic"
        else Said(waiting),
        "waiting": Said(waiting),
        "conditions": "1 condition"
        if len(approval.conditions) == 1
        else f"{len(approval.conditions)} conditions",
        "reason": _words(scene, no.reason)
        if no
        else Said(" ".join(words(b, scene.directory) for b in approval.because)),
        "appeal": approval.appeal,
        "condition": _words(scene, kept.text) if kept else "",
        "answer": _words(scene, asked.answer) if asked else "",
        "due": Said(when(scene, seat.due) if seat and seat.due else "soon"),
    }


@renders("notice")
def notice(scene: Scene, data: dict[str, object]) -> Message:
    """To those who are told and not asked: what was decided about what, and why they hear of it."""
    case = case_of(scene, str(data.get("approval")))
    approval = case.approval
    key = {
        "approved": "notice_approved" if approval.seats else "notice_automatic",
        "stopped": "notice_stopped",
    }.get(approval.status, "notice_approved")
    if approval.kind != "intake":
        key = f"asked_{key}"
    text = say(
        scene,
        key,
        title=case.title,
        asked=asked_in(scene, case),
        id=case.use_case.id,
        tier=approval.tier,
        who=_name(scene, approval.asked_by or approval.submitter),
        because=Said(clip(" ".join(words(b, scene.directory) for b in approval.because), 1500)),
    )
    blocks = [*prose(text), actions(f"notice|{approval.id}", [_open(case)])]
    return Message(text=brief(text), blocks=blocks)


def _open(case: Case, seat: str = "") -> Element:
    return button("Open", "approval.open", f"{case.approval.id}|{seat}")


def _inquiry(case: Case, data: dict[str, object]) -> Inquiry:
    found = case.approval.inquiry(str(data.get("inquiry")))
    if found is None:
        raise LookupError(f"approval {case.approval.id} has no inquiry {data.get('inquiry')}")
    return found


def _condition(case: Case, data: dict[str, object]) -> Condition:
    found = case.approval.condition(str(data.get("condition")))
    if found is None:
        raise LookupError(f"approval {case.approval.id} has no condition {data.get('condition')}")
    return found


def _name(scene: Scene, user: object) -> Said:
    return Said(name(UserId(str(user)), scene.directory)) if user else Said("")


def _words(scene: Scene, text: str) -> Said:
    return Said(words(text, scene.directory))
