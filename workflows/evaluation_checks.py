"""What must be true of ``evaluation.yaml``: that its figures are whole and its questions are there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workflows.evaluation_rules import ByTier, EvaluationRules
from workflows.expressions import check, nearest
from workflows.ids import Tier
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questions import Question, Questionnaire

_TIERS: tuple[Tier, ...] = ("low", "medium", "high")
"""Those that can be in use."""
_NUMBERS = ("number", "percent")


def check_evaluation(sheets: Sheets, report: Report) -> None:
    """Add to the report whatever does not hold."""
    sheet = sheets.evaluation
    if sheet is None:
        return
    rules = sheet.content
    for name in ("cases", "cases_each", "wrong_at_most", "lasts_days"):
        _whole(sheet, (name,), getattr(rules, name), report)
    forms = {q.content.id: q.content for q in sheets.questionnaires}
    plan = _form(sheet, "plan", rules.plan, forms, report)
    results = _form(sheet, "results", rules.results, forms, report)
    if results and results.kind != "evaluation":
        fix = "write kind: evaluation in its file, or name another"
        report.add(sheet, ("results",), f'"{results.id}" is of kind {results.kind}', fix)
    intake = sheets.intake.content if sheets.intake else None
    for name, of in (
        ("times", plan), ("left_out", plan), ("bearable", intake),
        ("never", results), ("version", results), ("tested_on", results),
    ):  # fmt: skip
        question = getattr(rules, name)
        if question is not None and of is not None:
            _asked(sheet, (name,), str(question), of, report)
    for i, key in enumerate(rules.waived_by):
        checklist, _, item = key.partition(".")
        found = forms.get(checklist)
        if found is None or found.kind != "checklist" or all(q.id != item for q in found.questions()):
            fix = "write CHECKLIST.ITEM, as gates do"
            report.add(sheet, ("waived_by", i), f'there is no item "{key}" of a checklist', fix)
    if not rules.classes:
        report.add(sheet, ("classes",), "names no class", "add at least one")
    _said(sheet, rules, report)
    for i, scenario in enumerate(rules.classes):
        for id, form in ((f"{scenario.id}_right", results), (f"{scenario.id}_of", results)):
            _number(sheet, ("classes", i, "id"), id, form, report)
        for id in (f"{scenario.id}_of", f"{scenario.id}_pass"):
            _number(sheet, ("classes", i, "id"), id, plan, report)
    for i, measure in enumerate(rules.measures):
        _whole(sheet, ("measures", i, "limit"), measure.limit, report)
        _number(sheet, ("measures", i, "id"), measure.id, results, report)
        _number(sheet, ("measures", i, "id"), f"{measure.id}_limit", plan, report)
        asked = {str(q.id): q for q in plan.questions()} if plan else None
        for problem in check(measure.when, asked, asked) if asked is not None else ():
            fix = "correct the condition; the language is described in docs/program.md"
            report.add(
                sheet, ("measures", i, "when"), f'the condition "{measure.when.strip()}" {problem}', fix
            )
    _left_out(sheet, rules, plan, report)


def _whole(sheet: Sheet[EvaluationRules], where: Path, figures: ByTier, report: Report) -> None:
    for tier in _TIERS:
        if tier not in figures:
            report.add(sheet, where, f'says nothing for the tier "{tier}"', f"add {tier}: and a number")
        elif figures[tier] < 0:
            report.add(sheet, (*where, tier), "is less than nothing", "write 0 or more")


def _form(
    sheet: Sheet[EvaluationRules],
    name: str,
    id: str,
    forms: Mapping[str, Questionnaire],
    report: Report,
) -> Questionnaire | None:
    if id not in forms:
        report.add(sheet, (name,), f'there is no questionnaire "{id}"', _meant(id, forms))
    return forms.get(id)


def _asked(
    sheet: Sheet[EvaluationRules], where: Path, id: str, form: Questionnaire, report: Report
) -> Question | None:
    known = {str(q.id): q for q in form.questions()}
    if id not in known:
        report.add(sheet, where, f'there is no question "{id}" in {form.id}', _meant(id, known))
    return known.get(id)


def _number(
    sheet: Sheet[EvaluationRules], where: Path, id: str, form: Questionnaire | None, report: Report
) -> None:
    question = _asked(sheet, where, id, form, report) if form else None
    if question is not None and question.type not in _NUMBERS:
        problem = f'the question "{id}" in {question.type} cannot be compared'
        report.add(sheet, where, problem, "make it a number or a percent")


def _said(sheet: Sheet[EvaluationRules], rules: EvaluationRules, report: Report) -> None:
    """No word may mean two of them."""
    seen: dict[str, str] = {}
    named = [("classes", i, c.id, c.words) for i, c in enumerate(rules.classes)]
    named += [("measures", i, m.id, m.words) for i, m in enumerate(rules.measures)]
    for part, i, id, words in named:
        if id in seen.values():
            report.add(sheet, (part, i, "id"), f'"{id}" is used twice', "give each its own id")
        for j, word in enumerate(words):
            other = seen.setdefault(word.casefold(), id)
            if other != id:
                problem = f'"{word}" means both "{other}" and "{id}"'
                report.add(sheet, (part, i, "words", j), problem, "give the word to one of them")
        seen.setdefault(id, id)


def _left_out(
    sheet: Sheet[EvaluationRules], rules: EvaluationRules, plan: Questionnaire | None, report: Report
) -> None:
    if plan is None or rules.left_out is None:
        return
    question = next((q for q in plan.questions() if q.id == rules.left_out), None)
    options = {c.id for c in question.choices} if question else set()
    for i, scenario in enumerate(rules.classes):
        if question and scenario.id not in options:
            problem = f'"{scenario.id}" is no option of "{rules.left_out}" in {plan.id}'
            report.add(sheet, ("classes", i, "id"), problem, "add it as an option there")


def _meant(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f'did you mean "{near}"?' if near else f"name one that exists: {', '.join(sorted(known)[:8])}"
