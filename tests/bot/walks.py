"""A walk for tests that need one and do not care which."""

from __future__ import annotations

from datetime import UTC, datetime

from workflows.ids import Place, ProgramStamp, UseCaseId, UserId, WalkId
from workflows.walk import Origin, Walk


def a_walk(owner: str, place: Place | None = None) -> Walk:
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    return Walk(
        id=WalkId("W-0001"),
        questionnaire="intake",
        about=UseCaseId("UC-0001"),
        owner=UserId(owner),
        place=place,
        origin=Origin(entry="message"),
        program=ProgramStamp(label="test", hash="0"),
        started_at=now,
        touched_at=now,
    )
