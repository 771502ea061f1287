"""What must be true of ``learning.yaml``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflows.learning.policy import LearningPolicy, Module
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.source_checks import check_source

CHOICE_AT_MOST = 75
"""Characters that a button shows."""
CHOICES = (2, 5)
_TEXT_AT_MOST = 1000
_MODULES_AT_MOST = 20


def check_learning(
    sheet: Sheet[LearningPolicy] | None,
    roles: Collection[str] | None,
    functions: Collection[str] | None,
    report: Report,
) -> None:
    """Add to the report whatever does not fit together; ``None`` for what could not be read."""
    if sheet is None:
        return
    seen: set[str] = set()
    for n, path in enumerate(sheet.content.paths):
        at: Path = ("paths", n)
        _identifier(sheet, at, path.id, seen, report)
        for field, text in (("label", path.label), ("about", path.about)):
            _said(sheet, (*at, field), text, _TEXT_AT_MOST, report)
        _known(sheet, (*at, "roles"), "role", path.roles, roles, report)
        _known(sheet, (*at, "functions"), "function", path.functions, functions, report)
        if not 1 <= len(path.modules) <= _MODULES_AT_MOST:
            problem = f"has {len(path.modules)} modules"
            report.add(sheet, (*at, "modules"), problem, f"give it 1 to {_MODULES_AT_MOST}")
        within: set[str] = set()
        for m, module in enumerate(path.modules):
            _identifier(sheet, (*at, "modules", m), module.id, within, report)
            _module(sheet, (*at, "modules", m), module, report)
    _known(sheet, ("counts", "roles"), "role", sheet.content.counts.roles, roles, report)


def check_learning_sources(
    sheet: Sheet[LearningPolicy] | None, playbook: Mapping[str, str | None], report: Report
) -> None:
    """Add to the report each module whose passage is not in the playbook."""
    for n, path in enumerate(sheet.content.paths if sheet else ()):
        for m, module in enumerate(path.modules):
            where: Path = ("paths", n, "modules", m, "source")
            assert sheet is not None
            check_source(sheet, where, module.source, playbook, report)


def _module(sheet: Sheet[LearningPolicy], at: Path, module: Module, report: Report) -> None:
    _said(sheet, (*at, "title"), module.title, 100, report)
    check = module.check
    _said(sheet, (*at, "check", "ask"), check.ask, _TEXT_AT_MOST, report)
    few, many = CHOICES
    if not few <= len(check.choices) <= many:
        problem = f"has {len(check.choices)} choices"
        report.add(sheet, (*at, "check", "choices"), problem, f"give it {few} to {many}")
    right = sum(c.right for c in check.choices)
    if right != 1:
        problem = f"has {right} right choices"
        report.add(sheet, (*at, "check", "choices"), problem, "mark exactly one of them with right: true")
    for n, choice in enumerate(check.choices):
        where: Path = (*at, "check", "choices", n)
        _said(sheet, (*where, "text"), choice.text, CHOICE_AT_MOST, report)
        _said(sheet, (*where, "why"), choice.why, _TEXT_AT_MOST, report)


def _identifier(sheet: Sheet[LearningPolicy], at: Path, id: str, seen: set[str], report: Report) -> None:
    if id in seen:
        report.add(sheet, (*at, "id"), f'"{id}" is used twice', "give each its own id")
    elif not IDENTIFIER.match(id):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, (*at, "id"), f'"{id}" cannot be an id', fix)
    seen.add(id)


def _said(sheet: Sheet[LearningPolicy], at: Path, text: str, at_most: int, report: Report) -> None:
    if not text.strip():
        report.add(sheet, at, "is empty", f"write the {at[-1]}; people read it")
    elif len(text) > at_most:
        problem = f"is {len(text)} characters long; {at_most} can be shown"
        report.add(sheet, at, problem, "shorten it")


def _known(
    sheet: Sheet[LearningPolicy],
    at: Path,
    what: str,
    names: Collection[str],
    known: Collection[str] | None,
    report: Report,
) -> None:
    for n, name in enumerate(names):
        report.unknown(sheet, (*at, n), what, name, known)
