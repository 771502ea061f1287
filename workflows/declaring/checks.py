"""What must be true of the declaring part of ``life_cycle.yaml``."""

from __future__ import annotations

from workflows.expressions import nearest
from workflows.program import LifeCycle
from workflows.program_sheets import Report, Sheet
from workflows.questions import Questionnaire


def check_declaring(sheet: Sheet[LifeCycle], intake: Questionnaire | None, report: Report) -> None:
    """Add to the report a stage or a question that is not there, or that cannot serve."""
    rule = sheet.content.declaring
    if not rule.stage:
        return
    known = {s.id for s in sheet.content.stages}
    submitted = any(
        (m.from_, m.to, m.by) == (rule.stage, "submitted", "submitter") for m in sheet.content.moves
    )
    if not report.unknown(sheet, ("declaring", "stage"), "stage", rule.stage, known) and not submitted:
        fix = f"add the move from: {rule.stage}, to: submitted, by: submitter"
        report.add(sheet, ("declaring", "stage"), f'"{rule.stage}" cannot be submitted', fix)
    if intake is None:
        return
    choices = {str(q.id): {c.id for c in q.choices} for q in intake.questions() if q.type == "choice"}
    for question, value in rule.assumes.items():
        if value not in choices.get(question, ()):
            near = nearest(value, choices.get(question, ()))
            fix = f'did you mean "{near}"?' if near else "name a choice question of the intake and an option"
            problem = f'"{question}" has no option "{value}"'
            report.add(sheet, ("declaring", "assumes", question), problem, fix)
    if rule.data and rule.data not in choices:
        near = nearest(rule.data, choices)
        fix = f'did you mean "{near}"?' if near else "name a question of type choice of the intake"
        report.add(sheet, ("declaring", "data"), f'the intake has no choice "{rule.data}"', fix)
