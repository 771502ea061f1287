"""The scores of use cases as rows, so that a portfolio of any size is ranked by the database."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select

from storage.schema import Scores, table_of
from workflows.use_case import UseCase

_OF = select(Scores.scorecard, Scores.dimension, Scores.value).where(Scores.use_case == bindparam("id"))
_GONE = delete(Scores).where(Scores.use_case == bindparam("id"))
_NEW = insert(table_of(Scores))


def save(connection: Connection, use_case: UseCase, new: bool = False) -> None:
    """Keep the scores of a use case that is stored in this transaction; a ``new`` one has none yet."""
    cards = use_case.assessment.scorecards if use_case.assessment else {}
    wanted = {(card, s.dimension, s.value) for card, scores in cards.items() for s in scores}
    about = {"id": use_case.id}
    if not new:
        if wanted == {tuple(row) for row in connection.execute(_OF, about)}:
            return
        connection.execute(_GONE, about)
    rows = [
        {"use_case": use_case.id, "scorecard": card, "dimension": dimension, "value": value}
        for card, dimension, value in sorted(wanted)
    ]
    if rows:
        connection.execute(_NEW, rows)
