"""What must be true of ``plan.yaml``."""

from __future__ import annotations

from collections.abc import Collection

from workflows.plan.policy import Phase, PlanPolicy
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER

TASK_AT_MOST = 300


def check_plan(sheet: Sheet[PlanPolicy] | None, roles: Collection[str] | None, report: Report) -> None:
    """Add to the report whatever does not fit together; ``roles``: ``None`` where they could not be read."""
    if sheet is None:
        return
    plan = sheet.content
    if plan.phases and not plan.label.strip():
        report.add(sheet, ("label",), "is empty", "say what the plan is called; people read it")
    if plan.sponsor:
        report.unknown(sheet, ("sponsor",), "role", plan.sponsor, roles)
    phases: set[str] = set()
    tasks: set[str] = set()
    begins = 1
    for n, phase in enumerate(plan.phases):
        at: Path = ("phases", n)
        _identifier(sheet, at, phase.id, phases, report)
        if not phase.label.strip():
            report.add(sheet, (*at, "label"), "is empty", "write the label; people read it")
        if phase.ends < begins:
            problem = f"the phase ends on day {phase.ends}, before it begins on day {begins}"
            report.add(sheet, (*at, "ends"), problem, "give it a later day than the phase before")
        _tasks(sheet, at, phase, tasks, roles, report)
        begins = phase.ends + 1


def _tasks(
    sheet: Sheet[PlanPolicy],
    at: Path,
    phase: Phase,
    seen: set[str],
    roles: Collection[str] | None,
    report: Report,
) -> None:
    for n, task in enumerate(phase.tasks):
        here: Path = (*at, "tasks", n)
        _identifier(sheet, here, task.id, seen, report)
        if not task.text.strip() or len(task.text) > TASK_AT_MOST:
            problem = f"is {len(task.text)} characters long; 1 to {TASK_AT_MOST} can be shown"
            report.add(sheet, (*here, "text"), problem, "say what is there when it is done")
        if task.day > phase.ends:
            problem = f"day {task.day} is after the end of its phase, day {phase.ends}"
            report.add(sheet, (*here, "day"), problem, "give it an earlier day, or put it into a later phase")
        report.unknown(sheet, (*here, "role"), "role", task.role, roles)


def _identifier(sheet: Sheet[PlanPolicy], at: Path, id: str, seen: set[str], report: Report) -> None:
    if id in seen:
        report.add(sheet, (*at, "id"), f'"{id}" is used twice', "give each its own id")
    elif not IDENTIFIER.match(id):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, (*at, "id"), f'"{id}" cannot be an id', fix)
    seen.add(id)
