"""Checklists filled in, and dossiers around a use case, for the tests of readiness and gates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from workflows.answers import Answer
from workflows.evidence import Check, Evidence
from workflows.ids import ProgramStamp, QuestionId, UseCaseId, UserId, WalkId
from workflows.program import Program
from workflows.walk import Assignment, Origin, Walk


def evidence(
    text: str = "see the board", owner: str = "U0LEE", *, at: datetime, days: int | None = 365, link: str = ""
) -> Evidence:
    """One piece, good for so many days."""
    return Evidence(
        kind="link" if link else "text",
        text=text,
        link=link,
        owner=UserId(owner),
        at=at,
        expires_at=at + timedelta(days=days) if days else None,
    )


def answered(check: Check, by: str, at: datetime) -> Answer:
    """An item answered by somebody."""
    return Answer(value=check.model_dump(mode="json"), how="said", by=UserId(by), at=at)


def assigned(item: str, to: str, by: str, at: datetime) -> Assignment:
    """An item that somebody was asked for."""
    return Assignment(id=f"as-{item}", question=QuestionId(item), to=UserId(to), by=UserId(by), at=at)


def checklist(
    program: Program,
    id: str,
    use_case: str,
    *,
    at: datetime,
    met: Any = "all",
    without: tuple[str, ...] = (),
    handed_to: dict[str, str] | None = None,
    by: str = "U0DANA",
    walk: str = "W-0100",
    days: int | None = 365,
) -> Walk:
    """A checklist in which these items are met on evidence (``all``: every one but ``without``)."""
    questions = [q for q in program.questionnaires[id].questions() if q.type == "check"]
    wanted = [q.id for q in questions if (met == "all" or q.id in met) and q.id not in without]
    return Walk(
        id=WalkId(walk),
        questionnaire=id,
        about=UseCaseId(use_case),
        owner=UserId(by),
        status="saved",
        answers={
            q: answered(Check(state="yes", evidence=(evidence(at=at, days=days),)), by, at) for q in wanted
        },
        assignments=tuple(assigned(item, to, by, at) for item, to in (handed_to or {}).items()),
        origin=Origin(entry="command"),
        program=ProgramStamp(label="test", hash="0"),
        started_at=at,
        touched_at=at,
    )
