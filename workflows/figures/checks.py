"""What must be true of a program's ``figures.yaml``: that all it names is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflows.digests.schedule import is_clock
from workflows.figures.catalogue import BY_ID
from workflows.figures.policy import CheckInTerms, FigurePolicy
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questions import Question


def check_figures(
    sheet: Sheet[FigurePolicy] | None,
    asked: Mapping[str, Question] | None,
    stages: Collection[str] | None,
    report: Report,
) -> None:
    """Add to the report whatever does not fit together in ``figures.yaml``."""
    if sheet is None:
        return
    policy = sheet.content
    if policy.outcome:
        for name in ("metric", "baseline", "target", "unit", "by"):
            _question(sheet, ("outcome", name), getattr(policy.outcome, name), asked, report)
    _question(sheet, ("north_star",), policy.north_star, asked, report)
    _question(sheet, ("room",), policy.room, asked, report)
    for i, guardrail in enumerate(policy.guardrails):
        where: Path = ("guardrails", i)
        report.unknown(sheet, (*where, "figure"), "figure", guardrail.figure, BY_ID)
        if any(g.figure == guardrail.figure for g in policy.guardrails[:i]):
            report.add(sheet, (*where, "figure"), "is used twice", "give each guardrail its own figure")
        for name in ("limit", "action"):
            _question(sheet, (*where, name), getattr(guardrail, name), asked, report)
    for name in ("owners", "alerts"):
        for i, question in enumerate(getattr(policy, name)):
            _question(sheet, (name, i), question, asked, report, ("person", "people"))
    for i, bounds in enumerate(policy.plausible.bounds):
        report.unknown(sheet, ("plausible", "bounds", i, "figure"), "figure", bounds.figure, BY_ID)
        if bounds.min is not None and bounds.max is not None and bounds.min > bounds.max:
            report.add(sheet, ("plausible", "bounds", i), "leaves nothing possible", "let min be below max")
    if policy.check_in:
        _check_in(sheet, policy.check_in, stages, report)


def _check_in(
    sheet: Sheet[FigurePolicy], terms: CheckInTerms, stages: Collection[str] | None, report: Report
) -> None:
    if not is_clock(terms.at):
        report.add(sheet, ("check_in", "at"), "is not a time of day", 'write it as "14:00"')
    for i, figure in enumerate(terms.asks):
        report.unknown(sheet, ("check_in", "asks", i), "figure", figure, BY_ID)
    for i, stage in enumerate(terms.stages):
        if stages is not None:
            report.unknown(sheet, ("check_in", "stages", i), "stage", stage, stages)
    for tier, weeks in terms.every_weeks.items():
        if weeks < 1:
            report.add(sheet, ("check_in", "every_weeks", tier), "must be 1 or more", "count weeks from 1")


def _question(
    sheet: Sheet[FigurePolicy],
    path: Path,
    name: str,
    asked: Mapping[str, Question] | None,
    report: Report,
    types: Collection[str] = (),
) -> None:
    if name and asked is not None:
        known = {q for q, of in asked.items() if not types or of.type in types}
        report.unknown(sheet, path, "question for a person" if types else "question", name, known)
