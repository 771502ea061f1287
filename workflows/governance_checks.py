"""What must be true of the governance file over time: gates that are decided, changes, tenure, waivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.approval_terms import WAIVER_GATE, WaiverTerms
from workflows.expressions import holds
from workflows.ids import TIERS
from workflows.program import Governance
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.questions import Question, Questionnaire
from workflows.release import FIGURES

_INTAKE = "questionnaires/intake.yaml"


def check_approval_terms(sheets: Sheets, asked: Mapping[str, Question] | None, report: Report) -> None:
    """Add to the report what does not hold of the rows' gates, material changes, tenure and waivers."""
    sheet = sheets.governance
    if sheet is None:
        return
    first = sheet.content.gate
    gates = {first, WAIVER_GATE, *(g.content.id for g in sheets.gates)}
    for i, row in enumerate(sheet.content.rows):
        for j, gate in enumerate(row.gates):
            report.unknown(sheet, ("rows", i, "gates", j), "gate", gate, gates)
    _material(sheet, asked, report)
    _tenure(sheet, report)
    _waivers(sheet, sheets, asked, report)


def check_somebody_decides(sheets: Sheets, intake: Questionnaire, report: Report) -> None:
    """For each gate that asks the matrix and each tier some row decides, whatever else is answered.

    Only where neither this file nor the intake has another fault.
    """
    sheet = sheets.governance
    if sheet is None or any(e.file in (sheet.file, _INTAKE) for e in report.errors):
        return
    nothing: dict[str, Any] = {
        str(q.id): [] if q.type in ("multi", "people", "file") else None for q in intake.questions()
    }
    first = sheet.content.gate
    asking = [g.content.id for g in sheets.gates if g.content.approval and g.content.id != first]
    released = sheets.program.content.releases.gate if sheets.program else ""
    kinds = [(gate, "") for gate in (first, *asking) if gate != released]
    kinds += [(released, figure) for figure in FIGURES if any(g.content.id == released for g in sheets.gates)]
    for gate, figure in kinds:
        for tier in TIERS:
            held = [
                (i, r)
                for i, r in enumerate(sheet.content.rows)
                if gate in (r.gates or (first,))
                and holds(r.when, {**nothing, "tier": tier, "figure": figure})
            ]
            if any(r.steps or r.automatic or r.stop for _, r in held):
                continue
            at = f' at the gate "{gate}"' if gate != first else ""
            problem = f'no row decides for the tier "{tier}"{at} whatever else is answered'
            only = f"gates: [{gate}], " if gate != first else ""
            fix = f"""add a row with {only}when: 'tier == "{tier}"' and steps, automatic or stop"""
            if held:
                fix = "add steps, automatic: true or stop: true to this row"
            report.add(sheet, ("rows", held[0][0]) if held else ("rows",), problem, fix)


def _material(sheet: Sheet[Governance], asked: Mapping[str, Question] | None, report: Report) -> None:
    seen: set[str] = set()
    for i, group in enumerate(sheet.content.material):
        where: Path = ("material", i)
        if group.id in seen:
            report.add(sheet, (*where, "id"), f'"{group.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(group.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, "id"), f'"{group.id}" cannot be an id', fix)
        seen.add(group.id)
        if not group.label.strip():
            report.add(sheet, (*where, "label"), "is empty", "write the label; people read it")
        if not group.questions:
            report.add(sheet, (*where, "questions"), "names no question", "name at least one")
        for j, question in enumerate(group.questions):
            report.unknown(sheet, (*where, "questions", j), "question", question, asked)


def _tenure(sheet: Sheet[Governance], report: Report) -> None:
    tenure = sheet.content.tenure
    for tier, days in tenure.days.items():
        where: Path = ("tenure", "days", tier)
        if days < 1:
            report.add(sheet, where, "must be at least one day", "write 1 or more, or leave the tier out")
        elif days <= tenure.renew_days_before:
            problem = f"an approval of {days} days would be renewed {tenure.renew_days_before} days before"
            report.add(sheet, where, problem, "let it hold longer, or make renew_days_before less")
    _days(sheet, ("tenure", "remind_days_before"), tenure.remind_days_before, report)


def _waivers(
    sheet: Sheet[Governance], sheets: Sheets, asked: Mapping[str, Question] | None, report: Report
) -> None:
    terms: WaiverTerms = sheet.content.waivers
    for tier, days in terms.days_at_most.items():
        if days < 1:
            fix = "write 1 or more, or leave the tier out: then it has no waivers"
            report.add(sheet, ("waivers", "days_at_most", tier), "must be at least one day", fix)
    if terms.days_at_most and not terms.accepted_by:
        report.add(sheet, ("waivers",), "nobody accepts the risk", "add accepted_by: and a question")
    if terms.days_at_most and not terms.statement.strip():
        fix = "add statement: and the sentence that whoever accepts the risk ticks"
        report.add(sheet, ("waivers",), "there is nothing to accept the risk by", fix)
    people = {i for i, q in asked.items() if q.type == "person"} if asked is not None else None
    for j, question in enumerate(terms.accepted_by):
        report.unknown(sheet, ("waivers", "accepted_by", j), "question for a person", question, people)
    controls = {
        name
        for s in sheets.questionnaires
        for q in s.content.questions()
        if q.type == "check"
        for name in (s.content.id, f"{s.content.id}.{q.id}")
    }
    for j, control in enumerate(terms.never):
        report.unknown(sheet, ("waivers", "never", j), "checklist or item", control, controls)
    _days(sheet, ("waivers", "remind_days_before"), terms.remind_days_before, report)


def _days(sheet: Sheet[Governance], where: Path, days: tuple[int, ...], report: Report) -> None:
    for j, number in enumerate(days):
        if number < 1:
            report.add(sheet, (*where, j), "must be at least one day", "write 1 or more")
