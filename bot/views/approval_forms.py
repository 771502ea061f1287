"""The modals of a decision: conditions, a question, a reason, a delegate, an answer, and the whole case."""

from __future__ import annotations

from typing import Any

from bot.inputs import packed
from bot.registry import Scene
from bot.views.approval import before, deadline, decide, inquiry_lines
from bot.views.asked import asked_in, particulars
from bot.views.case import Case, inline, outcome_line, seat_line
from bot.views.evidence import evidence_in_full
from bot.views.kit import (
    Block,
    Element,
    actions,
    button,
    context,
    divider,
    escape,
    header,
    plain_text,
    prose,
    section,
)
from bot.views.where import record_blocks
from workflows.approval import Seat
from workflows.approving import TEXT_AT_MOST
from workflows.ids import UserId
from workflows.people import Directory
from workflows.results import names_of
from workflows.seats import is_open, usable_mandate

View = dict[str, Any]

PROMISES_AT_MOST = 5
_BLOCKS = 100


def reject_form(case: Case, seat: str) -> View:
    """Why not; the reason is required."""
    ask = "What speaks against it? The submitter reads this and may change it and submit again."
    return _form(
        "approval.reject", "Reject", "Reject", case, {"seat": seat}, [text_field("reason", "Reason", ask)]
    )


def changes_form(case: Case, seat: str) -> View:
    """A question, and whom it goes to: the submitter unless somebody else knows."""
    blocks = [
        text_field(
            "question",
            "What would you like to know, or see changed?",
            "It goes to their thread; the answer comes back to you.",
        ),
        person_field("of", "Who should answer?", case.approval.submitter),
    ]
    return _form("approval.changes", "Request changes", "Send", case, {"seat": seat}, blocks)


def conditions_form(case: Case, seat: str, how_many: int = 1) -> View:
    """Up to five conditions, each with who sees to it and by when. Only the first is required."""
    blocks: list[Block] = []
    for n in range(how_many):
        if n:
            blocks.append(divider())
        label = "Condition" if how_many == 1 else f"Condition {n + 1}"
        blocks += [
            text_field(
                f"text/{n}", label, "For example: transcripts are deleted after 30 days.", optional=n > 0
            ),
            person_field(f"owner/{n}", "Who sees to it?", case.approval.submitter),
            {
                "type": "input",
                "block_id": f"due/{n}",
                "optional": True,
                "label": plain_text("By when?", 100),
                "element": {"type": "datepicker", "action_id": "due"},
            },
        ]
    if how_many < PROMISES_AT_MOST:
        blocks.append(
            actions("another", [button("Add another condition", "approval.another", str(how_many + 1))])
        )
    return _form("approval.conditions", "Approve", "Approve", case, {"seat": seat}, blocks)


def delegate_form(case: Case, seat: str) -> View:
    """Who decides instead, and why. They may decide in this one matter and nothing else."""
    blocks = [
        person_field("to", "Who should decide instead of you?", None),
        text_field("reason", "Why?", "They and the submitter read it.", optional=True),
    ]
    return _form("approval.delegate", "Delegate", "Hand over", case, {"seat": seat}, blocks)


def answer_form(case: Case, inquiry_id: str) -> View:
    """The answer to a question, below the question itself."""
    asked = case.approval.inquiry(inquiry_id)
    ask = "It goes onto the card of whoever asked."
    blocks: list[Block] = [text_field("answer", "Your answer", ask)]
    if asked:
        blocks = [*prose(f"“{inline(asked.question, Directory(), TEXT_AT_MOST)}”"), *blocks]
    return _form("inquiry.answer", "Answer", "Send", case, {"inquiry": inquiry_id}, blocks)


def told(title: str, text: str) -> View:
    """One sentence in a modal, where a form can no longer do what it was for."""
    return {
        "type": "modal",
        "title": plain_text(title, 24),
        "close": plain_text("Close", 24),
        "blocks": prose(text),
    }


def whole_case(scene: Scene, case: Case, seat: Seat | None, user: UserId) -> View:
    """Everything about a case to read; with the buttons, where it is this person's turn."""
    approval = case.approval
    top: list[Block] = []
    if outcome_line(scene, case):
        top.append(section(outcome_line(scene, case)))
    top += [section(f"*Asked for:* {asked_in(scene, case)}"), *particulars(scene, case)]
    if approval.because:
        top += prose("*Why these people are asked*\n" + "\n".join(f"• {escape(b)}" for b in approval.because))
    asked = (*names_of(scene.program, approval.assessments), *approval.documents)
    if asked:
        top += prose("*Asked for on the way*\n" + "\n".join(f"• {escape(a)}" for a in asked))
    top += evidence_in_full(scene, case)
    if approval.seats:
        top += [b for s in approval.seats[:20] for b in prose(seat_line(scene, approval, s))]
    for inquiry in approval.inquiries:
        top += prose(inquiry_lines(scene, inquiry, TEXT_AT_MOST))
    buttons: list[Block] = []
    if seat and is_open(approval, seat) and usable_mandate(seat, user):
        row = decide(scene, approval, seat)
        row["elements"] = [e for e in row["elements"] if e["action_id"] != "approval.open"]
        buttons = [section(deadline(scene, approval, seat)), row]
    record = record_blocks(scene, case.use_case)
    blocks = [*record, divider(), header("The decision"), *top, *before(scene, case)]
    room = _BLOCKS - len(buttons) - 1
    if len(blocks) > room:
        blocks = [
            *blocks[:room],
            context("There is more than fits here; ask for `preflight usecases show` to read it all."),
        ]
    return {
        "type": "modal",
        "callback_id": "approval.whole",
        "private_metadata": packed(approval=approval.id, seat=seat.id if seat else ""),
        "title": plain_text(str(case.use_case.id), 24),
        "close": plain_text("Close", 24),
        "blocks": [*blocks, *buttons],
    }


def _form(
    callback: str, title: str, submit: str, case: Case, what: dict[str, str], blocks: list[Block]
) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(approval=case.approval.id, **what),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": [context(f"*{inline(case.title, Directory(), 150)}* ({case.use_case.id})"), *blocks],
    }


def text_field(
    block: str, label: str, hint: str, optional: bool = False, at_most: int = TEXT_AT_MOST
) -> Block:
    """A field for a few sentences."""
    return {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": plain_text(label, 2000),
        "hint": plain_text(hint, 2000),
        "element": {
            "type": "plain_text_input",
            "action_id": block.split("/")[0],
            "multiline": True,
            "max_length": at_most,
        },
    }


def person_field(block: str, label: str, chosen: UserId | None) -> Block:
    """A field for one person of the workspace."""
    element: Element = {"type": "users_select", "action_id": block.split("/")[0]}
    if chosen:
        element["initial_user"] = chosen
    return {"type": "input", "block_id": block, "label": plain_text(label, 2000), "element": element}
