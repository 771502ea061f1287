"""What must be true of ``feedback.yaml``."""

from __future__ import annotations

from collections.abc import Collection

from workflows.feedback_policy import FeedbackPolicy
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER

LABEL_AT_MOST = 75


def check_feedback(
    sheet: Sheet[FeedbackPolicy] | None, roles: Collection[str] | None, report: Report
) -> None:
    """Add to the report whatever does not fit together; ``roles``: ``None`` where they could not be read."""
    if sheet is None:
        return
    seen: set[str] = set()
    for n, theme in enumerate(sheet.content.themes):
        at: Path = ("themes", n)
        if theme.id in seen:
            report.add(sheet, (*at, "id"), f'"{theme.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(theme.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*at, "id"), f'"{theme.id}" cannot be an id', fix)
        seen.add(theme.id)
        if not theme.label.strip() or len(theme.label) > LABEL_AT_MOST:
            problem = f"is {len(theme.label)} characters long; 1 to {LABEL_AT_MOST} can be shown"
            report.add(sheet, (*at, "label"), problem, "say in a few words what people notice")
        if not theme.words and not theme.examples:
            fix = "add words that speak of it, or examples"
            report.add(sheet, at, f'nothing can be sorted under "{theme.id}"', fix)
    for place, names in ((("to",), sheet.content.to), (("recurring", "to"), sheet.content.recurring.to)):
        for n, name in enumerate(names):
            report.unknown(sheet, (*place, n), "role", name, roles)
