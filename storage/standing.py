"""How things stand, for whoever watches: a handful of numbers, each from an index, in one short read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select

from storage import spending
from storage.matter_schema import CheckIns, Subscriptions
from storage.migrate import current
from storage.schema import AuditHead, Laters, OutboxRows
from storage.spending import Spent

OVERDUE = timedelta(minutes=5)
"""So long after its time a planned job, or a digest on its way, counts as overdue."""

LOOKED_BACK = timedelta(days=28)
"""How far back check-ins are counted."""

_DIGEST = "digest"
_OPEN = OutboxRows.done_at.is_(None)


@dataclass(frozen=True)
class Standing:
    """The stored state of this moment in numbers; ages are in seconds, 0.0 where nothing waits."""

    outbox_open: int
    outbox_oldest: float
    given_up: int
    """Effects that were given up, since the beginning."""
    jobs_planned: int
    jobs_overdue: int
    digests_overdue: int
    """Digests whose time came a while ago and that are not in Slack yet."""
    digests_broken: int
    """Standing orders that cannot be delivered."""
    check_ins_open: int
    check_ins_missed: int
    """Of the last four weeks."""
    audit_seq: int
    """Number of the last row of the audit log."""
    schema: int
    """Version of the tables."""


def read(connection: Connection, now: datetime) -> Standing:
    """How things stand at ``now``."""

    def one(wanted: Select[Any]) -> int:
        return int(connection.execute(wanted).scalar_one() or 0)

    past = now - OVERDUE
    # Rows become visible in the order of their ids: the lowest open one is the oldest.
    oldest = connection.execute(
        select(OutboxRows.created_at).where(_OPEN).order_by(OutboxRows.id).limit(1)
    ).scalar_one_or_none()
    under_way = select(func.count()).where(_OPEN, OutboxRows.created_at < past)
    planned = select(func.count()).select_from(Laters)
    checked = select(func.count()).where(CheckIns.opened_at >= now - LOOKED_BACK)
    return Standing(
        outbox_open=one(select(func.count()).select_from(OutboxRows).where(_OPEN)),
        outbox_oldest=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
        # Written as the index is, so that SQLite uses it.
        given_up=one(
            select(func.count())
            .select_from(OutboxRows)
            .where(OutboxRows.status == literal("dead", literal_execute=True))
        ),
        jobs_planned=one(planned),
        jobs_overdue=one(planned.where(Laters.due < past)),
        digests_overdue=one(planned.where(Laters.due < past, Laters.name == _DIGEST))
        + one(under_way.where((OutboxRows.key >= f"{_DIGEST}/") & (OutboxRows.key < f"{_DIGEST}0"))),
        digests_broken=one(select(func.count()).where(Subscriptions.status == "broken")),
        check_ins_open=one(checked.where(CheckIns.status.in_(("asked", "doubted")))),
        check_ins_missed=one(checked.where(CheckIns.status == "missed")),
        audit_seq=one(select(AuditHead.seq)),
        schema=int(current(connection) or 0),
    )


def spent_since(connection: Connection, now: datetime, days: int) -> Sequence[Spent]:
    """What models cost in so many days up to today, by workflow and model."""
    return spending.since(connection, (now - timedelta(days=days - 1)).date())
