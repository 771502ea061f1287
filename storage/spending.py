"""What chat models cost: tokens, money and time, added up by day, workflow and model.

Nothing of a question or an answer is in it, so it is kept when the records of answers are forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Float, func, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import insert_or_add
from storage.schema import Key, Table

_SUMS = ("calls", "failed", "tokens_in", "tokens_out", "cost", "unpriced", "seconds")


class Spending(Table):
    """One row for each day, workflow and model."""

    __tablename__ = "spending"

    day: Mapped[str] = mapped_column(Key(), primary_key=True)
    """In UTC, as ``2026-11-16``."""
    workflow: Mapped[str] = mapped_column(Key(), primary_key=True)
    model: Mapped[str] = mapped_column(Key(), primary_key=True)
    calls: Mapped[int]
    failed: Mapped[int]
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[float] = mapped_column(Float())
    unpriced: Mapped[int]
    seconds: Mapped[float] = mapped_column(Float())


@dataclass(frozen=True)
class Spent:
    """One call of a model, or several of the same workflow and model together."""

    workflow: str
    """What it was for: ``answer``, ``intake`` ..."""
    model: str
    calls: int = 1
    failed: int = 0
    """Calls that brought nothing that could be used."""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    """In the currency of the prices that the operator set."""
    unpriced: int = 0
    """Calls whose cost is not known, because no price was set."""
    seconds: float = 0.0


def add(connection: Connection, day: date, spent: Spent) -> None:
    """Add it to what was spent on that day."""
    values = {name: getattr(spent, name) for name in _SUMS}
    values |= {"day": day.isoformat(), "workflow": spent.workflow, "model": spent.model}
    connection.execute(insert_or_add(connection, Spending, _SUMS), values)


def since(connection: Connection, day: date) -> Sequence[Spent]:
    """What was spent from that day on, by workflow and model, the costliest first."""
    sums = [func.sum(getattr(Spending, name)).label(name) for name in _SUMS]
    wanted = (
        select(Spending.workflow, Spending.model, *sums)
        .where(Spending.day >= day.isoformat())
        .group_by(Spending.workflow, Spending.model)
        .order_by(func.sum(Spending.cost).desc(), func.sum(Spending.tokens_in).desc(), Spending.workflow)
    )
    return [Spent(**row._mapping) for row in connection.execute(wanted)]
