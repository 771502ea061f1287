"""How each answer came about: what was found, what a model was told and spent, why it fell back.

Kept for as long as the operator says, then pruned. A trace holds the question and names the passages, those
for a few readers too, but not their text: it is for whoever runs Preflight, and is never shown in Slack.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Index, Row, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Key, Table, storable


class AnswerTraces(Table):
    """One row for each answer."""

    __tablename__ = "answer_traces"

    id: Mapped[str] = mapped_column(Key(), primary_key=True)
    at: Mapped[datetime]
    expires_at: Mapped[datetime]
    asker: Mapped[str]
    question: Mapped[str]
    content: Mapped[dict[str, Any]]

    __table_args__ = (Index("answer_traces_at", "at"), Index("answer_traces_expires_at", "expires_at"))


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TracedPassage(_Kept):
    """A passage that was found, and what became of it."""

    passage: int
    source: str
    path: str
    section: str
    start: int
    end: int
    score: float
    sent: bool = False
    """To the model."""
    cited: bool = False
    """In the answer."""


class Trace(_Kept):
    """The record of one answer. Times are in milliseconds."""

    id: str
    at: datetime
    question: str
    asker: str = ""
    """Slack's id of who asked; empty where nobody was named."""
    after: str = ""
    """The question it went on from."""
    state: str
    how: str
    """``quotes`` or ``model``."""
    probability: float
    corpus_version: int
    retrieval: str
    """A fingerprint of everything that ranking and certainty are set to."""
    passages: tuple[TracedPassage, ...] = ()
    model: str = ""
    prompt: str = ""
    """Version and the beginning of its text's hash."""
    masked: bool = False
    outcome: str = ""
    """What came of asking the model; empty where none is set."""
    why: str = ""
    dropped: dict[str, int] = {}
    """Sentences that were dropped, by why."""
    tokens_in: int = 0
    tokens_out: int = 0
    approximate: bool = False
    cost: float | None = None
    retrieval_ms: float = 0.0
    first_sentence_ms: float | None = None
    model_ms: float | None = None
    total_ms: float = 0.0


def new_id() -> str:
    """An id for a trace that is about to be made."""
    return f"T-{secrets.token_hex(6)}"


def keep(connection: Connection, trace: Trace, days: int) -> None:
    """Keep a trace for so many days."""
    content = trace.model_dump(mode="json", exclude={"id", "at", "asker", "question"})
    connection.execute(
        insert(AnswerTraces),
        {
            "id": trace.id,
            "at": trace.at,
            "expires_at": trace.at + timedelta(days=days),
            "asker": trace.asker,
            "question": storable(trace.question),
            "content": content,
        },
    )


_COLUMNS = (AnswerTraces.id, AnswerTraces.at, AnswerTraces.asker, AnswerTraces.question, AnswerTraces.content)


def of(connection: Connection, id: str) -> Trace | None:
    """The trace of that id."""
    row = connection.execute(select(*_COLUMNS).where(AnswerTraces.id == id)).first()
    return None if row is None else _trace(row)


def last(connection: Connection, count: int) -> list[Trace]:
    """The latest traces, newest first."""
    newest = select(*_COLUMNS).order_by(AnswerTraces.at.desc(), AnswerTraces.id.desc()).limit(count)
    return [_trace(row) for row in connection.execute(newest)]


def _trace(row: Row[Any]) -> Trace:
    about = {"id": row.id, "at": row.at, "asker": row.asker, "question": row.question}
    return Trace.model_validate({**row.content, **about})


def prune(connection: Connection, now: datetime) -> int:
    """Forget those whose time is over; returns how many."""
    return connection.execute(delete(AnswerTraces).where(AnswerTraces.expires_at < now)).rowcount
