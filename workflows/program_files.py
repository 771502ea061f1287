"""From the texts of a program's files to a checked :class:`Program`, or to all that is wrong with them."""

from __future__ import annotations

import hashlib
import json
import types
import typing
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from workflows.decision_rights import DecisionRights
from workflows.digests.policy import DigestPolicy
from workflows.evaluation_rules import EvaluationRules
from workflows.expressions import nearest
from workflows.feedback_policy import FeedbackPolicy
from workflows.figures.policy import FigurePolicy
from workflows.gate import Gate
from workflows.ids import ProgramStamp
from workflows.import_mapping import ImportMapping
from workflows.incidents.policy import IncidentPolicy
from workflows.learning.checks import check_learning_sources
from workflows.learning.policy import LearningPolicy
from workflows.measures.checks import check_metrics
from workflows.measures.policy import MetricPolicy
from workflows.plan.policy import PlanPolicy
from workflows.portfolio.inventory import Inventory
from workflows.portfolio.policy import PortfolioPolicy
from workflows.program import Governance, LifeCycle, Program, Scorecard, Tiers
from workflows.program_checks import check_program
from workflows.program_errors import ProgramError, ProgramErrors
from workflows.program_sheets import ProgramSheet, Report, RolesSheet, Sheet, Sheets
from workflows.program_yaml import Path, Reading, read_yaml
from workflows.questions import Questionnaire
from workflows.result_checks import check_pages
from workflows.retention import Retention
from workflows.source_checks import check_sources

__all__ = [
    "KNOWN_FILES",
    "MESSAGES",
    "ProgramError",
    "ProgramErrors",
    "parse_messages",
    "parse_program",
    "stamp_of",
]

_M = TypeVar("_M", bound=BaseModel)


KNOWN_FILES: Mapping[str, str] = {
    "program.yaml": "the program's name, version and settings",
    "tiers.yaml": "the risk tier rules",
    "governance.yaml": "who must agree to what",
    "roles.yaml": "roles, functions and rotations",
    "life_cycle.yaml": "stages and moves",
    "decision_rights.yaml": "who may do what with a use case",
    "incidents.yaml": "kinds and severities of incidents, and who hears of them",
    "portfolio_review.yaml": "when the portfolio is looked at, by whom, and what is proposed",
    "messages.yaml": "the sentences the bot says",
    "questionnaires/intake.yaml": "the intake questions",
}
"""The files every program has; scorecards, questionnaires, gates and import mappings come beside them."""

OPTIONAL_FILES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "evaluation.yaml": ("evaluation", EvaluationRules),
    "portfolio.yaml": ("inventory", Inventory),
    "metrics.yaml": ("metrics", MetricPolicy),
    "figures.yaml": ("figures", FigurePolicy),
    "digests.yaml": ("digests", DigestPolicy),
    "learning.yaml": ("learning", LearningPolicy),
    "plan.yaml": ("plan", PlanPolicy),
    "feedback.yaml": ("feedback", FeedbackPolicy),
    "retention.yaml": ("retention", Retention),
}
"""Files that a program may have: the field of :class:`Program` they fill, and their shape."""


MESSAGES = "messages.yaml"
"""The file of the sentences that the bot says."""


