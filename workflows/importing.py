"""From a row of somebody else's list to a use case of ours, with everything about it that is in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from workflows.answers import Answer, Value
from workflows.ids import Frozen, ProgramStamp, QuestionId, UseCaseId, UserId
from workflows.import_mapping import ImportMapping, MappedField, MappedValue, Reader
from workflows.import_rows import Row
from workflows.people import Directory
from workflows.portfolio.lanes import topic_of
from workflows.program import Program
from workflows.questionnaire import missing_in, shown
from workflows.questions import Question
from workflows.scoring import assess
from workflows.use_case import UseCase

IMPORTER = UserId("import")
"""Who submits what is imported: nobody in Slack."""
_NOBODY = Directory()
_NOTHING = frozenset({"n/a", "na", "none", "not applicable", "tbd", "unknown", "-", "n/a."})
_SOURCE_CELL = 20_000


class Doubt(Frozen):
    """An answer that somebody should look at, and why."""

    question: QuestionId
    label: str
    shown: str
    why: str


class Reading(Frozen):
    """What was made of a row."""

    line: int
    key: str
    title: str
    stage: str
    values: dict[QuestionId, Value]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]
    """What was wrong with the row itself, or did not fit."""
    row: Row


def read_list(mapping: ImportMapping, program: Program, rows: Iterable[Row]) -> list[Reading]:
    """Every row, in order. Rows that say the same in the key columns are told apart by counting them."""
    seen: dict[str, int] = {}
    found: list[Reading] = []
    questions = {q.id: q for q in program.intake.questions()}
    for row in rows:
        key = _key(mapping, row)
        seen[key] = seen.get(key, 0) + 1
        numbered = key if seen[key] == 1 else f"{key} #{seen[key]}"
        found.append(_reading(mapping, program, questions, row, f"{mapping.id}: {numbered}"))
    return found


def unknown_columns(mapping: ImportMapping, columns: Iterable[str]) -> list[str]:
    """The columns that the mapping reads and the file does not have."""
    there = set(columns)
    read = dict.fromkeys((*mapping.columns(), *(e.column for e in mapping.evidence)))
    return [c for c in read if c not in there]


def imported(reading: Reading, id: UseCaseId, program: Program, now: datetime) -> UseCase:
    """The use case a row becomes: its answers, and what they are worth under the program."""
    answers = _answers(reading, now)
    return UseCase(
        id=id,
        title=reading.title,
        stage=reading.stage,
        submitter=IMPORTER,
        program=program.stamp,
        answers=answers,
        assessment=assess(program, program.intake, answers),
        topic=topic_of(reading.key, reading.row.cells, program),
        source="import",
        source_key=reading.key,
        source_row=_kept(reading.row),
        created_at=now,
    )


def imported_again(existing: UseCase, reading: Reading, program: Program, now: datetime) -> UseCase | None:
    """What an existing use case becomes when its row comes again; ``None`` when nothing about it is new.

    Answers that people gave since stand. The stage is theirs as well once it is here.
    """
    given = {q: a for q, a in existing.answers.items() if a.how != "imported"}
    fresh = {q: a for q, a in _answers(reading, now).items() if q not in given}
    before = {q: a.value for q, a in existing.answers.items()}
    answers = {**fresh, **given}
    same = before == {q: a.value for q, a in answers.items()} and existing.source_row == _kept(reading.row)
    if same and existing.program.hash == program.stamp.hash:
        return None
    stamp: ProgramStamp = program.stamp
    return existing.model_copy(
        update={
            "title": existing.title if QuestionId("name") in given else reading.title,
            "answers": answers,
            "program": stamp,
            "assessment": assess(program, program.intake, answers, existing.overrides),
            "topic": topic_of(reading.key, reading.row.cells, program),
            "source_row": _kept(reading.row),
        }
    )


def missing_labels(use_case: UseCase, program: Program) -> list[str]:
    """The questions that a submission would still need, by label."""
    return [q.label for q in missing_in(program.intake, use_case.answers)]


def _answers(reading: Reading, now: datetime) -> dict[QuestionId, Answer]:
    doubts = {d.question: d.why for d in reading.doubts}
    return {
        q: Answer(value=v, how="imported", by=IMPORTER, at=now, reason=doubts.get(q, ""))
        for q, v in reading.values.items()
    }


def _kept(row: Row) -> dict[str, str]:
    """The row as it is kept with the use case; of an unsound one the text of the file too."""
    cells = {k: v[:_SOURCE_CELL] for k, v in row.cells.items()}
    return {**cells, "(as in the file)": row.raw[:_SOURCE_CELL]} if row.raw else cells


def _key(mapping: ImportMapping, row: Row) -> str:
    return " | ".join(" ".join(row.cells.get(c, "").split()) for c in mapping.key)[:500]


def _reading(
    mapping: ImportMapping, program: Program, questions: Mapping[QuestionId, Question], row: Row, key: str
) -> Reading:
    story = " \n ".join(row.cells.get(c, "") for c in mapping.story).lower()
    values: dict[QuestionId, Value] = {}
    doubts: list[Doubt] = []
    notes = list(row.faults)
    for field in mapping.fields:
        question = questions[field.question]
        value, why = _field(field, question, row, story)
        if value is None:
            continue
        limit = question.bounds.max_length
        if limit and isinstance(value, str) and len(value) > limit:
            notes.append(f"{question.label} is longer than {limit} characters; the rest is in the row only")
            value = value[: limit - 1] + "…"
        values[question.id] = value
        if why:
            said = shown(question, value, _NOBODY)
            doubts.append(Doubt(question=question.id, label=question.label, shown=said, why=why))
    named = program.intake.title_question
    title = str(values.get(named, "")) if named else ""
    if not title:
        notes.append("it has no name")
        title = f"Untitled, line {row.line}"
    stage = next((str(v) for r in mapping.stage if (v := _read(r, row, story)[0]) is not None), "idea")
    return Reading(
        line=row.line,
        key=key,
        title=title,
        stage=stage,
        values=values,
        doubts=tuple(doubts),
        notes=tuple(notes),
        row=row,
    )


def _field(field: MappedField, question: Question, row: Row, story: str) -> tuple[Value | None, str]:
    if question.type == "multi":
        return _several(field, question, row, story)
    for reader in field.read:
        value, why = _read(reader, row, story)
        typed = _typed(question, value)
        if typed is not None:
            return typed, why
    return None, ""


def _several(field: MappedField, question: Question, row: Row, story: str) -> tuple[Value | None, str]:
    """All that is found, in the program's order; what is only assumed counts if nothing else was found."""
    found: list[str] = []
    reasons: list[str] = []
    for reader in field.read:
        if found and _assumes(reader):
            continue
        value, why = _split(reader, row) if reader.split else _read(reader, row, story)
        if value is not None:
            found += value if isinstance(value, list) else [str(value)]
            reasons += [why] if why else []
    order = [c.id for c in question.choices]
    unique = sorted(dict.fromkeys(found), key=lambda f: order.index(f) if f in order else len(order))
    return (unique or None), "; ".join(dict.fromkeys(reasons))


