"""Effects on their way out: each carried out once its commit stands, in order within a conversation.

A row belongs to a conversation (a person, a channel, a room, the work about one subject ...). Only the
oldest open row of a conversation can be claimed, so order holds and one at a time is in flight, across all
workers and replicas. A claim is a lease: when its worker dies, the row can be claimed again after the lease,
with ``attempts`` raised, so whoever takes it knows to look whether the message is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from pydantic import TypeAdapter
from sqlalchemy import Connection, CursorResult, Integer, Update, bindparam, delete, func, select, update
from sqlalchemy.orm import aliased

from storage import cards, laters, requests
from storage.audit import lock_head
from storage.database import Database, insert_new
from storage.schema import OutboxRows
from storage.wake import Wake
from workflows.effects import (
    FEW_AT_A_TIME,
    Effect,
    Forget,
    Later,
    Post,
    Refresh,
    ShowHome,
    ToPerson,
    ToPlace,
    Whisper,
    Work,
)

LEASE = timedelta(seconds=60)
"""How long a claim holds without word from its worker."""

KEPT = timedelta(days=30)
"""How long effects stay that were carried out, for whoever looks into what happened."""

_EFFECT: TypeAdapter[Any] = TypeAdapter(Effect)


@dataclass(frozen=True)
class Claimed:
    """A row that is this worker's to carry out. ``attempts`` is 1 the first time."""

    id: int
    key: str
    conversation: str
    effect: Post | Whisper | Refresh | ShowHome | Work
    attempts: int
    created_at: datetime
    request: str = ""
    """Which request it came of; empty for what nobody asked for."""


@dataclass(frozen=True)
class Undeliverable:
    """A row that was given up, and why."""

    id: int
    key: str
    conversation: str
    attempts: int
    error: str
    at: datetime


@dataclass(frozen=True)
class Backlog:
    """How much waits, since when, and how much was given up."""

    open: int
    oldest: datetime | None
    dead: int


def put(connection: Connection, decision: int, effects: Sequence[Effect], now: datetime) -> bool:
    """Store one decision's effects; ``decision`` is its serial number. Returns whether to wake anybody.

    The caller holds the lock on the audit log's head, so row ids follow the order of commits.
    """
    rows: list[dict[str, Any]] = []
    planned = False
    for number, effect in enumerate(effects):
        if isinstance(effect, Later):
            laters.plan(connection, effect, f"{decision}.{number}")
            planned = True
        elif isinstance(effect, Forget):
            laters.forget(connection, effect.key)
        else:
            given = effect.key if isinstance(effect, Post | Work) else None
            rows.append(_row(given or f"{decision}.{number}", effect, now))
    if rows:
        # Nobody asks for the ids here, so that this can go out together with other statements.
        connection.execute(insert_new(connection, OutboxRows).inline(), rows)
    return bool(rows) or planned


def conversation_of(effect: Post | Whisper | Refresh | ShowHome | Work) -> str:
    """Within which order is kept."""
    if isinstance(effect, Post):
        if isinstance(effect.to, ToPerson):
            return f"person/{effect.to.user}"
        if isinstance(effect.to, ToPlace):
            return f"place/{effect.to.place.channel}"
        return f"room/{effect.to.name}"
    if isinstance(effect, Whisper):
        return f"place/{effect.place.channel}"
    if isinstance(effect, Refresh):
        return f"refresh/{effect.subject}/{effect.card or ''}"
    if isinstance(effect, ShowHome):
        return f"home/{effect.user}"
    if effect.name in FEW_AT_A_TIME:
        # Whatever else waits goes on beside them, however many fall due in the same minute.
        lane = crc32(str(effect.subject).encode()) % FEW_AT_A_TIME[effect.name]
        return f"work/{effect.name}/{lane}"
    return f"work/{effect.subject}"


def _row(key: str, effect: Post | Whisper | Refresh | ShowHome | Work, now: datetime) -> dict[str, Any]:
    return {
        "key": key,
        "conversation": conversation_of(effect),
        "effect": effect.model_dump(mode="json"),
        "status": "pending",
        "attempts": 0,
        "next_at": now,
        "created_at": now,
        "request": requests.current(),
    }


