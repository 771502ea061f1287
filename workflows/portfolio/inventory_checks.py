"""What must be true of ``portfolio.yaml``: that all it names is there, and everything falls into a lane."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workflows.expressions import check
from workflows.ids import TIERS, QuestionId
from workflows.portfolio.inventory import BUILT_IN, SCORE, Inventory
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questions import Question

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}$")
_QUESTIONS = {
    "bucket": ("choice",),
    "function": ("choice",),
    "business_owner": ("person",),
    "metric_owner": ("person",),
    "users": ("number",),
}


def check_inventory(sheets: Sheets, asked: Mapping[str, Question] | None, report: Report) -> None:
    """Add to the report whatever does not fit together in ``portfolio.yaml``."""
    sheet = sheets.inventory
    if sheet is None:
        return
    dimensions = _dimensions(sheets)
    _lanes(sheet, asked, dimensions, report)
    lanes = [lane.id for lane in sheet.content.lanes]
    for i, id in enumerate(sheet.content.shown):
        report.unknown(sheet, ("shown", i), "lane", id, lanes)
    _ranks(sheet, dimensions, report)
    for name, types in _QUESTIONS.items():
        given = getattr(sheet.content, name)
        if given and asked is not None:
            fit = [q for q, of in asked.items() if of.type in types]
            report.unknown(sheet, (name,), f"question of the type {' or '.join(types)}", given, fit)


def _dimensions(sheets: Sheets) -> list[str] | None:
    """The dimensions of the scorecard that the program shows; ``None`` where that is not known."""
    wanted = sheets.program.content.scorecard if sheets.program else ""
    card = next((s.content for s in sheets.scorecards if s.content.id == wanted), None)
    return [d.id for d in card.dimensions] if card else None


def _lanes(
    sheet: Sheet[Inventory],
    asked: Mapping[str, Question] | None,
    dimensions: Collection[str] | None,
    report: Report,
) -> None:
    seen: set[str] = set()
    lanes = sheet.content.lanes
    for i, lane in enumerate(lanes):
        where: Path = ("lanes", i)
        _id(sheet, where, lane.id, seen, report)
        for name in ("label", "many", "says", "because"):
            if not getattr(lane, name).strip():
                report.add(sheet, (*where, name), "is empty", f"write the {name}; people read it")
        _condition(sheet, (*where, "when"), lane.when, asked, dimensions, report)
        last = i == len(lanes) - 1
        if last != (lane.when.strip() == "true"):
            problem = "some use cases would be in no lane" if last else "the lanes after it are never reached"
            fix = 'write when: "true" in the last lane, and only there'
            report.add(sheet, (*where, "when"), problem, fix)


def _ranks(sheet: Sheet[Inventory], dimensions: Collection[str] | None, report: Report) -> None:
    seen: set[str] = set()
    for i, rank in enumerate(sheet.content.ranks):
        where: Path = ("ranks", i)
        _id(sheet, where, rank.id, seen, report)
        if rank.id in BUILT_IN or rank.id.startswith("by_"):
            report.add(sheet, (*where, "id"), f'"{rank.id}" is an order that is there', "use another id")
        if not rank.label.strip():
            report.add(sheet, (*where, "label"), "is empty", "write the label; people read it")
        if not 1 <= len(rank.by) <= 4:
            report.add(sheet, (*where, "by"), "names no dimension, or too many", "name one to four")
        for j, dimension in enumerate(rank.by):
            if dimensions is not None:
                what = "dimension of the scorecard"
                report.unknown(sheet, (*where, "by", j), what, dimension, dimensions)


def _id(sheet: Sheet[Inventory], where: Path, id: str, seen: set[str], report: Report) -> None:
    if id in seen:
        report.add(sheet, (*where, "id"), f'"{id}" is used twice', "give each its own id")
    elif not _IDENTIFIER.match(id):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, (*where, "id"), f'"{id}" cannot be an id', fix)
    seen.add(id)


def _condition(
    sheet: Sheet[Inventory],
    path: Path,
    source: str,
    asked: Mapping[str, Question] | None,
    dimensions: Collection[str] | None,
    report: Report,
) -> None:
    if asked is None or dimensions is None:
        return
    scores = [f"{SCORE}{d}" for d in dimensions]
    known = {**asked, **{s: Question(id=QuestionId(s), type="number", label=s, ask=s) for s in scores}}
    options: Mapping[str, Collection[str]] = {"tier": TIERS}
    for problem in check(source, [*known, *options], known, options):
        fix = "correct the condition; the language is described in docs/program.md"
        report.add(sheet, path, f'the condition "{source.strip()}" {problem}', fix)