def _split(reader: Reader, row: Row) -> tuple[MappedValue | None, str]:
    """All that stands in the cell: each looked up where there are values, else as it is."""
    cell = next((row.cells[c] for c in reader.columns if row.cells.get(c)), "")
    said = [" ".join(part.split()) for part in cell.split(reader.split)]
    if reader.values is None:
        return [s for s in said if s] or None, reader.doubt
    known = _lower(tuple(reader.values))
    several = [reader.values[known[s.lower()]] for s in said if s.lower() in known]
    return [str(v) for v in several] or None, reader.doubt


def _assumes(reader: Reader) -> bool:
    return reader.value is not None and not reader.pattern


def _read(reader: Reader, row: Row, story: str) -> tuple[MappedValue | None, str]:
    """What one reader finds, and why it is in doubt."""
    if reader.pattern:
        text = story
        if reader.columns:
            text = " \n ".join(row.cells.get(c, "") for c in reader.columns).lower()
        match = _pattern(reader.pattern).search(text)
        if not match:
            return None, ""
        words = " ".join(match.group().split())
        why = reader.doubt or f"read from the words “{words[:60]}”"
        return (words if reader.value is None else reader.value), why
    if _assumes(reader):
        return reader.value, reader.doubt or "assumed: the list does not say"
    known = _lower(tuple(reader.values)) if reader.values is not None else {}
    cells = (row.cells.get(c, "") for c in reader.columns)
    cell = next((c for c in cells if c.lower() not in _EMPTY or (c and c.lower() in known)), "")
    if not cell:
        return None, ""
    if reader.values is not None:
        looked = known.get(" ".join(cell.split()).lower())
        return (reader.values[looked], reader.doubt) if looked is not None else (None, "")
    if reader.format:
        try:
            return datetime.strptime(cell, reader.format).date().isoformat(), reader.doubt  # noqa: DTZ007
        except ValueError:
            return None, ""
    return cell, reader.doubt


_EMPTY = _NOTHING | {""}


def _typed(question: Question, value: MappedValue | None) -> Value | None:
    """A value as this question keeps it; ``None`` when it cannot be one."""
    if value is None or question.type not in ("number", "percent"):
        return value
    bare = re.sub(r"[,\s%]", "", str(value))
    return float(bare) if re.fullmatch(r"-?\d+(?:\.\d+)?", bare) else None


@lru_cache(maxsize=1024)
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


@lru_cache(maxsize=256)
def _lower(keys: tuple[str, ...]) -> Mapping[str, str]:
    return {" ".join(k.split()).lower(): k for k in keys}
