"""Where a kind of fact says how it is found, and what all of them share."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from storage.schema import UseCases
from workflows.digests.facts import Found, Scope
from workflows.ids import UserId
from workflows.people import Directory
from workflows.program import Program
from workflows.seeing import UNFINISHED


@dataclass(frozen=True)
class Ask:
    """What is asked: in which scope, and which page of it."""

    connection: Connection
    program: Program
    directory: Directory
    scope: Scope
    at_most: int
    skip: int = 0

    @property
    def today(self) -> str:
        """The day that it is for the company, as ``2026-11-16``."""
        return self.scope.now.astimezone(ZoneInfo(self.program.digests.zone)).date().isoformat()

    def page(self, wanted: Select[*tuple[Any, ...]]) -> tuple[Sequence[Row[Any]], int]:
        """The rows of the page, and how many there are without it. ``wanted`` is ordered."""
        # Counted in the same go: to find them takes longer than to count them.
        whole = wanted.add_columns(func.count().over().label("in_all"))
        rows = self.connection.execute(whole.limit(self.at_most).offset(self.skip or None)).all()
        if rows:
            return rows, int(rows[0].in_all)
        if not self.skip and self.at_most:
            return (), 0
        counted = select(func.count()).select_from(wanted.order_by(None).subquery())
        return (), int(self.connection.execute(counted).scalar_one())

    def cut(self, facts: Sequence[Any]) -> Found:
        """The page of what was put together here."""
        return Found(facts=tuple(facts[self.skip : self.skip + self.at_most]), total=len(facts))

    def use_cases(self) -> list[ColumnElement[bool]]:
        """Conditions on the use case that all facts about one share: the scope, and no drafts."""
        return [UseCases.stage.not_in(UNFINISHED), *in_scope(self.scope)]

    def able(self, users: Iterable[str | None]) -> tuple[UserId, ...]:
        """Those of them who are still there, each once."""
        return self.directory.active(tuple(UserId(u) for u in users if u))


Finder = Callable[[Ask], Found]

FACTS: dict[str, Finder] = {}
"""By kind."""


def fact(kind: str) -> Callable[[Finder], Finder]:
    """The function finds the facts of this kind."""

    def enter(function: Finder) -> Finder:
        if kind in FACTS:
            raise ValueError(f"facts of the kind {kind!r} are there twice")
        FACTS[kind] = function
        return function

    return enter


def load() -> None:
    """Import every module that finds something. Calling it again does nothing."""
    package = importlib.import_module("storage.digest_facts")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def found(kind: str, ask: Ask) -> Found:
    """The facts of that kind. ``KeyError`` for one that nobody finds."""
    load()
    return FACTS[kind](ask)


def in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    """What a use case must be, to be in the scope."""
    conditions: list[ColumnElement[bool]] = []
    if scope.function:
        conditions.append(UseCases.function == scope.function)
    if scope.person:
        owned = (UseCases.submitter, UseCases.business_owner, UseCases.metric_owner)
        conditions.append(or_(*(column == scope.person for column in owned)))
    return conditions


def about(row: Any) -> Mapping[str, Any]:
    """The fields of a fact that say which use case it is about."""
    return {"use_case": row.use_case, "title": row.title or row.use_case or "", "tier": row.tier}


ABOUT = (UseCases.id.label("use_case"), UseCases.title, UseCases.tier)
"""The columns that :func:`about` reads."""


def moment_of(text: str | None) -> datetime | None:
    """A moment out of a state; its zone is always said."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def spelled(moment: datetime) -> str:
    """A moment as states spell it, to be compared with them as text; the second counts."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
