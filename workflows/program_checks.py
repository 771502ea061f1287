"""What must be true across a program's files: that every name refers to what is there."""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from workflows.decision_rights_checks import check_decision_rights
from workflows.declaring.checks import check_declaring
from workflows.digests.checks import check_digests
from workflows.evaluation_checks import check_evaluation
from workflows.expressions import check, nearest
from workflows.figures.checks import check_figures
from workflows.gate_checks import check_gates
from workflows.governance_checks import check_approval_terms, check_somebody_decides
from workflows.ids import TIERS
from workflows.import_checks import check_mapping
from workflows.incidents.checks import check_incidents
from workflows.item_checks import check_items
from workflows.learning.checks import check_learning
from workflows.listening.checks import check_feedback
from workflows.plan.checks import check_plan
from workflows.portfolio.checks import check_portfolio
from workflows.portfolio.inventory_checks import check_inventory
from workflows.program import MatrixRow, Resolve, Role
from workflows.program_sheets import Report, Sheet, Sheets
from workflows.program_yaml import Path
from workflows.questionnaire_checks import IDENTIFIER, check_questionnaire
from workflows.questions import Question, Questionnaire
from workflows.release import FIGURES
from workflows.release_checks import check_releases
from workflows.result_checks import check_results
from workflows.retention_checks import check_retention
from workflows.time_checks import check_escalation, check_working_time

_T = TypeVar("_T")
_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}$")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d$")
_TEXT_AT_MOST = 1000
_MESSAGE_AT_MOST = 2900
"""What fits into one section of a Slack message, with room for what is filled in."""
NEEDED_MOVES = (
    ("draft", "submitted"),
    ("submitted", "in_review"),
    ("submitted", "approved_for_pilot"),
    ("submitted", "rejected"),
    ("in_review", "approved_for_pilot"),
    ("in_review", "rejected"),
    ("in_review", "draft"),
)
"""The moves that the bot itself makes, so every life cycle has them."""


def check_program(sheets: Sheets, report: Report, sentences: Mapping[str, str] | None) -> None:
    """Add to the report whatever does not fit together."""
    for questionnaire in sheets.questionnaires:
        check_questionnaire(questionnaire, report)
    check_results(sheets, report)
    check_evaluation(sheets, report)
    intake = sheets.intake
    asked = {str(q.id): q for q in intake.content.questions()} if intake else None
    _scorecards(sheets, asked, report)
    _tiers(sheets, asked, report)
    _roles(sheets, intake.content if intake else None, report)
    _governance(sheets, intake.content if intake else None, asked, report)
    _life_cycle(sheets, report)
    check_gates(sheets, report)
    roles = {r.id for r in sheets.roles.content.roles} if sheets.roles else None
    people = {i for i, q in asked.items() if q.type == "person"} if asked is not None else None
    for questionnaire in sheets.questionnaires:
        check_items(questionnaire, people, roles, report)
    check_decision_rights(sheets.decision_rights, asked, roles, report)
    check_releases(sheets, report)
    known = {q.content.id: q.content for q in sheets.questionnaires}
    check_incidents(sheets.incidents, asked, roles, known, report)
    stages = frozenset(s.id for s in sheets.life_cycle.content.stages) if sheets.life_cycle else None
    check_portfolio(sheets.portfolio, asked, roles, stages, report)
    check_figures(sheets.figures, asked, stages, report)
    check_digests(sheets.digests, roles, stages, report)
    check_inventory(sheets, asked, report)
    functions = {f.id for f in sheets.roles.content.functions} if sheets.roles else None
    check_learning(sheets.learning, roles, functions, report)
    check_feedback(sheets.feedback, roles, report)
    check_plan(sheets.plan, roles, report)
    check_retention(sheets.retention, roles, sheets.life_cycle.content if sheets.life_cycle else None, report)
    _settings(sheets, report)
    _messages(sheets, report, sentences)
    for mapping in sheets.imports:
        check_mapping(mapping, asked, stages, report)


def _unique(
    sheet: Sheet[_T], where: Path, things: Iterable[Any], report: Report, pattern: bool = True
) -> None:
    seen: set[str] = set()
    for i, thing in enumerate(things):
        if thing.id in seen:
            report.add(sheet, (*where, i, "id"), f'"{thing.id}" is used twice', "give each its own id")
        elif pattern and not IDENTIFIER.match(thing.id):
            fix = "use small letters, digits and _, starting with a letter"
            report.add(sheet, (*where, i, "id"), f'"{thing.id}" cannot be an id', fix)
        seen.add(thing.id)


