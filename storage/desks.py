"""What waits for a person, in pages: found, filtered and counted by the database, however much it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from storage.matter_schema import Incidents
from storage.schema import Approvals, OutboxRows, UseCases, Waits, Walks
from workflows.desk import ANYTHING, Counts, Filter, Row
from workflows.ids import Subject, UseCaseId, UserId

_USE_CASE = func.coalesce(Approvals.use_case, Walks.about, Incidents.use_case)
_ABOUT: Mapping[str, Any] = {"approval": Approvals, "walk": Walks, "incident": Incidents}


def page(
    connection: Connection, user: str, wanted: Filter, now: datetime, at_most: int, skip: int = 0
) -> tuple[Row, ...]:
    """The things that wait for a person and meet the filter, the most urgent first."""
    found = (
        _from(
            select(
                Waits.subject_type,
                Waits.subject_id,
                Waits.kind,
                Waits.item,
                Waits.due,
                UseCases.id.label("use_case"),
                UseCases.title,
                UseCases.tier,
                UseCases.submitter,
            )
        )
        .where(*_conditions(user, wanted, now))
        .order_by(
            Waits.due.is_(None), Waits.due, Waits.subject_type, Waits.subject_id, Waits.kind, Waits.item
        )
        .limit(at_most)
        .offset(skip or None)
    )
    return tuple(
        Row(
            subject=Subject(type=row.subject_type, id=row.subject_id),
            kind=row.kind,
            item=row.item,
            due=row.due,
            use_case=UseCaseId(row.use_case) if row.use_case else None,
            title=row.title or "",
            tier=row.tier,
            submitter=UserId(row.submitter) if row.submitter else None,
        )
        for row in connection.execute(found)
    )


def counts(
    connection: Connection, user: str, now: datetime, today_ends: datetime, wanted: Filter = ANYTHING
) -> Counts:
    """How much waits for a person, by what it is, and how much of it is decisions that are due."""
    late = and_(Waits.kind == "seat", Waits.due < now)
    today = and_(Waits.kind == "seat", Waits.due >= now, Waits.due < today_ends)
    found = connection.execute(
        _from(
            select(
                Waits.kind,
                func.count(),
                func.count().filter(late),
                func.count().filter(today),
            )
        )
        .where(*_conditions(user, wanted, now))
        .group_by(Waits.kind)
    ).all()
    return Counts(
        kinds={row[0]: row[1] for row in found},
        overdue=sum(row[2] for row in found),
        due_today=sum(row[3] for row in found),
    )


def newest_day(connection: Connection, user: str) -> str:
    """The day, as ``2026-11-23``, of the newest list that was sent or is on its way; empty for none."""
    prefix = f"desk/{user}/"
    wanted = select(func.max(OutboxRows.key)).where(
        OutboxRows.key >= prefix,
        OutboxRows.key < f"desk/{user}0",
        OutboxRows.key.not_like("%#%"),  # the job, which may have sent none
    )
    key = connection.execute(wanted).scalar_one_or_none()
    return str(key or "").removeprefix(prefix)


def _from(wanted: Any) -> Any:
    """That of the waits, each with the use case that it is about, where it is about one."""
    joined = wanted.select_from(Waits)
    for kind, rows in _ABOUT.items():
        about = and_(Waits.subject_type == kind, Waits.subject_id == rows.id)
        joined = joined.outerjoin(rows, about)
    return joined.outerjoin(UseCases, UseCases.id == _USE_CASE)


def _conditions(user: str, wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Waits.person == user]
    # A decision on one's own matter is none of theirs, whatever seat they were put into.
    conditions.append(or_(Waits.kind != "seat", Approvals.submitter != user))
    if wanted.kinds:
        conditions.append(Waits.kind.in_(wanted.kinds))
    if wanted.tiers:
        conditions.append(UseCases.tier.in_(wanted.tiers))
    if wanted.due_before is not None:
        conditions.append(Waits.due < wanted.due_before)
    if wanted.submitters is not None:
        conditions.append(UseCases.submitter.in_(wanted.submitters))
    if wanted.words:
        like = f"%{_literally(wanted.words.lower())}%"
        conditions.append(
            or_(
                func.lower(UseCases.title).like(like, escape="\\"),
                func.lower(UseCases.id).like(like, escape="\\"),
            )
        )
    return conditions


def _literally(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