class Outbox:
    """What delivery does with the rows. Each method is a transaction of its own, unless one is given."""

    def __init__(self, database: Database, wake: Wake) -> None:
        self._database = database
        self._wake = wake
        self.fell_due: Callable[[str, float], None] = _unwatched
        """Told the name of each planned job that became work, and how many seconds after its time."""

    def claim(self, n: int, worker: str, now: datetime, lease: timedelta = LEASE) -> list[Claimed]:
        """Up to ``n`` rows to carry out, oldest first, each of another conversation.

        Of several redraws of the same cards, or of the same Home tab, only the oldest is handed out and the
        others are done with it: they are drawn from the state of that moment, which holds them all.
        """
        if self._database.sqlite:
            # An idle worker that looks must not queue for the one writer.
            with self._database.read() as connection:
                if connection.execute(CLAIMABLE, {"now": now, "n": 1}).first() is None:
                    return []
        with self._database.at_once() as connection:
            wanted = {"now": now, "n": n, "by": worker, "until": now + lease}
            taken = connection.execute(_CLAIM, wanted).all()
            claimed = sorted((_claimed(row) for row in taken), key=lambda row: row.id)
            self._collapse(connection, claimed, now)
        return claimed

    @staticmethod
    def _collapse(connection: Connection, claimed: Sequence[Claimed], now: datetime) -> None:
        redraws = [row.conversation for row in claimed if isinstance(row.effect, Refresh | ShowHome)]
        if redraws:
            connection.execute(_COLLAPSE, {"now": now, "drawn": redraws})

    def delivered(
        self,
        row: Claimed,
        channel: str = "",
        ts: str = "",
        *,
        now: datetime,
        within: Connection | None = None,
    ) -> bool:
        """Mark a row as carried out and, for a post with a card, remember where the card is.

        ``within`` is the connection of a transaction that is to commit together with the mark; outside this
        package, :meth:`Tx.delivered` is the way to that.
        Returns whether this call made the mark; false when it was marked before.
        """
        if within is None:
            kept = isinstance(row.effect, Post) and row.effect.card is not None
            with self._database.write() if kept else self._database.at_once() as connection:
                return self.delivered(row, channel, ts, now=now, within=connection)
        where = {"at_channel": channel or None, "at_ts": ts or None}
        marked = _closes(within, _DELIVERED, {"row": row.id, "now": now, **where})
        if isinstance(row.effect, Post) and row.effect.card is not None and channel and ts:
            cards.remember(within, row.effect, channel, ts)
        return marked

    def retry(self, row: Claimed, at: datetime, error: str) -> None:
        """Give a claimed row back, to be claimed again at ``at`` and not before; its conversation waits."""
        with self._database.write() as connection:
            connection.execute(
                update(OutboxRows)
                .where(OutboxRows.id == row.id, OutboxRows.done_at.is_(None))
                .where(OutboxRows.attempts == row.attempts)  # not if somebody else claimed it since
                .values(status="pending", worker=None, next_at=at, last_error=error)
            )

    def dead(self, row: Claimed, error: str, *, now: datetime) -> bool:
        """Give a row up for good; the next of its conversation may go. False when it was closed before."""
        with self._database.write() as connection:
            return _closes(connection, _DEAD, {"row": row.id, "now": now, "error": error})

    def take_back(self, now: datetime, worker: str | None = None) -> int:
        """End the claims of a worker that is known to be gone, or of all where the caller serves alone.

        Spares a restarted server the wait for their leases. Returns how many.
        """
        with self._database.write() as connection:
            ended = (
                update(OutboxRows)
                .where(OutboxRows.done_at.is_(None), OutboxRows.status == "claimed")
                .values(status="pending", worker=None, next_at=now)
            )
            if worker is not None:
                ended = ended.where(OutboxRows.worker == worker)
            return connection.execute(ended).rowcount

    def due(self, now: datetime, at_most: int = 200) -> int:
        """Turn the jobs that are due into work; any number of replicas may do so at once. Says how many."""
        with self._database.read() as connection:
            if not _is_due(laters.next_due(connection), now):
                return 0
        with self._database.write() as connection:
            # Before the jobs' rows, as every commit does, so that nobody waits in a circle.
            lock_head(connection)
            taken = laters.take_due(connection, now, at_most)
            rows = []
            for key, (job, _) in taken.items():
                with requests.within(requests.new("clock")):
                    rows.append(_row(key, job, now))
            if rows:
                connection.execute(insert_new(connection, OutboxRows), rows)
                self._wake.announce(connection)
        if rows:
            self._wake.up()
        for job, due in taken.values():
            self.fell_due(job.name, (now - due).total_seconds())
        return len(rows)

    def prune(self, now: datetime, at_most: int = 5000) -> int:
        """Forget effects that were carried out more than :data:`KEPT` ago; returns how many.

        Those that a rule gave a key stay: the key is what keeps them from being done again.
        """
        numbered = (OutboxRows.key >= "0") & (OutboxRows.key < ":")
        old = (
            select(OutboxRows.id)
            .where(OutboxRows.status == "delivered", OutboxRows.done_at < now - KEPT, numbered)
            .limit(at_most)
        )
        with self._database.write() as connection:
            return connection.execute(delete(OutboxRows).where(OutboxRows.id.in_(old))).rowcount

    def next_at(self) -> datetime | None:
        """When something falls due next: a row, a retry, the end of a lease, or a planned job."""
        with self._database.read() as connection:
            row = connection.execute(_NEXT_AT).scalar_one()
            job = laters.next_due(connection)
        return min((moment for moment in (row, job) if moment is not None), default=None)

    def pending_before(self, when: datetime) -> int:
        """How many rows stored before that moment are still open."""
        with self._database.read() as connection:
            return connection.execute(
                select(func.count())
                .select_from(OutboxRows)
                .where(OutboxRows.done_at.is_(None), OutboxRows.created_at < when)
            ).scalar_one()

    def backlog(self) -> Backlog:
        """The state of the outbox, for whoever watches it."""
        with self._database.read() as connection:
            number, oldest = connection.execute(
                select(func.count(), func.min(OutboxRows.created_at)).where(OutboxRows.done_at.is_(None))
            ).one()
            dead = connection.execute(
                select(func.count()).select_from(OutboxRows).where(OutboxRows.status == "dead")
            ).scalar_one()
        return Backlog(number, oldest, dead)

    def undeliverable(self, at_most: int = 100) -> list[Undeliverable]:
        """The rows given up last, newest first."""
        wanted = (
            select(
                OutboxRows.id,
                OutboxRows.key,
                OutboxRows.conversation,
                OutboxRows.attempts,
                func.coalesce(OutboxRows.last_error, ""),
                func.coalesce(OutboxRows.done_at, OutboxRows.created_at),
            )
            .where(OutboxRows.status == "dead")
            .order_by(OutboxRows.id.desc())
            .limit(at_most)
        )
        with self._database.read() as connection:
            return [Undeliverable(*row) for row in connection.execute(wanted)]


