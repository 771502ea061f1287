"""The forms of the plan: its first day, another day for a task, another owner, and one more task."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.inputs import packed
from bot.views.approval_forms import person_field, text_field
from bot.views.kit import Block, bare, clip, context, escape, field_menu, option, plain_text
from bot.views.say import words_of
from workflows.plan.checks import TASK_AT_MOST
from workflows.plan.plan import Plan, PlanTask
from workflows.program import Program

View = dict[str, Any]


def start_form(program: Program, first: date) -> View:
    """The first day."""
    day = _day("begins", "First day")
    day["element"]["initial_date"] = first.isoformat()
    return _form(
        "plan.start", program.plan.label, "Start", {}, [context(words_of(program, "plan_form_start")), day]
    )


def move_form(program: Program, plan: Plan, task: PlanTask) -> View:
    """Another day, and why."""
    hint = bare(words_of(program, "plan_form_why"))
    why = text_field("reason", "Why?", hint, at_most=TASK_AT_MOST)
    return _form(
        "plan.move", "Move a task", "Save", _of(plan, task), [_text(task), _day("due", "Done by"), why]
    )


def hand_form(plan: Plan, task: PlanTask) -> View:
    """Another owner."""
    return _form(
        "plan.hand",
        "Hand on a task",
        "Save",
        _of(plan, task),
        [_text(task), person_field("to", "Who?", None)],
    )


def add_form(program: Program, plan: Plan) -> View:
    """One more task."""
    phases = [option(p.label, p.id) for p in program.plan.phases]
    which: Block = {
        "type": "input",
        "block_id": "phase",
        "label": plain_text("Phase", 100),
        "element": field_menu("phase", phases),
    }
    hint = bare(words_of(program, "plan_form_task"))
    text = text_field("text", "What is there when it is done?", hint, at_most=TASK_AT_MOST)
    owner = person_field("owner", "Whose is it?", None)
    private = {"plan": plan.id}
    return _form("plan.add", "Add a task", "Add", private, [which, text, owner, _day("due", "Done by")])


def _of(plan: Plan, task: PlanTask) -> dict[str, str]:
    return {"plan": f"{plan.id}|{task.task}"}


def _text(task: PlanTask) -> Block:
    return context(escape(clip(task.action.text, 300)))


def _day(block: str, label: str) -> Block:
    return {
        "type": "input",
        "block_id": block,
        "label": plain_text(label, 100),
        "element": {"type": "datepicker", "action_id": block},
    }


def _form(callback: str, title: str, submit: str, private: dict[str, Any], blocks: list[Block]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": packed(**private),
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
    }
