"""The portfolio as a table: stable columns, one row for each use case, safe to open in a spreadsheet.

The columns are the outline first, then the scores, then the answers under the ids of their questions. What is
written here is read again by the mapping ``imports/preflight.yaml``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.answers import Value
from workflows.people import Directory
from workflows.portfolio.listing import Listed
from workflows.program import Program
from workflows.questionnaire import shown
from workflows.questions import Question
from workflows.use_case import UseCase

BETWEEN = "; "
"""Between several answers in one cell."""
OUTLINE = (
    "id",
    "title",
    "stage",
    "tier",
    "lane",
    "lane_reason",
    "bucket",
    "function",
    "business_owner",
    "metric_owner",
    "submitter",
    "topic",
    "users",
    "created_at",
    "submitted_at",
    "decided_at",
    "source",
)
"""Columns that are there whoever reads it. ``lane_reason`` is that of a lane by hand."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def columns_of(program: Program, with_answers: bool) -> tuple[str, ...]:
    """Every column, in order."""
    scores = tuple(f"score_{d.id}" for d in program.scorecards[program.scorecard].dimensions)
    asked = tuple(str(q.id) for q in program.intake.questions()) if with_answers else ()
    return (*OUTLINE, *scores, *(q for q in asked if q not in OUTLINE))


def record_of(
    row: Listed,
    use_case: UseCase | None,
    program: Program,
    directory: Directory,
    with_answers: bool,
) -> dict[str, Any]:
    """One use case by column; ``use_case`` is the record behind it, ``None`` where that is not to be read."""
    made: dict[str, Any] = {
        "id": str(row.id),
        "title": row.title,
        "stage": row.stage,
        "tier": row.tier,
        "lane": row.lane or None,
        "lane_reason": use_case.lane.reason if use_case and use_case.lane else None,
        "bucket": row.bucket or None,
        "function": row.function or None,
        "business_owner": _name(row.business_owner, directory),
        "metric_owner": _name(row.metric_owner, directory),
        "submitter": _name(row.submitter, directory),
        "topic": row.topic or None,
        "users": row.users,
        "created_at": row.created_at.isoformat(),
        "submitted_at": _time(use_case, "submitted_at"),
        "decided_at": _time(use_case, "decided_at"),
        "source": use_case.source if use_case else None,
    }
    for dimension in program.scorecards[program.scorecard].dimensions:
        made[f"score_{dimension.id}"] = row.scores.get(dimension.id)
    if with_answers:
        answers = use_case.answers if use_case else {}
        for question in program.intake.questions():
            if str(question.id) not in OUTLINE:
                given = answers.get(question.id)
                made[str(question.id)] = None if given is None else plain(question, given.value, directory)
    return made


def plain(question: Question, value: Value, directory: Directory) -> Any:
    """An answer as the table holds it: options by their ids, people by name, numbers as they are."""
    if question.type in ("choice", "short_text", "long_text", "date"):
        return value
    if question.type == "multi":
        return list(value) if isinstance(value, list | tuple) else [value]
    if question.type in ("yesno", "number", "percent"):
        return value
    return shown(question, value, directory)


class _Lines:
    """Where the lines of a table are gathered."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        """One more."""
        self.lines.append(line)


def as_csv(columns: Sequence[str], records: Iterable[Mapping[str, Any]]) -> str:
    """The table with a row of column names on top; no cell is what a spreadsheet takes for a formula."""
    out = _Lines()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([cell(record.get(name)) for name in columns])
    return "".join(out.lines)


def as_json(records: Iterable[Mapping[str, Any]]) -> str:
    """The same as a JSON list of objects."""
    return json.dumps(list(records), ensure_ascii=False, indent=1) + "\n"


def cell(value: Any) -> str:
    """A value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, list):
        return safe(BETWEEN.join(str(v) for v in value))
    return safe(str(value)) if not isinstance(value, int) else str(value)


def safe(text: str) -> str:
    """What a spreadsheet would take for a formula is marked as text, by the mark that spreadsheets use."""
    if text.startswith("'") and text[1:].lstrip().startswith(_FORMULA):
        return f"'{text}"
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _name(user: str, directory: Directory) -> str | None:
    return directory.person(user).name if user else None  # type: ignore[arg-type]


def _time(use_case: UseCase | None, name: str) -> str | None:
    at = getattr(use_case, name) if use_case else None
    return at.isoformat() if at else None