def _said(sheet: Sheet[_T], where: Path, thing: Any, names: Collection[str], report: Report) -> None:
    """Texts that people read must say something, and fit into what Slack shows."""
    for name in names:
        text = getattr(thing, name)
        if not text.strip():
            report.add(sheet, (*where, name), "is empty", f"write the {name}; people read it")
        elif len(text) > _TEXT_AT_MOST:
            problem = f"is {len(text)} characters long; {_TEXT_AT_MOST} can be shown"
            report.add(sheet, (*where, name), problem, "shorten it")


def _expression(
    sheet: Sheet[_T],
    path: Path,
    source: str,
    asked: Mapping[str, Question] | None,
    report: Report,
    options: Mapping[str, Collection[str]] | None = None,
) -> None:
    if asked is None:
        return
    for problem in check(source, [*asked, *(options or {})], asked, options):
        fix = "correct the condition; the language is described in docs/program.md"
        report.add(sheet, path, f'the condition "{source.strip()}" {problem}', fix)


def _scorecards(sheets: Sheets, asked: Mapping[str, Question] | None, report: Report) -> None:
    ids: dict[str, str] = {}
    for sheet in sheets.scorecards:
        card = sheet.content
        named = sheet.file.removeprefix("scorecards/").removesuffix(".yaml")
        if card.id != named:
            report.add(sheet, ("id",), f'the id "{card.id}" is not the name of its file', f'write "{named}"')
        ids[card.id] = sheet.file
        if not card.dimensions:
            report.add(sheet, ("dimensions",), "has no dimensions", "add at least one")
        _unique(sheet, ("dimensions",), card.dimensions, report)
        for i, dimension in enumerate(card.dimensions):
            _said(sheet, ("dimensions", i), dimension, ("label", "ask"), report)
            for j, point in enumerate(dimension.points):
                where: Path = ("dimensions", i, "points", j)
                _expression(sheet, (*where, "when"), point.when, asked, report)
                _said(sheet, where, point, ("because",), report)
                if point.points == 0:
                    report.add(sheet, (*where, "points"), "gives no points", "give or take at least one")
    if sheets.program:
        report.unknown(sheets.program, ("scorecard",), "scorecard", sheets.program.content.scorecard, ids)


def _tiers(sheets: Sheets, asked: Mapping[str, Question] | None, report: Report) -> None:
    sheet = sheets.tiers
    if sheet is None:
        return
    tiers = sheet.content
    for tier in TIERS:
        if not tiers.explain.get(tier, "").strip():
            problem = f'the tier "{tier}" is not explained'
            report.add(sheet, ("explain",), problem, f"add {tier}: and one sentence about it")
        if tier != tiers.default and all(r.tier != tier for r in tiers.rules):
            report.add(sheet, ("rules",), f'no rule leads to the tier "{tier}"', "add a rule for it")
    for i, rule in enumerate(tiers.rules):
        _expression(sheet, ("rules", i, "when"), rule.when, asked, report)
        _said(sheet, ("rules", i), rule, ("because",), report)
        for j, driver in enumerate(rule.drivers):
            if asked is not None:
                report.unknown(sheet, ("rules", i, "drivers", j), "question", driver, asked)


def _roles(sheets: Sheets, intake: Questionnaire | None, report: Report) -> None:
    sheet = sheets.roles
    if sheet is None:
        return
    roles = sheet.content
    _unique(sheet, ("roles",), roles.roles, report)
    _unique(sheet, ("rotations",), roles.rotations, report, pattern=False)
    _unique(sheet, ("functions",), roles.functions, report)
    for i, function in enumerate(roles.functions):
        _handle(sheet, ("functions", i, "group"), function.group, report)
        if function.room:
            _handle(sheet, ("functions", i, "room"), function.room, report)
    for i, rotation in enumerate(roles.rotations):
        _handle(sheet, ("rotations", i, "group"), rotation.group, report)
    for i, role in enumerate(roles.roles):
        _role(sheets, sheet, ("roles", i), role, intake, report)
    if sheets.program:
        team = sheets.program.content.program_team
        known = {r.id for r in roles.roles}
        report.unknown(sheets.program, ("program_team",), "role", team, known)


