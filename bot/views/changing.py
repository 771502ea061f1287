"""The forms of a change: which answers, the new ones, and what it would re-open before it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.inputs import packed
from bot.registry import Block, View
from bot.views.case import inline
from bot.views.form import form
from bot.views.kit import (
    clip,
    divider,
    escape,
    name,
    named,
    option,
    plain_text,
    section,
)
from bot.views.review import TIER_MARK
from bot.views.say import Said, words_of
from workflows.answers import Answer
from workflows.changes import Proposal
from workflows.dossier import Dossier
from workflows.ids import QuestionId
from workflows.people import Directory
from workflows.program import Program
from workflows.questionnaire import shown, visible_questions
from workflows.questions import Question
from workflows.use_case import UseCase
from workflows.walk import Walk

OPEN = "change.open"
PICK = "change.pick"
FORM = "change.form"
_OPTIONS = 100


def pick_form(program: Program, use_case: UseCase, directory: Directory) -> View:
    """Which answers are to change; those whose change is material are named as such."""
    asked = changeable(program, use_case)
    material = {q: g.label for g in program.governance.material for q in g.questions}
    options = [
        option(
            q.label,
            str(q.id),
            clip(
                (f"Material ({material[q.id]}). " if q.id in material else "") + _now(q, use_case, directory),
                75,
            ),
        )
        for q in asked[:_OPTIONS]
    ]
    element = {
        "type": "multi_static_select",
        "action_id": "questions",
        "placeholder": plain_text("Choose one or more", 150),
        "options": options,
    }
    blocks: list[Block] = [
        section(words_of(program, "change_pick", title=use_case.title or use_case.id)),
        {
            "type": "input",
            "block_id": "questions",
            "label": plain_text("What has changed?", 100),
            "element": element,
        },
    ]
    return _modal(PICK, "Change the record", "Go on", packed(use_case=use_case.id), blocks)


def changeable(program: Program, use_case: UseCase) -> list[Question]:
    """Every question that is asked of this use case; files are attached in the thread."""
    visible = {q.id for q in visible_questions(program.intake, use_case.answers)}
    return [q for q in program.intake.questions() if q.id in visible and q.type != "file"]


def _now(question: Question, use_case: UseCase, directory: Directory) -> str:
    answer = use_case.answers.get(question.id)
    return f"Now: {shown(question, answer.value, directory)}" if answer else "Not answered yet"


def change_form(
    program: Program,
    use_case: UseCase,
    walk: Walk,
    questions: Sequence[str],
    directory: Directory,
    preview: Sequence[Block] = (),
    seen: str = "",
) -> View:
    """The new answers; with ``preview`` above them, what they would do, and then Confirm.

    ``walk`` carries what is filled in so far. ``seen`` identifies what the preview says.
    """
    fields = form(program, walk, directory, questions)["blocks"]
    private = packed(use_case=use_case.id, questions=list(questions), seen=seen)
    blocks = [*preview, *([divider()] if preview else []), *fields]
    return _modal(FORM, "Change the record", "Confirm" if preview else "See what it does", private, blocks)


def preview_of(program: Program, proposal: Proposal, dossier: Dossier, directory: Directory) -> list[Block]:
    """What a change would do: the answers, the tier, who decides anew, and whose word still counts."""
    lines = [
        _line(program.intake.question(c.question), c.before, c.after, directory) for c in proposal.changes
    ]
    blocks: list[Block] = [section(clip("\n".join(lines), 2900))]
    said = []
    if proposal.tier and proposal.tier != proposal.tier_before:
        before = proposal.tier_before or "none"
        said.append(f"{TIER_MARK[proposal.tier]} *Tier:* {before} → *{proposal.tier}*")
    if proposal.stop:
        said.append(words_of(program, "change_stopped", reason=proposal.stop))
        return [*blocks, section("\n".join(said))]
    if proposal.seats:
        asked = "\n".join(f"• {escape(s.label)}: {named(s.people, directory)}" for s in proposal.seats)
        said.append(f"{words_of(program, 'change_reopens')}\n{asked}")
    elif proposal.replans:
        said.append(words_of(program, "change_replans"))
    else:
        said.append(words_of(program, "change_at_once"))
    if proposal.carried:
        kept = "\n".join(
            f"• {escape(c.label)}: {name(c.by, directory)}, {c.approval}" for c in proposal.carried
        )
        said.append(f"{words_of(program, 'change_carries')}\n{kept}")
    return [*blocks, section(clip("\n".join(said), 2900))]


def _line(question: Question, before: Answer | None, after: Answer | None, directory: Directory) -> str:
    was, will = (
        inline(shown(question, a.value, directory), directory, 300) if a else Said("nothing")
        for a in (before, after)
    )
    return f"*{escape(question.label)}:* {was} → *{will}*"


def as_walk(walk: Walk, answers: Mapping[QuestionId, Answer]) -> Walk:
    """The walk that a form is drawn from, with these answers."""
    return walk.model_copy(update={"answers": dict(answers)})


def _modal(callback: str, title: str, submit: str, private: str, blocks: Sequence[Any]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": private,
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Close", 24),
        "blocks": list(blocks)[:100],
    }