def stamp_of(files: Mapping[str, str], label: str) -> ProgramStamp:
    """The version of a program: its label and a hash over its files, whatever their line endings."""
    digest = hashlib.sha256()
    for path in sorted(files):
        text = files[path].removeprefix("\ufeff").replace("\r\n", "\n").rstrip() + "\n"
        digest.update(f"{path}\0{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
    return ProgramStamp(label=label, hash=digest.hexdigest())


def parse_program(
    files: Mapping[str, str],
    sentences: Mapping[str, str] | None = None,
    playbook: Mapping[str, str | None] | None = None,
    metrics: Collection[str] | None = None,
) -> Program:
    """The program that these files (path, with ``/``, to text) describe.

    ``sentences`` are the messages of the program that ships: where given, this one must have each of them,
    with no other placeholders. ``playbook`` has the texts of its documents by path (``None`` for what is no
    Markdown): where given, what questions refer to must be in it. ``metrics`` are the ids of all that are
    there: where given, no other may be named. Raises :class:`ProgramErrors` with everything found wrong, in
    file order.
    """
    report = Report()
    for path, holds in KNOWN_FILES.items():
        if path not in files:
            report.add_at(path, 1, (), "this file is missing", f"add it: it holds {holds}")
    sheets = _sheets(files, report)
    check_program(sheets, report, sentences)
    check_metrics(sheets, metrics, report)
    if playbook is not None:
        for questionnaire in sheets.questionnaires:
            check_sources(questionnaire, playbook, report)
            check_pages(questionnaire, playbook, report)
        check_learning_sources(sheets.learning, playbook, report)
    whole = (
        sheets.program,
        sheets.tiers,
        sheets.governance,
        sheets.roles,
        sheets.life_cycle,
        sheets.decision_rights,
        sheets.incidents,
        sheets.portfolio,
        sheets.messages,
    )
    program, tiers, governance, roles, life_cycle, rights, incidents, portfolio, messages = whole
    if report.errors or not (
        program
        and tiers
        and governance
        and roles
        and life_cycle
        and rights
        and incidents
        and portfolio
        and messages
    ):
        raise ProgramErrors(report.sorted())
    head, people = program.content, roles.content
    return Program(
        stamp=stamp_of(files, head.version),
        name=head.name,
        company=head.company,
        program_team=head.program_team,
        scorecard=head.scorecard,
        drafts=head.drafts,
        working_time=head.working_time,
        desk=head.desk,
        releases=head.releases,
        consulting=head.consulting,
        assignments=head.assignments,
        contracts=head.contracts,
        questionnaires={q.content.id: q.content for q in sheets.questionnaires},
        scorecards={s.content.id: s.content for s in sheets.scorecards},
        tiers=tiers.content,
        governance=governance.content,
        roles={r.id: r for r in people.roles},
        rotations={r.id: r for r in people.rotations},
        functions={f.id: f for f in people.functions},
        life_cycle=life_cycle.content,
        gates={g.content.id: g.content for g in sheets.gates},
        decision_rights=rights.content,
        incidents=incidents.content,
        portfolio=portfolio.content,
        messages=messages.content,
        imports={m.content.id: m.content for m in sheets.imports},
        **{field: there.content for field, _ in OPTIONAL_FILES.values() if (there := getattr(sheets, field))},
    )


def parse_messages(text: str) -> Mapping[str, str]:
    """The sentences of one ``messages.yaml`` by key. Raises :class:`ProgramErrors` with what is wrong."""
    report = Report()
    sheet = _messages(MESSAGES, text, report)
    if sheet is None or report.errors:
        raise ProgramErrors(report.sorted())
    return sheet.content


def _sheets(files: Mapping[str, str], report: Report) -> Sheets:
    sheets = Sheets()
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if folder == "questionnaires" and name.endswith(".yaml"):
            questionnaire = _sheet(path, files[path], Questionnaire, report)
            if questionnaire:
                sheets.questionnaires.append(questionnaire)
        elif folder == "scorecards" and name.endswith(".yaml"):
            scorecard = _sheet(path, files[path], Scorecard, report)
            if scorecard:
                sheets.scorecards.append(scorecard)
        elif folder == "imports" and name.endswith(".yaml"):
            mapping = _sheet(path, files[path], ImportMapping, report)
            if mapping:
                sheets.imports.append(mapping)
        elif folder == "gates" and name.endswith(".yaml"):
            gate = _sheet(path, files[path], Gate, report)
            if gate:
                sheets.gates.append(gate)
        elif path == "program.yaml":
            sheets.program = _sheet(path, files[path], ProgramSheet, report)
        elif path == "tiers.yaml":
            sheets.tiers = _sheet(path, files[path], Tiers, report)
        elif path == "governance.yaml":
            sheets.governance = _sheet(path, files[path], Governance, report)
        elif path == "roles.yaml":
            sheets.roles = _sheet(path, files[path], RolesSheet, report)
        elif path == "life_cycle.yaml":
            sheets.life_cycle = _sheet(path, files[path], LifeCycle, report)
        elif path == "decision_rights.yaml":
            sheets.decision_rights = _sheet(path, files[path], DecisionRights, report)
        elif path in OPTIONAL_FILES:
            field, model = OPTIONAL_FILES[path]
            setattr(sheets, field, _sheet(path, files[path], model, report))
        elif path == "incidents.yaml":
            sheets.incidents = _sheet(path, files[path], IncidentPolicy, report)
        elif path == "portfolio_review.yaml":
            sheets.portfolio = _sheet(path, files[path], PortfolioPolicy, report)
        elif path == MESSAGES:
            sheets.messages = _messages(path, files[path], report)
        else:
            near = nearest(path, KNOWN_FILES)
            fix = f'rename it to "{near}"' if near else "move it out of the program folder"
            report.add_at(path, 1, (), "this is not a file that a program has", fix)
    return sheets


def _read(path: str, text: str, report: Report) -> Reading | None:
    """The file's values; ``None`` (and errors in the report) when there is nothing to go on with."""
    reading = read_yaml(text.removeprefix("\ufeff"))
    for fault in reading.faults:
        report.add_at(path, fault.line, fault.path, fault.problem, fault.fix)
    if any(not f.path for f in reading.faults):
        return None
    if reading.value is None:
        fix = f"write in it {KNOWN_FILES[path]}" if path in KNOWN_FILES else "fill it or remove it"
        report.add_at(path, 1, (), "this file is empty", fix)
        return None
    if not isinstance(reading.value, dict):
        report.add_at(path, 1, (), "this file must hold fields (name: value)", "see the program that ships")
        return None
    return reading


def _sheet(path: str, text: str, model: type[_M], report: Report) -> Sheet[_M] | None:
    reading = _read(path, text, report)
    if reading is None:
        return None
    try:
        content = model.model_validate_json(json.dumps(reading.value), strict=True)
    except ValidationError as error:
        explain(path, reading, model, error, report)
        return None
    return Sheet(path, reading, content)


def _messages(path: str, text: str, report: Report) -> Sheet[Mapping[str, str]] | None:
    reading = _read(path, text, report)
    if reading is None:
        return None
    good: dict[str, str] = {}
    for key, value in reading.value.items():
        if isinstance(value, str) and value.strip():
            good[key] = value.strip()
        else:
            report.add_at(
                path,
                reading.line((key,)),
                (key,),
                f"must be a sentence, not {_kind(value)}",
                "write it in quotes",
            )
    return Sheet(path, reading, good) if len(good) == len(reading.value) else None


def explain(
    path: str, reading: Reading, model: type[BaseModel], error: ValidationError, report: Report
) -> None:
    """Add to the report what a file's shape lacks, each fault at its line and with what to do about it."""
    told: set[Path] = set()
    for found in error.errors(include_url=False, include_context=True):
        place = _place(found["loc"], reading, missing=found["type"] == "missing")
        if place in told:
            continue
        told.add(place)
        problem, fix = _said(found, place, reading, model)
        report.add_at(path, reading.line(place), place, problem, fix)


def _place(loc: tuple[int | str, ...], reading: Reading, missing: bool) -> Path:
    """The place in the file: pydantic also names the members of unions, which do not stand there."""
    place: Path = ()
    for i, part in enumerate(loc):
        if (*place, part) in reading.lines or (missing and i == len(loc) - 1):
            place = (*place, part)
    return place


def _said(found: Any, place: Path, reading: Reading, model: type[BaseModel]) -> tuple[str, str]:
    name = str(place[-1]) if place else ""
    kind, given = found["type"], found.get("input")
    context = found.get("ctx", {})
    if kind == "missing":
        return f'"{name}" is missing', f"add {name}: ... here"
    if kind == "extra_forbidden":
        known = fields_at(model, place[:-1])
        near = nearest(name, known)
        fix = f'did you mean "{near}"?' if near else f"remove it; known here: {', '.join(known)}"
        if given is None and " " in name:
            fix = "if it belongs to the text before the comma, put quotes around the whole text"
        return f'"{name}" is not a known field', fix
    if kind == "literal_error":
        expected = str(context.get("expected", ""))
        near = nearest(str(given), [e.strip("'") for e in expected.replace(" or ", ", ").split(", ")])
        return (
            f"{given!r} is not possible here",
            f'did you mean "{near}"?' if near else f"use one of {expected}",
        )
    if kind == "string_too_long":
        most = context.get("max_length")
        return f"is {len(str(given))} characters long; {most} fit", f"shorten it to at most {most} characters"
    wanted = _WANTED.get(kind)
    if wanted:
        quote = kind == "string_type" and isinstance(given, int | float | bool)
        fix = f'put it in quotes: "{given}"' if quote else f"write {wanted}"
        return f"must be {wanted}, not {_kind(given)}", fix
    return str(found["msg"]).removeprefix("Value error, "), "correct the value"


_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a set of fields",
    "mapping_type": "a set of fields",
    "model_type": "a set of fields",
    "model_attributes_type": "a set of fields",
}


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    return "a set of fields" if isinstance(value, dict) else "text"


def fields_at(model: type[BaseModel], place: Path) -> list[str]:
    """The names of the fields that may stand at a place in a file of this shape."""
    current: Any = model
    for part in place:
        current = _inner(current, part)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [f.alias or n for n, f in current.model_fields.items()]
    return []


def _inner(shape: Any, part: int | str) -> Any:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        fields = {f.alias or n: f for n, f in shape.model_fields.items()}
        return _unwrapped(fields[str(part)].annotation) if part in fields else None
    arguments = typing.get_args(shape)
    if isinstance(part, int):
        return _unwrapped(arguments[0]) if arguments else None
    return _unwrapped(arguments[1]) if len(arguments) == 2 else None


def _unwrapped(annotation: Any) -> Any:
    """Of an optional shape, the shape."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return next(a for a in typing.get_args(annotation) if a is not type(None))
    return annotation
