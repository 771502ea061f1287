"""What a row of somebody else's list says of a checklist: items answered on the word of its columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from workflows.answers import Answer
from workflows.dossier import Dossier
from workflows.evidence import Check, CheckState, Evidence
from workflows.ids import QuestionId, UserId, WalkId
from workflows.import_mapping import ImportMapping, MappedEvidence
from workflows.import_rows import Row
from workflows.program import Program
from workflows.questions import Question
from workflows.readiness import demanded
from workflows.use_case import UseCase
from workflows.walk import Origin, Walk

_CELL = 1500
"""Characters of a cell that are kept as evidence; the whole row is kept with the use case."""


def said(mapping: MappedEvidence, row: Row) -> tuple[CheckState | None, str]:
    """What a cell says of an item, and its words; ``None`` where it is empty or says nothing of the kind."""
    cell = row.cells.get(mapping.column, "").strip()
    for state, pattern in (("na", mapping.na), ("no", mapping.no), ("yes", mapping.yes)):
        if cell and pattern and _compiled(pattern).search(cell.casefold()):
            return state, cell  # type: ignore[return-value]
    return None, cell


def sheets(
    mapping: ImportMapping,
    row: Row,
    use_case: UseCase,
    program: Program,
    by: UserId,
    now: datetime,
    new_id: Callable[[], WalkId],
) -> tuple[Walk, ...]:
    """The checklists that gates demand of this use case, as far as the row answers them."""
    found: dict[str, dict[str, tuple[CheckState, str, str]]] = {}
    for mapped in mapping.evidence:
        state, cell = said(mapped, row)
        for name in mapped.items if state is not None else ():
            sheet, _, item = name.partition(".")
            found.setdefault(sheet, {})[item] = (state, cell, mapped.column)  # type: ignore[assignment]
    if not found:
        return ()
    dossier = Dossier(use_case=use_case)
    gates = [g for g in program.gates.values() if any(d.questionnaire in found for d in g.demands)]
    wanted = {f.id: f for g in gates for f in demanded(g, dossier, program) if f.id in found}
    made: list[Walk] = []
    for checklist in wanted.values():
        answers = {
            QuestionId(item): Answer(
                value=_check(state, cell, column, checklist.question(item), by, now).model_dump(mode="json"),
                how="imported",
                by=by,
                at=now,
                reason=column,
            )
            for item, (state, cell, column) in found[checklist.id].items()
        }
        made.append(
            Walk(
                id=new_id(),
                questionnaire=checklist.id,
                about=use_case.id,
                owner=by,
                status="saved",
                answers=answers,
                origin=Origin(entry="import"),
                program=program.stamp,
                started_at=now,
                touched_at=now,
            )
        )
    return tuple(made)


def _check(state: CheckState, cell: str, column: str, question: Question, by: UserId, now: datetime) -> Check:
    """A yes rests on the words of the list; a no, and what does not apply, has them as its reason."""
    if state != "yes":
        return Check(state=state, reason=f"{column} {cell}"[:_CELL])
    lasts = question.evidence.lasts_days if question.evidence else None
    ends = now + timedelta(days=lasts) if lasts else None
    piece = Evidence(kind="text", text=cell[:_CELL], name=column[:200], owner=by, at=now, expires_at=ends)
    return Check(state="yes", evidence=(piece,))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
