"""What must hold of the items of checklists: who owns and sees to them, and what evidence they accept."""

from __future__ import annotations

from collections.abc import Collection

from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questions import Question, Questionnaire

_ONLY_OF_ITEMS = ("evidence", "owner", "duty", "maps")
_HELP_AT_MOST = 300


def check_items(
    sheet: Sheet[Questionnaire],
    people: Collection[str] | None,
    roles: Collection[str] | None,
    report: Report,
) -> None:
    """Add to the report whatever does not hold. ``people`` are the questions of the intake for a person,
    ``roles`` the roles there are; ``None`` where that file cannot be read."""
    for i, step in enumerate(sheet.content.steps):
        for j, question in enumerate(step.questions):
            _item(sheet, ("steps", i, "questions", j), question, people, roles, report)


def _item(
    sheet: Sheet[Questionnaire],
    where: Path,
    question: Question,
    people: Collection[str] | None,
    roles: Collection[str] | None,
    report: Report,
) -> None:
    if question.type != "check":
        for name in _ONLY_OF_ITEMS:
            if getattr(question, name):
                problem = f"a {question.type} has no {name}"
                report.add(sheet, (*where, name), problem, "remove it, or make it type: check")
        return
    demand = question.evidence
    if demand is not None and not demand.kinds:
        report.add(sheet, (*where, "evidence", "kinds"), "accepts nothing", "name text, link, file or metric")
    if demand is not None and len(demand.help) > _HELP_AT_MOST:
        problem = f"is {len(demand.help)} characters long; {_HELP_AT_MOST} can be shown"
        report.add(sheet, (*where, "evidence", "help"), problem, "shorten it")
    if question.owner and roles is not None and question.owner not in roles:
        report.unknown(sheet, (*where, "owner"), "role", question.owner, roles)
    if question.duty and roles is not None and people is not None:
        known = {*roles, *people}
        if question.duty not in known:
            report.unknown(sheet, (*where, "duty"), "role or question for a person", question.duty, known)
