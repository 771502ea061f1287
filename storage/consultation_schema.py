"""The tables of the questions to the playbook, and of what was told in each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import AggregateColumns, Key, Table


class Consultations(AggregateColumns, Table):
    """Questions to the playbook; found by their thread, their asker, and the time they were asked."""

    __tablename__ = "consultations"

    asker: Mapped[str]
    status: Mapped[str]
    channel: Mapped[str]
    thread: Mapped[str | None]
    asked_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    """When something last came of it: an answer, a rating, a champion's word."""
    put_to: Mapped[str | None]
    """The champion who has it in hand."""

    __table_args__ = (
        Index("consultations_place", "channel", "thread", "asked_at"),
        Index("consultations_asker", "asker", "channel", "asked_at"),
        Index("consultations_touched", "touched_at"),
        Index("consultations_put_to", "put_to", "asked_at"),
    )


class ToldRows(Table):
    """What was found for a question. Beside the aggregate, because the audit log keeps the whole of that."""

    __tablename__ = "told"

    consultation: Mapped[str] = mapped_column(Key(), ForeignKey("consultations.id"), primary_key=True)
    content: Mapped[dict[str, Any]]
