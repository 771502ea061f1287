"""What must be true of an import mapping: that it fills questions that exist, and reads only what it may."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workflows.expressions import nearest
from workflows.import_mapping import ImportMapping, Reader
from workflows.program_sheets import Report, Sheet
from workflows.program_yaml import Path
from workflows.questionnaire_checks import not_a_value, runs_away
from workflows.questions import Question

_UNFIT = ("person", "people", "file", "money")


def check_mapping(
    sheet: Sheet[ImportMapping],
    questions: Mapping[str, Question] | None,
    stages: frozenset[str] | None,
    report: Report,
) -> None:
    """Add to the report whatever does not hold."""
    mapping = sheet.content
    named = sheet.file.removeprefix("imports/").removesuffix(".yaml")
    if mapping.id != named:
        report.add(sheet, ("id",), f'the id "{mapping.id}" is not the name of its file', f'write "{named}"')
    for name in ("key", "story", "fields"):
        if not getattr(mapping, name):
            report.add(sheet, (name,), "is empty", "name at least one")
    never = set(mapping.never.columns) if mapping.never else set()
    _column(sheet, ("topic",), mapping.topic, never, report)
    for name in ("key", "story"):
        for i, column in enumerate(getattr(mapping, name)):
            _column(sheet, (name, i), column, never, report)
    for i, reader in enumerate(mapping.stage):
        where: Path = ("stage", i)
        _reader(sheet, where, reader, None, never, report)
        for value in (reader.values or {}).values():
            report.unknown(sheet, (*where, "values"), "stage", str(value), stages)
        if reader.value is not None and stages is not None and reader.value not in stages:
            report.add(sheet, (*where, "value"), f'there is no stage "{reader.value}"', "name a stage")
    for i, mapped in enumerate(mapping.evidence):
        for name in ("yes", "no", "na"):
            _sound(sheet, ("evidence", i, name), getattr(mapped, name), report)
        if not mapped.items:
            report.add(sheet, ("evidence", i, "items"), "is empty", "name items: CHECKLIST.ITEM")
        if not mapped.yes:
            report.add(sheet, ("evidence", i, "yes"), "is empty", "say how a cell reads that is a yes")
    filled: set[str] = set()
    for i, field in enumerate(mapping.fields):
        here: Path = ("fields", i)
        if field.question in filled:
            report.add(sheet, (*here, "question"), f'"{field.question}" is filled twice', "join the two")
        filled.add(field.question)
        question = questions.get(field.question) if questions is not None else None
        if questions is not None and question is None:
            near = nearest(field.question, questions)
            fix = f'did you mean "{near}"?' if near else "name a question of the intake"
            report.add(sheet, (*here, "question"), f'there is no question "{field.question}"', fix)
        if question is not None and question.type in _UNFIT:
            problem = f"a {question.type} cannot be imported"
            report.add(sheet, (*here, "question"), problem, "leave the field out; people answer it later")
        if not field.read:
            report.add(sheet, (*here, "read"), "reads nothing", "add a way to find it")
        for j, reader in enumerate(field.read):
            _reader(sheet, (*here, "read", j), reader, question, never, report)


def _column(sheet: Sheet[ImportMapping], path: Path, column: str, never: set[str], report: Report) -> None:
    if column in never:
        report.add(sheet, path, f'"{column}" is never to be read', "take it out here or under never")


def _reader(
    sheet: Sheet[ImportMapping],
    where: Path,
    reader: Reader,
    question: Question | None,
    never: set[str],
    report: Report,
) -> None:
    for i, column in enumerate(reader.columns):
        _column(sheet, (*where, "columns", i), column, never, report)
    if not (reader.columns or reader.pattern or reader.value is not None):
        report.add(sheet, where, "finds nothing", "give it columns, a pattern or a value")
    if reader.values is not None and (not reader.columns or reader.pattern or reader.value is not None):
        report.add(sheet, (*where, "values"), "need columns and nothing else", "give columns and values only")
    if reader.split and (question is None or question.type != "multi" or not reader.columns):
        fix = "use it in a field of a multi question, with columns"
        report.add(sheet, (*where, "split"), "splits what holds one answer", fix)
    if reader.pattern:
        _pattern(sheet, (*where, "pattern"), reader.pattern, report)
    if question is None:
        return
    if question.type == "date" and reader.columns and not reader.format and reader.values is None:
        report.add(sheet, where, "does not say how the date is written", 'add format: "%m/%d/%Y" or the like')
    for key, value in (reader.values or {}).items():
        problem = not_a_value(question, value)
        if problem:
            report.add(sheet, (*where, "values", key), problem, "correct the value")
    if reader.value is not None:
        problem = not_a_value(question, reader.value)
        if problem:
            report.add(sheet, (*where, "value"), problem, "correct the value")
    fixed = question.type in ("choice", "multi", "yesno")
    if fixed and not question.other and reader.value is None and reader.values is None:
        report.add(sheet, where, f"copies text into a {question.type}", "add values: or value:")


def _pattern(sheet: Sheet[ImportMapping], path: Path, pattern: str, report: Report) -> None:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        report.add(sheet, path, f"is not a regular expression: {error}", "correct the pattern")
        return
    if re.search(r"(?<!\\)[A-Z]", pattern):
        report.add(sheet, path, "has capitals and is searched in small letters", "write it in small letters")
    if runs_away(pattern):
        problem = "repeats a group that repeats something itself, which can take for ever"
        report.add(sheet, path, problem, "repeat only the inner or the outer part")
    if compiled.match(""):
        report.add(sheet, path, "matches anything", "make it need at least one word")


def _sound(sheet: Sheet[ImportMapping], where: Path, pattern: str, report: Report) -> None:
    """A pattern that compiles, and that no cell keeps busy for ever."""
    try:
        re.compile(pattern)
    except re.error as error:
        report.add(sheet, where, f"is not a regular expression: {error}", "correct the pattern")
        return
    if runs_away(pattern):
        problem = "repeats a group that repeats something itself, which can take for ever"
        report.add(sheet, where, problem, "repeat only the inner or the outer part")
    if pattern != pattern.casefold():
        report.add(sheet, where, "has capital letters, which never match", "write it in small letters")
