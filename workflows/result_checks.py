"""What must be true of the results that questionnaires end in, and of when they are proposed."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping

from workflows.expressions import RESERVED, check, nearest
from workflows.ids import TIERS, QuestionId
from workflows.playbook import sections
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questions import Choice, Question, Questionnaire
from workflows.result import NextStep, ResultRules, ResultSection

_SAID_AT_MOST = 600
_FIX = "correct the condition; the language is described in docs/program.md"
_NEEDS_ONE = ("assessment", "evaluation")


def check_results(sheets: Sheets, report: Report) -> None:
    """Add to the report whatever does not hold of results and proposals, file by file."""
    names = {q.content.id for q in sheets.questionnaires}
    for sheet in sheets.questionnaires:
        _called(sheet, sheets, report)
        rules = sheet.content.result
        if rules is None:
            if sheet.content.kind in _NEEDS_ONE:
                problem = f"a questionnaire of kind {sheet.content.kind} ends in a result"
                report.add(sheet, ("kind",), problem, "add result: with at least one headline")
        else:
            _result(sheet, rules, names, report)
        _suggest(sheet, sheets, report)


def check_pages(sheet: Sheet[Questionnaire], playbook: Mapping[str, str | None], report: Report) -> None:
    """Add to the report each next step whose page is not in the playbook (see ``check_sources``)."""
    rules = sheet.content.result
    for i, finding in enumerate(rules.findings if rules else ()):
        step = finding.next
        if step is None or not step.document:
            continue
        where: Path = ("result", "findings", i, "next")
        if step.document not in playbook:
            near = nearest(step.document, playbook)
            fix = f'did you mean "{near}"?' if near else "name a document by its path in the folder playbook"
            report.add(sheet, (*where, "document"), f'the playbook has no "{step.document}"', fix)
            continue
        text = playbook[step.document]
        if text is not None and step.section and step.section not in sections(text):
            near = nearest(step.section, sections(text))
            fix = f'did you mean "{near}"?' if near else "name one of its headings"
            problem = f'"{step.section}" is no section of {step.document}'
            report.add(sheet, (*where, "section"), problem, fix)


def _called(sheet: Sheet[Questionnaire], sheets: Sheets, report: Report) -> None:
    """One word must not start two questionnaires."""
    for i, word in enumerate(sheet.content.words):
        for other in sheets.questionnaires:
            also = (other.content.title, other.content.label, *other.content.words)
            if other is not sheet and word.casefold() in (w.casefold() for w in also):
                problem = f'"{word}" also stands for "{other.content.name}"'
                report.add(sheet, ("words", i), problem, "give the word to one of them")


def _result(sheet: Sheet[Questionnaire], rules: ResultRules, names: Collection[str], report: Report) -> None:
    asked = {str(q.id): q for q in sheet.content.questions()}
    seen: set[str] = set()
    for i, section in enumerate(rules.sections):
        where: Path = ("result", "sections", i)
        taken = (section.id, f"{section.id}_points")
        if not section.id.isidentifier() or section.id in RESERVED:
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, "id"), f'"{section.id}" cannot be an id', fix)
        elif section.id in seen or any(t in asked for t in taken):
            problem = f'"{section.id}" is used already, by a question or section'
            report.add(sheet, (*where, "id"), problem, "choose another id")
        seen.add(section.id)
        for j, point in enumerate(section.points):
            _holds(sheet, (*where, "points", j, "when"), point.when, asked, report)
            if point.points == 0:
                report.add(sheet, (*where, "points", j, "points"), "gives no points", "give or take one")
        _levels(sheet, where, rules, section, report)
    known = {**asked, **_as_questions(rules)}
    if not rules.headlines:
        report.add(sheet, ("result", "headlines"), "says nothing", "add at least one headline")
    for i, headline in enumerate(rules.headlines):
        last = i == len(rules.headlines) - 1
        where = ("result", "headlines", i)
        if headline.when == "true" and not last:
            report.add(sheet, where, "hides the headlines below it", "move it to the end")
        if last and headline.when != "true":
            fix = "leave its when out, so that every result has a headline"
            report.add(sheet, where, "is the last one and may not hold", fix)
        _holds(sheet, (*where, "when"), headline.when, known, report)
        _sentence(sheet, (*where, "text"), headline.text, asked, report)
    for i, finding in enumerate(rules.findings):
        where = ("result", "findings", i)
        _holds(sheet, (*where, "when"), finding.when, known, report)
        _sentence(sheet, (*where, "text"), finding.text, asked, report)
        if finding.next:
            _next(sheet, (*where, "next"), finding.next, names, report)
    if len(rules.facts) > 3:
        report.add(sheet, ("result", "facts"), "names more than three", "keep the three that matter most")
    for i, fact in enumerate(rules.facts):
        _named(sheet, ("result", "facts", i), "question", fact, asked, report)


def _levels(
    sheet: Sheet[Questionnaire], where: Path, rules: ResultRules, section: ResultSection, report: Report
) -> None:
    levels = rules.levels_of(section)
    if not levels:
        report.add(sheet, where, "has no levels", "add levels: to it, or to the result")
        return
    starts = [level.at_least for level in levels]
    place: Path = (*where, "levels") if section.levels else ("result", "levels")
    if starts[0] != 0:
        fix = "write at_least: 0, or leave it out"
        report.add(sheet, (*place, 0), "begins above 0, so that some have no level", fix)
    falls = next((i for i in range(1, len(starts)) if starts[i] <= starts[i - 1]), None)
    if falls is not None:
        fix = "order them by at_least, each with its own"
        report.add(sheet, (*place, falls), "does not rise above the level before it", fix)
    if starts[-1] > section.of:
        problem = f"has a level that begins at {starts[-1]}, and its points end at {section.of}"
        report.add(sheet, where, problem, "lower at_least, or raise of")


def _as_questions(rules: ResultRules) -> dict[str, Question]:
    """Sections as conditions read them: the level as a choice, the points as a number."""
    made: dict[str, Question] = {}
    for section in rules.sections:
        levels = tuple(Choice(id=lv.id, label=lv.label) for lv in rules.levels_of(section))
        made[section.id] = Question(
            id=QuestionId(section.id), type="choice", label=section.label, ask="?", choices=levels
        )
        points = QuestionId(f"{section.id}_points")
        made[str(points)] = Question(id=points, type="number", label=section.label, ask="?")
    return made


def _holds(
    sheet: Sheet[Questionnaire], path: Path, source: str, known: Mapping[str, Question], report: Report
) -> None:
    for problem in check(source, known, known):
        report.add(sheet, path, f'the condition "{source.strip()}" {problem}', _FIX)


def _sentence(
    sheet: Sheet[Questionnaire], path: Path, text: str, asked: Mapping[str, Question], report: Report
) -> None:
    if not text.strip():
        report.add(sheet, path, "is empty", "write the sentence; people read it")
    elif len(text) > _SAID_AT_MOST:
        problem = f"is {len(text)} characters long; {_SAID_AT_MOST} can be shown"
        report.add(sheet, path, problem, "shorten it")
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        report.add(sheet, path, "has a brace that is not closed", "write {question}, or {{ for a brace")
        return
    for name in sorted(found):
        _named(sheet, path, "question", name, asked, report)


def _next(
    sheet: Sheet[Questionnaire], where: Path, step: NextStep, names: Collection[str], report: Report
) -> None:
    if bool(step.questionnaire) == bool(step.document):
        fix = "give exactly one of questionnaire and document"
        report.add(sheet, where, "leads nowhere, or to two places at once", fix)
    if bool(step.section) != bool(step.document):
        fix = "name a document and one of its headings"
        report.add(sheet, where, "needs both document: and section: for a page", fix)
    if step.questionnaire:
        _named(sheet, (*where, "questionnaire"), "questionnaire", step.questionnaire, names, report)
    if not step.text.strip():
        report.add(sheet, (*where, "text"), "is empty", "write what the button says")


def _suggest(sheet: Sheet[Questionnaire], sheets: Sheets, report: Report) -> None:
    suggest, intake = sheet.content.suggest, sheets.intake
    if suggest is None:
        return
    if sheet.content.about != "use_case":
        fix = "leave suggest out, or write about: use_case"
        report.add(sheet, ("suggest",), "is about no use case, so there is none to propose it for", fix)
    if not suggest.because.strip():
        report.add(sheet, ("suggest", "because"), "is empty", "say why it fits; people read it")
    if intake is None:
        return
    asked = {str(q.id): q for q in intake.content.questions()}
    stages = [s.id for s in sheets.life_cycle.content.stages] if sheets.life_cycle else []
    options: dict[str, Collection[str]] = {"tier": TIERS, "stage": stages}
    for problem in check(suggest.when, [*asked, *options], asked, options):
        report.add(sheet, ("suggest", "when"), f'the condition "{suggest.when.strip()}" {problem}', _FIX)


def _named(
    sheet: Sheet[Questionnaire], path: Path, what: str, name: str, known: Collection[str], report: Report
) -> None:
    if name in known:
        return
    near = nearest(name, known)
    fix = f'did you mean "{near}"?' if near else f"name one that exists: {', '.join(sorted(known)[:8])}"
    report.add(sheet, path, f'there is no {what} "{name}"', fix)
