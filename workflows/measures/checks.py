"""What must be true of ``metrics.yaml``, and of the metrics that digests name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from workflows.measures.policy import MetricPolicy, NorthStar
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.questions import Question


def check_metrics(sheets: Sheets, known: Collection[str] | None, report: Report) -> None:
    """Add to the report what does not fit. ``known``: the ids of all metrics; ``None``: not looked at."""
    intake = sheets.intake
    asked = {str(q.id): q for q in intake.content.questions()} if intake else None
    roles = {r.id for r in sheets.roles.content.roles} if sheets.roles else None
    if sheets.digests and known is not None:
        for i, spec in enumerate(sheets.digests.content.digests):
            for j, id in enumerate(spec.metrics):
                report.unknown(sheets.digests, ("digests", i, "metrics", j), "metric", id, known)
    sheet = sheets.metrics
    if sheet is None:
        return
    seen: set[str] = set()
    for i, terms in enumerate(sheet.content.metrics):
        if known is not None:
            report.unknown(sheet, ("metrics", i, "id"), "metric", terms.id, known)
        if terms.id in seen:
            report.add(sheet, ("metrics", i, "id"), f'"{terms.id}" is here twice', "keep one")
        seen.add(terms.id)
        if terms.owner and roles is not None:
            report.unknown(sheet, ("metrics", i, "owner"), "role", terms.owner, roles)
    _tree(sheet, asked, report)


def _tree(sheet: Sheet[MetricPolicy], asked: Mapping[str, Question] | None, report: Report) -> None:
    tree = sheet.content.value_tree
    where: Path = ("value_tree",)
    if tree.north_stars and not tree.question:
        report.add(sheet, where, "hangs on no question", "add question: and the id of a choice question")
    choices: set[str] | None = None
    if tree.question and asked is not None:
        report.unknown(sheet, (*where, "question"), "question", tree.question, asked)
        question = asked.get(tree.question)
        if question is not None and question.type != "choice":
            problem = f'"{tree.question}" is not a question with choices'
            report.add(sheet, (*where, "question"), problem, "name one of type choice")
        choices = {c.id for c in question.choices} if question is not None else None
    taken: dict[str, str] = {}
    stars: set[str] = set()
    for i, star in enumerate(tree.north_stars):
        here: Path = (*where, "north_stars", i)
        _named(sheet, here, star.id, stars, report)
        if not star.drivers:
            report.add(sheet, here, "has no drivers", "add at least one")
        if star.baseline is not None and star.baseline == star.target:
            report.add(sheet, (*here, "target"), "is where it starts", "write what it should become")
        _drivers(sheet, here, star, choices, taken, report)


def _drivers(
    sheet: Sheet[MetricPolicy],
    where: Path,
    star: NorthStar,
    choices: Collection[str] | None,
    taken: dict[str, str],
    report: Report,
) -> None:
    drivers: set[str] = set()
    for j, driver in enumerate(star.drivers):
        here: Path = (*where, "drivers", j)
        _named(sheet, here, driver.id, drivers, report)
        if not driver.choices:
            report.add(sheet, here, "has no use cases", "add choices: of the question of the tree")
        for k, choice in enumerate(driver.choices):
            place: Path = (*here, "choices", k)
            if choices is not None:
                report.unknown(sheet, place, "choice", choice, choices)
            if choice in taken:
                problem = f'"{choice}" hangs on the driver "{taken[choice]}" already'
                report.add(sheet, place, problem, "let each choice hang on one driver")
            taken[choice] = driver.id


def _named(sheet: Sheet[Any], where: Path, id: str, seen: set[str], report: Report) -> None:
    if id in seen:
        report.add(sheet, (*where, "id"), f'"{id}" is used twice', "give each its own id")
    elif not IDENTIFIER.match(id):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, (*where, "id"), f'"{id}" cannot be an id', fix)
    seen.add(id)
