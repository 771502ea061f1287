"""What must be true of a program's ``figures.yaml``: that all it names is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workflows.expressions import nearest
from workflows.figures.catalogue import BY_ID
from workflows.figures.policy import CheckInTerms, FigurePolicy
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questions import Question

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d$")


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
        _one_of(sheet, (*where, "figure"), "figure", guardrail.figure, BY_ID, report)
        if any(g.figure == guardrail.figure for g in policy.guardrails[:i]):
            report.add(sheet, (*where, "figure"), "is used twice", "give each guardrail its own figure")
        for name in ("limit", "action"):
            _question(sheet, (*where, name), getattr(guardrail, name), asked, report)
    for name in ("owners", "alerts"):
        for i, question in enumerate(getattr(policy, name)):
            _question(sheet, (name, i), question, asked, report, ("person", "people"))
    for i, bounds in enumerate(policy.plausible.bounds):
        _one_of(sheet, ("plausible", "bounds", i, "figure"), "figure", bounds.figure, BY_ID, report)
        if bounds.min is not None and bounds.max is not None and bounds.min > bounds.max:
            report.add(sheet, ("plausible", "bounds", i), "leaves nothing possible", "let min be below max")
    if policy.check_in:
        _check_in(sheet, policy.check_in, stages, report)


def _check_in(
    sheet: Sheet[FigurePolicy], terms: CheckInTerms, stages: Collection[str] | None, report: Report
) -> None:
    if not _CLOCK.match(terms.at):
        report.add(sheet, ("check_in", "at"), "is not a time of day", 'write it as "14:00"')
    for i, figure in enumerate(terms.asks):
        _one_of(sheet, ("check_in", "asks", i), "figure", figure, BY_ID, report)
    for i, stage in enumerate(terms.stages):
        if stages is not None:
            _one_of(sheet, ("check_in", "stages", i), "stage", stage, stages, report)
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
        _one_of(sheet, path, "question for a person" if types else "question", name, known, report)


def _one_of(
    sheet: Sheet[FigurePolicy], path: Path, what: str, name: str, known: Collection[str], report: Report
) -> None:
    if name not in known:
        near = nearest(name, known)
        fix = f'did you mean "{near}"?' if near else f"use one of: {', '.join(sorted(known)) or '(none)'}"
        report.add(sheet, path, f'there is no {what} "{name}"', fix)
