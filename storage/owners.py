"""The people that use cases name as their owners."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from storage.schema import UseCases
from workflows.ids import UserId
from workflows.seeing import UNFINISHED

_OWNED = {"business_owner": UseCases.business_owner, "metric_owner": UseCases.metric_owner}


def owners_of(connection: Connection) -> Mapping[str, tuple[UserId, ...]]:
    """Everybody who owns a submitted use case, each once, by the question that they are the answer to."""
    found: dict[str, tuple[UserId, ...]] = {}
    for question, column in _OWNED.items():
        wanted = (
            select(column).where(column != "", UseCases.stage.not_in(UNFINISHED)).distinct().order_by(column)
        )
        found[question] = tuple(UserId(user) for user in connection.execute(wanted).scalars())
    return found
