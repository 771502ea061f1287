"""What must be true of gates: that all they demand is there, can be shown, and leads somewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from workflows.expressions import check
from workflows.gate import Gate, GateDimension
from workflows.ids import TIERS
from workflows.program import LifeCycle
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER
from workflows.questions import Question

_T = TypeVar("_T")
_TEXTS = {"label": 60, "asks": 300}
_SAYS_AT_MOST = 300
_SIDE_BY_SIDE = 5


def check_gates(sheets: Sheets, report: Report) -> None:
    """Add to the report whatever does not hold of the gates, and of the moves that go through them."""
    intake = sheets.intake
    asked = {str(q.id): q for q in intake.content.questions()} if intake else None
    stages = [s.id for s in sheets.life_cycle.content.stages] if sheets.life_cycle else None
    said: dict[str, str] = {}
    for sheet in sheets.gates:
        _texts(sheet, report)
        _demands(sheet, sheets, asked, report)
        for part in ("dimensions", "decides_on"):
            _dimensions(sheet, part, sheets, report)
        _owners(sheet, asked, report)
        _reuse(sheet, sheets, report)
        severities = sheets.incidents.content.severities if sheets.incidents else ()
        if sheet.content.incidents != "none" and severities:
            known = [s.id for s in severities]
            report.unknown(sheet, ("incidents",), "severity", sheet.content.incidents, known)
        if sheet.content.to and stages is not None:
            report.unknown(sheet, ("to",), "stage", sheet.content.to, stages)
        for i, word in enumerate(sheet.content.words):
            _word(sheet, i, word, said, report)
    for mapping in sheets.imports:
        for i, mapped in enumerate(mapping.content.evidence):
            for j, name in enumerate(mapped.items):
                _item(mapping, ("evidence", i, "items", j), name, sheets, None, report)
    if sheets.life_cycle:
        _stage_words(sheets.life_cycle, report)
        _moves(sheets.life_cycle, sheets, asked, report)


def movers(asked: Mapping[str, Question] | None) -> tuple[str, ...]:
    """Who may be named as making a move: the four of every program, and owners whom the intake asks for."""
    people = [id for id, q in (asked or {}).items() if q.type == "person"]
    return ("submitter", "approval", "program_team", "clock", *people)


def _texts(sheet: Sheet[Gate], report: Report) -> None:
    gate = sheet.content
    named = sheet.file.removeprefix("gates/").removesuffix(".yaml")
    if gate.id != named:
        report.add(sheet, ("id",), f'the id "{gate.id}" is not the name of its file', f'write "{named}"')
    if not IDENTIFIER.match(gate.id):
        fix = "use small letters, digits and _, starting with a letter"
        report.add(sheet, ("id",), f'"{gate.id}" cannot be an id', fix)
    for name, most in _TEXTS.items():
        text = getattr(gate, name)
        if not text.strip():
            report.add(sheet, (name,), "is empty", f"write the {name}; people read it")
        elif len(text) > most:
            report.add(sheet, (name,), f"is {len(text)} characters long; {most} can be shown", "shorten it")
    if not (gate.demands or gate.owners or gate.approval):
        fix = "add demands, owners or approval: true, or remove the file"
        report.add(sheet, (), "demands nothing", fix)


def _word(sheet: Sheet[Gate], i: int, word: str, said: dict[str, str], report: Report) -> None:
    key = " ".join(word.casefold().split())
    if not key:
        report.add(sheet, ("words", i), "is empty", "write a word, or remove it")
    elif said.setdefault(key, sheet.content.id) != sheet.content.id:
        problem = f'"{word}" is a word of the gate "{said[key]}" already'
        report.add(sheet, ("words", i), problem, "keep it in one of the two")


def _demands(
    sheet: Sheet[Gate], sheets: Sheets, asked: Mapping[str, Question] | None, report: Report
) -> None:
    forms = {q.content.id: q.content for q in sheets.questionnaires}
    for i, demand in enumerate(sheet.content.demands):
        where: Path = ("demands", i, "questionnaire")
        unknown = report.unknown(sheet, where, "questionnaire", demand.questionnaire, forms)
        if not unknown and forms[demand.questionnaire].kind == "intake":
            fix = "name a checklist, an assessment or an evaluation"
            report.add(sheet, where, "the intake is not something a gate demands", fix)
        if not unknown and forms[demand.questionnaire].about != "use_case":
            problem = f'"{demand.questionnaire}" is not about a use case'
            report.add(sheet, where, problem, "name one with about: use_case")
        if any(
            (d.questionnaire, d.when) == (demand.questionnaire, demand.when)
            for d in sheet.content.demands[:i]
        ):
            report.add(sheet, ("demands", i), "stands here twice", "keep one")
        if asked is not None:
            for problem in check(demand.when, [*asked, "tier"], asked, {"tier": TIERS}):
                fix = "correct the condition; the language is described in docs/program.md"
                report.add(
                    sheet,
                    ("demands", i, "when"),
                    f'the condition "{demand.when.strip()}" {problem}',
                    fix,
                )


def _items_of(sheets: Sheets) -> dict[str, list[str]]:
    return {
        q.content.id: [str(item.id) for item in q.content.questions() if item.type == "check"]
        for q in sheets.questionnaires
    }


def _item(
    sheet: Sheet[_T],
    path: Path,
    name: str,
    sheets: Sheets,
    demanded: Collection[str] | None,
    report: Report,
) -> None:
    checklist, dot, item = name.partition(".")
    items = _items_of(sheets)
    if not dot or not item:
        report.add(sheet, path, f'"{name}" names no item', "write CHECKLIST.ITEM")
    elif demanded is not None and checklist in items and checklist not in demanded:
        problem = f'the gate does not demand "{checklist}"'
        report.add(sheet, path, problem, "add it to demands, or name an item of one that is there")
    elif not report.unknown(sheet, path, "checklist", checklist, items):
        report.unknown(sheet, path, f'item of "{checklist}"', item, items[checklist])


def _dimensions(sheet: Sheet[Gate], part: str, sheets: Sheets, report: Report) -> None:
    groups: tuple[GateDimension, ...] = getattr(sheet.content, part)
    demanded = {d.questionnaire for d in sheet.content.demands}
    ids: set[str] = set()
    for i, group in enumerate(groups):
        if group.id in ids:
            report.add(sheet, (part, i, "id"), f'"{group.id}" is used twice', "give each its own id")
        elif not IDENTIFIER.match(group.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (part, i, "id"), f'"{group.id}" cannot be an id', fix)
        ids.add(group.id)
        for name in ("label", "says"):
            if not getattr(group, name).strip():
                report.add(sheet, (part, i, name), "is empty", f"write the {name}; people read it")
        if len(group.says) > _SAYS_AT_MOST:
            problem = f"is {len(group.says)} characters long; {_SAYS_AT_MOST} can be shown"
            report.add(sheet, (part, i, "says"), problem, "shorten it")
        if not group.items:
            report.add(sheet, (part, i, "items"), "nothing could fill it", "name items: CHECKLIST.ITEM")
        for j, item in enumerate(group.items):
            _item(sheet, (part, i, "items", j), item, sheets, demanded, report)
    if part == "dimensions" and len(groups) > _SIDE_BY_SIDE:
        problem = f"are more than the {_SIDE_BY_SIDE} that fit side by side"
        report.add(sheet, (part,), problem, "put some together")


def _owners(sheet: Sheet[Gate], asked: Mapping[str, Question] | None, report: Report) -> None:
    if asked is None:
        return
    people = [id for id, q in asked.items() if q.type == "person"]
    for i, owner in enumerate(sheet.content.owners):
        report.unknown(sheet, ("owners", i), "question for a person", owner, people)
    for i, group in enumerate(sheet.content.apart):
        if len(group) < 2:
            report.add(sheet, ("apart", i), "keeps nobody apart", "name at least two owners")
        for j, owner in enumerate(group):
            report.unknown(sheet, ("apart", i, j), "question for a person", owner, people)


def _reuse(sheet: Sheet[Gate], sheets: Sheets, report: Report) -> None:
    ids: set[str] = set()
    for i, part in enumerate(sheet.content.reuse):
        if part.id in ids:
            report.add(sheet, ("reuse", i, "id"), f'"{part.id}" is used twice', "give each its own id")
        ids.add(part.id)
        if not part.label.strip():
            report.add(sheet, ("reuse", i, "label"), "is empty", "write the label; people read it")
        if (part.by == "evidence") != bool(part.items):
            fix = "give items with by: evidence, and with nothing else"
            report.add(sheet, ("reuse", i), "does not fit together", fix)
        for j, item in enumerate(part.items):
            _item(sheet, ("reuse", i, "items", j), item, sheets, None, report)


def _stage_words(sheet: Sheet[LifeCycle], report: Report) -> None:
    said: dict[str, str] = {}
    groups = [(("stages", i, "words"), s.id, s.words) for i, s in enumerate(sheet.content.stages)]
    every: list[tuple[Path, str, tuple[str, ...]]] = [*groups, (("back",), "back", sheet.content.back)]
    for where, id, words in every:
        for j, word in enumerate(words):
            key = " ".join(word.casefold().split())
            if not key:
                report.add(sheet, (*where, j), "is empty", "write a word, or remove it")
            elif said.setdefault(key, id) != id:
                problem = f'"{word}" is a word of "{said[key]}" already'
                report.add(sheet, (*where, j), problem, "keep it in one of the two")


def _moves(
    sheet: Sheet[LifeCycle], sheets: Sheets, asked: Mapping[str, Question] | None, report: Report
) -> None:
    gates = {g.content.id: g.content for g in sheets.gates}
    moves = sheet.content.moves
    for i, move in enumerate(moves):
        if not move.gate:
            continue
        if report.unknown(sheet, ("moves", i, "gate"), "gate", move.gate, gates):
            continue
        if gates[move.gate].to != move.to:
            problem = f'the gate "{move.gate}" leads to "{gates[move.gate].to or "no stage"}"'
            report.add(sheet, ("moves", i, "gate"), problem, f"name the gate to {move.to}, or correct its to")
        if move.by == "clock":
            report.add(sheet, ("moves", i, "by"), "the clock passes no gate", "name somebody who does")
    led = {m.gate for m in moves if m.gate}
    for gate in sheets.gates:
        if gate.content.to and gate.content.id not in led:
            problem = f'no move goes through the gate "{gate.content.id}"'
            fix = f"add gate: {gate.content.id} to a move to {gate.content.to} in life_cycle.yaml"
            report.add(gate, ("to",), problem, fix)
    if asked is not None:
        known = movers(asked)
        for i, move in enumerate(moves):
            report.unknown(sheet, ("moves", i, "by"), "mover", move.by, known)
