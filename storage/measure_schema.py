"""The tables that measures are counted from: repeated from states, and made anew from them at any time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Float, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.schema import Key, Table


class Spans(Table):
    """From when to when something stood, see :mod:`workflows.measures.spans`."""

    __tablename__ = "spans"

    subject_type: Mapped[str] = mapped_column(Key(), primary_key=True)
    subject_id: Mapped[str] = mapped_column(Key(), primary_key=True)
    kind: Mapped[str] = mapped_column(Key(), primary_key=True)
    item: Mapped[str] = mapped_column(Key(), primary_key=True)
    use_case: Mapped[str] = mapped_column(Key())
    """Empty: none."""
    label: Mapped[str]
    outcome: Mapped[str]
    begins: Mapped[datetime]
    due: Mapped[datetime | None]
    ends: Mapped[datetime | None]

    __table_args__ = (
        Index("spans_begins", "kind", "begins"),
        Index("spans_ends", "kind", "ends"),
        Index("spans_use_case", "use_case", "kind"),
    )


class Answers(Table):
    """Answers of use cases that can be counted, see :mod:`workflows.measures.answered`."""

    __tablename__ = "answers"

    question: Mapped[str] = mapped_column(Key(), primary_key=True)
    use_case: Mapped[str] = mapped_column(Key(), primary_key=True)
    number: Mapped[float | None] = mapped_column(Float())
    word: Mapped[str]

    __table_args__ = (Index("answers_use_case", "use_case"),)
