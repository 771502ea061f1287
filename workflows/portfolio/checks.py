"""What must be true of a program's review of the portfolio: that all it names is there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.expressions import check
from workflows.ids import TIERS, QuestionId
from workflows.portfolio.policy import FACTS, TRUE_OR_FALSE, PortfolioPolicy
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questions import Question, QuestionType

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d$")
_FIELDS = {
    "metric": ("short_text", "long_text", "choice"),
    "baseline": ("number", "percent", "money"),
    "target": ("number", "percent", "money"),
    "unit": ("short_text", "choice"),
    "by": ("date",),
    "users": ("number",),
}


def check_portfolio(
    sheet: Sheet[PortfolioPolicy] | None,
    asked: Mapping[str, Question] | None,
    roles: Collection[str] | None,
    stages: Collection[str] | None,
    report: Report,
) -> None:
    """Add to the report whatever does not fit together in ``portfolio_review.yaml``."""
    if sheet is None:
        return
    policy = sheet.content
    _cadence(sheet, report)
    for name in ("decides", "prepares"):
        if roles is not None:
            report.unknown(sheet, (name,), "role", getattr(policy, name), roles)
    if not policy.stages:
        report.add(sheet, ("stages",), "nothing is gone through", "name at least one stage")
    for name in ("metric", "target", "by"):
        if not getattr(policy, name):
            fix = "name the question; whether an outcome can be measured rests on it"
            report.add(sheet, (name,), "is missing", fix)
    for i, stage in enumerate(policy.stages):
        if stages is not None:
            report.unknown(sheet, ("stages", i), "stage", stage, stages)
    ids = [c.id for c in policy.courses]
    for i, course in enumerate(policy.courses):
        if ids.count(course.id) > 1:
            report.add(sheet, ("courses", i, "id"), f'"{course.id}" is used twice', "keep one")
        if course.moves_to and stages is not None:
            report.unknown(sheet, ("courses", i, "moves_to"), "stage", course.moves_to, stages)
        if asked is not None:
            people = [q for q, of in asked.items() if of.type == "person"]
            report.unknown(sheet, ("courses", i, "owner"), "question for a person", course.owner, people)
    for i, proposal in enumerate(policy.proposals):
        _expression(sheet, ("proposals", i, "when"), proposal.when, asked, stages, report)
        for j, wanted in enumerate(proposal.courses):
            report.unknown(sheet, ("proposals", i, "courses", j), "course", wanted, ids)
        if not proposal.courses:
            report.add(sheet, ("proposals", i, "courses"), "proposes nothing", "name a course")
        if not proposal.because.strip():
            report.add(sheet, ("proposals", i, "because"), "is empty", "write why; people read it")
    for i, when in enumerate(policy.first):
        _expression(sheet, ("first", i), when, asked, stages, report)
    report.unknown(sheet, ("otherwise",), "course", policy.otherwise, ids)
    unmoved = [c.id for c in policy.courses if not c.moves_to]
    if policy.otherwise in ids and policy.otherwise not in unmoved:
        fix = f"use one that moves nothing: {', '.join(unmoved)}"
        report.add(sheet, ("otherwise",), "is not possible from every stage", fix)
    for name, types in _FIELDS.items():
        given = getattr(policy, name)
        if given and asked is not None:
            fit = [q for q, of in asked.items() if of.type in types]
            report.unknown(sheet, (name,), f"question of the type {' or '.join(types)}", given, fit)


def _cadence(sheet: Sheet[PortfolioPolicy], report: Report) -> None:
    cadence = sheet.content.cadence
    for i, month in enumerate(cadence.months):
        if not 1 <= month <= 12:
            report.add(sheet, ("cadence", "months", i), "is not a month", "write 1 to 12")
    if not _CLOCK.match(cadence.at):
        report.add(sheet, ("cadence", "at"), "is not a time of day", 'write it as "09:00"')
    try:
        ZoneInfo(cadence.zone)
    except (ZoneInfoNotFoundError, ValueError):
        fix = "write it as Europe/London"
        report.add(sheet, ("cadence", "zone"), f'there is no time zone "{cadence.zone}"', fix)


def _expression(
    sheet: Sheet[PortfolioPolicy],
    path: Path,
    source: str,
    asked: Mapping[str, Question] | None,
    stages: Collection[str] | None,
    report: Report,
) -> None:
    if asked is None or stages is None:
        return
    options = {"tier": TIERS, "stage": stages}
    known = {**asked, **{fact: _as_question(fact) for fact in FACTS if fact not in options}}
    for problem in check(source, [*known, *options], known, options):
        fix = "correct the condition; the language is described in docs/program.md"
        report.add(sheet, path, f'the condition "{source.strip()}" {problem}', fix)


def _as_question(fact: str) -> Question:
    """A fact as a question with answers of its type, so that conditions over it can be tried."""
    kind: QuestionType = "yesno" if fact in TRUE_OR_FALSE else "number"
    return Question(id=QuestionId(fact), type=kind, label=fact, ask=fact)