def _role(
    sheets: Sheets, sheet: Sheet[Any], where: Path, role: Role, intake: Questionnaire | None, report: Report
) -> None:
    _said(sheet, where, role, ("label", "why"), report)
    if not role.resolve:
        report.add(sheet, (*where, "resolve"), "finds nobody", "name a field, group, function or rotation")
    team = sheets.program.content.program_team if sheets.program else ""
    if not role.fallback and role.id != team:
        problem = f'the role "{role.id}" has no fallback'
        report.add(sheet, where, problem, "add fallback: [group: ...] so that it never falls to nobody")
    if role.room:
        _handle(sheet, (*where, "room"), role.room, report)
    if len(role.label) > 60:
        report.add(sheet, (*where, "label"), "is longer than 60 characters", "shorten it")
    for part, ways in (("resolve", role.resolve), ("fallback", role.fallback)):
        for j, way in enumerate(ways):
            _way(sheet, (*where, part, j), way, intake, report)


def _way(sheet: Sheet[Any], where: Path, way: Resolve, intake: Questionnaire | None, report: Report) -> None:
    given = {k: v for k, v in way.model_dump().items() if v}
    if len(given) != 1:
        fix = "give exactly one of field, group, function, rotation"
        report.add(sheet, where, f"names {len(given)} ways at once" if given else "names no way", fix)
        return
    kind, name = next(iter(given.items()))
    path = (*where, kind)
    questions = {str(q.id): q for q in intake.questions()} if intake else None
    functions = {f.id for f in sheet.content.functions}
    if kind == "group":
        _handle(sheet, path, name, report)
    elif kind == "rotation":
        report.unknown(sheet, path, "rotation", name, {r.id for r in sheet.content.rotations})
    elif kind == "field" and questions is not None:
        people = {i for i, q in questions.items() if q.type in ("person", "people")}
        report.unknown(sheet, path, "question for a person", name, people)
    elif kind == "function" and not name.startswith("answer:"):
        report.unknown(sheet, path, "function", name, functions)
    elif kind == "function" and questions is not None:
        asked = name.removeprefix("answer:")
        if not report.unknown(sheet, path, "question", asked, questions):
            odd = [c.id for c in questions[asked].choices if c.id not in functions]
            if odd or not questions[asked].choices:
                problem = f'the answers of "{asked}" are not all functions: {", ".join(odd) or "no choices"}'
                report.add(sheet, path, problem, "give each of them a function with the same id")


def _handle(sheet: Sheet[_T], path: Path, name: str, report: Report) -> None:
    if not _HANDLE.match(name):
        fix = "write it as in Slack: small letters, digits, - and _, without @ or #"
        report.add(sheet, path, f'"{name}" cannot be a name in Slack', fix)


def _governance(
    sheets: Sheets, intake: Questionnaire | None, asked: Mapping[str, Question] | None, report: Report
) -> None:
    sheet = sheets.governance
    if sheet is None:
        return
    rows = sheet.content.rows
    roles = {r.id for r in sheets.roles.content.roles} if sheets.roles else None
    ending = {q.content.id for q in sheets.questionnaires if q.content.kind in ("assessment", "evaluation")}
    _unique(sheet, ("rows",), rows, report)
    for i, row in enumerate(rows):
        _expression(sheet, ("rows", i, "when"), row.when, asked, report, {"tier": TIERS, "figure": FIGURES})
        for j, step in enumerate(row.steps):
            if roles is not None:
                report.unknown(sheet, ("rows", i, "steps", j, "role"), "role", step.role, roles)
            if step.order < 1:
                report.add(sheet, ("rows", i, "steps", j, "order"), "must be 1 or more", "count from 1")
        for j, role in enumerate(row.notify):
            if roles is not None:
                report.unknown(sheet, ("rows", i, "notify", j), "role", role, roles)
        for j, name in enumerate(row.assessments):
            report.unknown(sheet, ("rows", i, "assessments", j), "assessment", name, ending)
        _said(sheet, ("rows", i), row, ("because",), report)
        _row(sheet, i, row, report)
    check_escalation(sheet, sheets.roles, report)
    for name in ("sla_hours", "remind_after_hours"):
        if getattr(sheet.content, name) < 1:
            report.add(sheet, (name,), "must be at least one working hour", "write 1 or more")
    check_approval_terms(sheets, asked, report)
    if intake is not None:
        check_somebody_decides(sheets, intake, report)


def _row(sheet: Sheet[Any], i: int, row: MatrixRow, report: Report) -> None:
    if row.stop and not row.appeal.strip():
        report.add(sheet, ("rows", i), "stops without a way to appeal", "add appeal: and whom to ask")
    if row.stop and (row.steps or row.automatic):
        report.add(sheet, ("rows", i), "stops and approves at once", "keep either stop or the approval")
    if row.automatic and row.steps:
        report.add(sheet, ("rows", i), "is automatic and asks people", "keep either automatic or steps")
    if row.automatic and not row.notify:
        report.add(sheet, ("rows", i), "is automatic and tells nobody", "add notify: and a role")
    demands = (row.steps, row.automatic, row.stop, row.notify, row.assessments, row.documents, row.monitoring)
    if not any(demands) and row.sla_hours is None:
        report.add(sheet, ("rows", i), "demands nothing", "add what it demands, or remove the row")


