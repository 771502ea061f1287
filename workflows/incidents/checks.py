"""What must be true of a program's policy for incidents: that all it names is there."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from workflows.expressions import check
from workflows.ids import TIERS
from workflows.incidents.policy import PLACEHOLDERS, RIGHTS, IncidentPolicy, Span, Whom
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.questions import Question, Questionnaire

_MOST = 10
"""How many kinds or severities a form can offer side by side."""


def check_incidents(
    sheet: Sheet[IncidentPolicy] | None,
    asked: Mapping[str, Question] | None,
    roles: Collection[str] | None,
    questionnaires: Mapping[str, Questionnaire],
    report: Report,
) -> None:
    """Add to the report whatever does not fit together in ``incidents.yaml``."""
    if sheet is None:
        return
    policy = sheet.content
    for name, things in (("kinds", policy.kinds), ("severities", policy.severities)):
        if not 1 <= len(things) <= _MOST:
            report.add(sheet, (name,), f"has {len(things)} entries", f"give between 1 and {_MOST}")
        _ids(sheet, (name,), things, report)
    _ids(sheet, ("messages",), policy.messages, report)
    for i, severity in enumerate(policy.severities):
        _span(sheet, ("severities", i, "take_within"), severity.take_within, report)
        if severity.update_every:
            _span(sheet, ("severities", i, "update_every"), severity.update_every, report)
        if not severity.means.strip():
            report.add(sheet, ("severities", i, "means"), "is empty", "write what it means; people read it")
    for path, whom in _everybody(policy):
        _whom(sheet, path, whom, asked, roles, report)
    for right in RIGHTS:
        if not policy.rights.get(right):
            fix = f"add {right}: and who may"
            report.add(sheet, ("rights",), f'nobody may "{right}" an incident', fix)
    if not policy.tell:
        report.add(sheet, ("tell",), "nobody is told of an incident", "name at least one")
    for i, template in enumerate(policy.messages):
        _text(sheet, ("messages", i, "text"), template.text, report)
    _review(sheet, questionnaires, report)


def _everybody(policy: IncidentPolicy) -> Iterable[tuple[Path, Whom]]:
    yield from ((("tell", i), w) for i, w in enumerate(policy.tell))
    for i, step in enumerate(policy.escalate):
        yield from ((("escalate", i, "to", j), w) for j, w in enumerate(step.to))
    for right, those in policy.rights.items():
        yield from ((("rights", right, j), w) for j, w in enumerate(those))
    for i, template in enumerate(policy.messages):
        yield from ((("messages", i, "to", j), w) for j, w in enumerate(template.to))


def _ids(sheet: Sheet[Any], where: Path, things: Iterable[Any], report: Report) -> None:
    seen: set[str] = set()
    for i, thing in enumerate(things):
        if thing.id in seen:
            report.add(sheet, (*where, i, "id"), f'"{thing.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(thing.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, i, "id"), f'"{thing.id}" cannot be an id', fix)
        seen.add(thing.id)
        if not thing.label.strip():
            report.add(sheet, (*where, i, "label"), "is empty", "write the label; people read it")


def _span(sheet: Sheet[Any], where: Path, span: Span, report: Report) -> None:
    if (span.minutes is None) == (span.working_hours is None):
        report.add(sheet, where, "is not one time", "give either minutes or working_hours")


def _whom(
    sheet: Sheet[IncidentPolicy],
    where: Path,
    whom: Whom,
    asked: Mapping[str, Question] | None,
    roles: Collection[str] | None,
    report: Report,
) -> None:
    named = [n for n in ("field", "role", "of") if getattr(whom, n)]
    if len(named) != 1:
        problem = "names several at once" if named else "names nobody"
        report.add(sheet, where, problem, "give exactly one of field, role and of")
    people = {q for q, of in (asked or {}).items() if of.type in ("person", "people")}
    if whom.field and asked is not None:
        report.unknown(sheet, (*where, "field"), "question for a person", whom.field, people)
    if whom.role and roles is not None:
        report.unknown(sheet, (*where, "role"), "role", whom.role, roles)
    if asked is None:
        return
    policy = sheet.content
    options = {
        "tier": TIERS,
        "kind": [k.id for k in policy.kinds],
        "severity": [s.id for s in policy.severities],
    }
    for problem in check(whom.when, [*asked, *options], asked, options):
        fix = "correct the condition; the language is described in docs/program.md"
        report.add(sheet, (*where, "when"), f'the condition "{whom.when.strip()}" {problem}', fix)


def _text(sheet: Sheet[Any], path: Path, text: str, report: Report) -> None:
    if not text.strip():
        report.add(sheet, path, "is empty", "write what is said")
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        report.add(sheet, path, "has a brace that is not closed", "write {name}, or {{ for a brace")
        return
    for name in sorted(found - PLACEHOLDERS):
        fix = "possible here: " + ", ".join(f"{{{p}}}" for p in sorted(PLACEHOLDERS))
        report.add(sheet, path, f'there is no placeholder "{{{name}}}" here', fix)


def _review(
    sheet: Sheet[IncidentPolicy], questionnaires: Mapping[str, Questionnaire], report: Report
) -> None:
    review = sheet.content.review
    if not review:
        if any(s.review for s in sheet.content.severities):
            fix = "add review: and the name of a questionnaire"
            report.add(sheet, ("severities",), "a review is demanded, but there is none", fix)
        return
    fit = [q.id for q in questionnaires.values() if q.about == "incident" and q.kind == "review"]
    report.unknown(sheet, ("review",), "questionnaire about an incident and of the kind review", review, fit)