_ROW = aliased(OutboxRows, name="row_")
_EARLIER = aliased(OutboxRows, name="earlier")


_WAITS_FOR = select(_EARLIER.id).where(
    _EARLIER.conversation == _ROW.conversation, _EARLIER.done_at.is_(None), _EARLIER.id < _ROW.id
)
CLAIMABLE = (
    select(_ROW.id)
    .where(_ROW.done_at.is_(None), _ROW.next_at <= bindparam("now"), ~_WAITS_FOR.exists())
    .order_by(_ROW.id)
    .limit(bindparam("n", type_=Integer))
)
"""The oldest open row of each conversation, where its time has come: up to ``n`` ids at ``now``.

Rows become visible in the order of their ids (see :func:`put`), so the oldest stays the oldest: while it is
claimed, no other row of its conversation can be.
"""
# One statement, so that on PostgreSQL it is one round trip; the rows are picked once, in the WITH part.
_PICKED = CLAIMABLE.with_for_update(skip_locked=True, of=_ROW).cte("picked")
_CLAIM = (
    update(OutboxRows)
    .where(OutboxRows.id.in_(select(_PICKED.c.id)))
    .values(
        status="claimed",
        worker=bindparam("by"),
        attempts=OutboxRows.attempts + 1,
        next_at=bindparam("until"),
    )
    .returning(
        OutboxRows.id,
        OutboxRows.key,
        OutboxRows.conversation,
        OutboxRows.effect,
        OutboxRows.attempts,
        OutboxRows.created_at,
        OutboxRows.request,
    )
)
_COLLAPSE = (
    update(OutboxRows)
    .where(OutboxRows.done_at.is_(None), OutboxRows.conversation.in_(bindparam("drawn", expanding=True)))
    .where(OutboxRows.status == "pending")
    .values(status="delivered", done_at=bindparam("now"))
)
_CLOSE = (
    update(OutboxRows)
    .where(OutboxRows.id == bindparam("row"), OutboxRows.done_at.is_(None))
    .values(done_at=bindparam("now"), worker=None)
)
_DELIVERED = _CLOSE.values(status="delivered", channel=bindparam("at_channel"), ts=bindparam("at_ts"))
_DEAD = _CLOSE.values(status="dead", last_error=bindparam("error"))
_NEXT_AT = select(func.min(OutboxRows.next_at)).where(OutboxRows.done_at.is_(None))


def _closes(connection: Connection, statement: Update, values: dict[str, Any]) -> bool:
    """Whether this is what closed the row; false when it was closed before."""
    result: CursorResult[Any] = connection.execute(statement, values)
    return result.rowcount == 1


def _unwatched(_job: str, _seconds: float) -> None:
    """Nobody wants to know."""


def _is_due(when: datetime | None, now: datetime) -> bool:
    return when is not None and when <= now


def _claimed(row: Any) -> Claimed:
    return Claimed(
        row.id,
        row.key,
        row.conversation,
        _EFFECT.validate_python(row.effect),
        row.attempts,
        row.created_at,
        row.request,
    )