def _life_cycle(sheets: Sheets, report: Report) -> None:
    sheet = sheets.life_cycle
    if sheet is None:
        return
    stages, moves = sheet.content.stages, sheet.content.moves
    _unique(sheet, ("stages",), stages, report)
    for i, stage in enumerate(stages):
        _said(sheet, ("stages", i), stage, ("label", "says"), report)
    known = {s.id for s in stages}
    for i, move in enumerate(moves):
        report.unknown(sheet, ("moves", i, "from"), "stage", move.from_, known)
        report.unknown(sheet, ("moves", i, "to"), "stage", move.to, known)
        if any((m.from_, m.to, m.by) == (move.from_, move.to, move.by) for m in moves[:i]):
            report.add(sheet, ("moves", i), "stands here twice", "keep one")
    reached = {stages[0].id} if stages else set()
    while more := {m.to for m in moves if m.from_ in reached and not m.back} - reached:
        reached |= more
    for i, stage in enumerate(stages):
        if stage.id not in reached:
            fix = f'add a move to "{stage.id}" or remove the stage'
            report.add(sheet, ("stages", i, "id"), f'the stage "{stage.id}" cannot be reached', fix)
    check_declaring(sheet, sheets.intake.content if sheets.intake else None, report)
    have = {(m.from_, m.to) for m in moves}
    for start, end in NEEDED_MOVES:
        if (start, end) not in have:
            fix = f"add: from: {start}, to: {end}"
            report.add(
                sheet, ("moves",), f"the move from {start} to {end}, which the bot makes, is missing", fix
            )


def _settings(sheets: Sheets, report: Report) -> None:
    sheet = sheets.program
    if sheet is None:
        return
    for name in ("version", "name", "company"):
        if not getattr(sheet.content, name).strip():
            report.add(sheet, (name,), "is empty", f"give the {name}")
    check_working_time(sheet, report)
    consulting = sheet.content.consulting
    if not _CLOCK.match(consulting.gaps.at):
        report.add(sheet, ("consulting", "gaps", "at"), "is not a time of day", 'write it as "08:30"')
    for name in ("champions", "corpus_owner"):
        role = getattr(consulting, name)
        if role and sheets.roles:
            known = [r.id for r in sheets.roles.content.roles]
            report.unknown(sheet, ("consulting", name), "role", role, known)


def placeholders(sentence: str) -> set[str]:
    """The names in braces. Raises ``ValueError`` for a brace that is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _messages(sheets: Sheets, report: Report, sentences: Mapping[str, str] | None) -> None:
    sheet = sheets.messages
    if sheet is None:
        return
    for key, sentence in sheet.content.items():
        path = (key,)
        if len(sentence) > _MESSAGE_AT_MOST:
            problem = f"is {len(sentence)} characters long; {_MESSAGE_AT_MOST} fit into a message"
            report.add(sheet, path, problem, "shorten it")
        if not IDENTIFIER.match(key):
            report.add(sheet, path, f'"{key}" cannot be a key', "use small letters, digits and _")
        try:
            found = placeholders(sentence)
        except ValueError:
            report.add(sheet, path, "has a brace that is not closed", "write {name}, or {{ for a brace")
            continue
        odd = sorted(n for n in found if not IDENTIFIER.match(n))
        if odd:
            report.add(sheet, path, f'"{{{odd[0]}}}" is not a placeholder', "write a name in the braces")
        elif sentences is not None and key in sentences:
            known = placeholders(sentences[key])
            for name in sorted(found - known):
                near = nearest(name, known)
                able = ", ".join(f"{{{k}}}" for k in sorted(known)) or "none"
                fix = f'did you mean "{{{near}}}"?' if near else f"possible here: {able}"
                report.add(sheet, path, f'there is no placeholder "{{{name}}}" in this sentence', fix)
        elif sentences is not None:
            near = nearest(key, sentences)
            fix = f'did you mean "{near}"?' if near else "remove it"
            report.add(sheet, path, f'the bot never says "{key}"', fix)
    for key in sentences or {}:
        if key not in sheet.content:
            report.add(
                sheet, (), f'the sentence "{key}" is missing', f'add {key}: "{(sentences or {})[key]}"'
            )
