"""The tables: what is stored where, and the indices that the queries rest on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Text that both databases take: NUL and halves of surrogate pairs become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC with microseconds."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a time without a zone: it would mean something else on every machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, whatever the database's session says."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from people: the two things databases cannot hold (NUL, half a surrogate pair) become U+FFFD.

    Only copies for searching pass here; the state itself is JSON, which holds every text as it is.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Text that both databases take."""
        return None if value is None else storable(value)


class Key(Words):
    """Words that are compared byte by byte on both databases, so that a prefix is a range of them."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL would otherwise compare by the rules of a language."""
        return Text(collation="C" if dialect.name == "postgresql" else None)


_JSON = JSON(none_as_null=True)
_SERIAL = BigInteger().with_variant(Integer, "sqlite")


class Table(DeclarativeBase):
    """What all tables share: how Python types are stored."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Words(),
        datetime: Moment(),
        dict[str, Any]: _JSON,
        list[str]: _JSON,
        bytes: LargeBinary(),
    }


def table_of(rows: type[Table]) -> SqlTable:
    """The table itself, for statements."""
    table = rows.__table__
    assert isinstance(table, SqlTable)
    return table


class AggregateColumns:
    """What every aggregate's table holds: the whole state, and its revision for the optimistic check."""

    id: Mapped[str] = mapped_column(Key(), primary_key=True)
    revision: Mapped[int]
    state: Mapped[dict[str, Any]]


class UseCases(AggregateColumns, Table):
    """Use cases; the other columns repeat what queries ask for."""

    __tablename__ = "use_cases"

    title: Mapped[str]
    stage: Mapped[str]
    tier: Mapped[str | None]
    submitter: Mapped[str]
    approval: Mapped[str | None]
    source: Mapped[str]
    source_key: Mapped[str] = mapped_column(Key())
    lane: Mapped[str]
    bucket: Mapped[str]
    function: Mapped[str]
    business_owner: Mapped[str]
    metric_owner: Mapped[str]
    room: Mapped[str]
    """The function whose channel hears of its releases."""
    topic: Mapped[str]
    """What the list that it was imported from files it under."""
    users: Mapped[float | None] = mapped_column(Float())
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("use_cases_submitter", "submitter", "created_at"),
        Index("use_cases_stage", "stage"),
        Index("use_cases_function", "function", "stage"),
        Index("use_cases_created", "created_at", "submitted_at", "source", "function"),
        Index("use_cases_submitted", "submitted_at", "source", "function"),
        # All that lists of many use cases ask for, so that their long states stay where they are.
        Index(
            "use_cases_portfolio",
            "stage",
            "lane",
            "bucket",
            "function",
            "tier",
            "topic",
            "room",
            "business_owner",
            "metric_owner",
            "submitter",
            "users",
            "created_at",
            "id",
        ),
        Index(
            "use_cases_source_key",
            "source_key",
            unique=True,
            sqlite_where=text("source_key <> ''"),
            postgresql_where=text("source_key <> ''"),
        ),
    )


class Scores(Table):
    """The scores of each use case, to rank by; repeated from its state."""

    __tablename__ = "scores"

    use_case: Mapped[str] = mapped_column(Key(), ForeignKey("use_cases.id"), primary_key=True)
    scorecard: Mapped[str] = mapped_column(Key(), primary_key=True)
    dimension: Mapped[str] = mapped_column(Key(), primary_key=True)
    value: Mapped[int]

    __table_args__ = (Index("scores_rank", "scorecard", "dimension", "use_case", "value"),)


class Likenesses(Table):
    """Pairs of use cases that look alike by the model of that fingerprint; ``one`` has the lower number."""

    __tablename__ = "likenesses"

    one: Mapped[str] = mapped_column(Key(), ForeignKey("use_cases.id"), primary_key=True)
    other: Mapped[str] = mapped_column(Key(), ForeignKey("use_cases.id"), primary_key=True)
    fingerprint: Mapped[str]
    score: Mapped[float] = mapped_column(Float())
    """How likely it is that a person would call the two similar, 0 to 1."""
    why: Mapped[str]

    __table_args__ = (Index("likenesses_score", "score"),)


class Events(Table):
    """What measures are counted from: figures of systems, and deeds of people in the bot."""

    __tablename__ = "events"

    key: Mapped[str] = mapped_column(Key(), primary_key=True)
    kind: Mapped[str] = mapped_column(Key())
    at: Mapped[datetime]
    week: Mapped[str] = mapped_column(Key())
    """The Monday, as ``2026-11-16``."""
    use_case: Mapped[str] = mapped_column(Key())
    """Empty: none."""
    function: Mapped[str]
    person: Mapped[str]
    value: Mapped[float] = mapped_column(Float())
    out_of: Mapped[float | None] = mapped_column(Float())
    source: Mapped[str]
    told_by: Mapped[str]
    received_at: Mapped[datetime]
    late: Mapped[bool]
    detail: Mapped[dict[str, Any]]

    __table_args__ = (
        # All that sums over weeks read, so that the rows themselves stay where they are.
        Index("events_figures", "kind", "week", "use_case", "function", "value", "out_of"),
        Index("events_use_case", "use_case", "kind", "week"),
    )


class Walks(AggregateColumns, Table):
    """Walks; found by their thread, their owner, and the use case they are about."""

    __tablename__ = "walks"

    questionnaire: Mapped[str]
    about: Mapped[str]
    matter: Mapped[str]
    """``incident/INC-0042``; empty where it is about the use case itself."""
    owner: Mapped[str]
    status: Mapped[str]
    channel: Mapped[str | None]
    thread: Mapped[str | None]
    touched_at: Mapped[datetime]

    __table_args__ = (
        Index("walks_place", "channel", "thread"),
        Index("walks_owner", "owner", "status", "touched_at"),
        Index("walks_about", "about"),
    )


class Approvals(AggregateColumns, Table):
    """Approvals; found by their use case and by the thread in which their submitter hears of them."""

    __tablename__ = "approvals"

    use_case: Mapped[str]
    submitter: Mapped[str]
    kind: Mapped[str]
    """What it decides: ``intake``, ``gate``, ``release`` ..."""
    gate: Mapped[str]
    matter: Mapped[str]
    """``release/RL-0042``; empty where it is about the use case itself."""
    status: Mapped[str]
    channel: Mapped[str | None]
    thread: Mapped[str | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("approvals_use_case", "use_case", "opened_at"),
        Index("approvals_place", "channel", "thread"),
        Index("approvals_status", "status", "opened_at"),
        Index("approvals_matter", "matter"),
    )


class Waits(Table):
    """Who is waited on for what: a seat to decide, an inquiry to answer, a condition, an item, an action."""

    __tablename__ = "waits"

    subject_type: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[str] = mapped_column(Key(), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime | None]

    __table_args__ = (Index("waits_person", "person", "kind"),)


class Serials(Table):
    """The last number given to each kind of thing. One row, so that taking two kinds cannot deadlock."""

    __tablename__ = "serials"

    id: Mapped[int] = mapped_column(primary_key=True)
    use_case: Mapped[int]
    walk: Mapped[int]
    approval: Mapped[int]
    consultation: Mapped[int]
    release: Mapped[int]
    contract: Mapped[int]
    incident: Mapped[int]
    waiver: Mapped[int]
    portfolio_review: Mapped[int]
    subscription: Mapped[int]
    digest_issue: Mapped[int]
    check_in: Mapped[int]
    feedback: Mapped[int]
    plan: Mapped[int]


class Audit(Table):
    """The audit log. Rows are only ever added: the database itself refuses anything else."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str]
    door: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str] = mapped_column(Key())
    refused: Mapped[bool]
    program_label: Mapped[str]
    program_hash: Mapped[str]
    detail: Mapped[dict[str, Any]]
    patch: Mapped[dict[str, Any] | None] = mapped_column(_JSON)
    prev_hash: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (
        Index("audit_subject", "subject_type", "subject_id", "seq"),
        Index("audit_at", "at", "actor", "door", "refused"),
    )


class AuditHead(Table):
    """The end of the audit log. One row; whoever holds its lock is the one who may add."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger())
    hash: Mapped[str]
    decisions: Mapped[int] = mapped_column(BigInteger())
    """How many decisions were stored; names the outbox rows of the next one."""


class OutboxRows(Table):
    """Effects to be carried out, in order within a conversation."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(_SERIAL, primary_key=True)
    key: Mapped[str] = mapped_column(Key(), unique=True)
    conversation: Mapped[str] = mapped_column(Key())
    effect: Mapped[dict[str, Any]]
    status: Mapped[str]
    """``pending``, ``claimed``, ``delivered``, ``dead``."""
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    """When it may be claimed: at once, at its retry, or when the claim on it runs out."""
    worker: Mapped[str | None]
    last_error: Mapped[str | None]
    channel: Mapped[str | None]
    ts: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    """When it was delivered or given up; until then it is in the partial indices that claiming reads."""
    request: Mapped[str] = mapped_column(server_default="")
    """Which request it came of, for the log."""

    __table_args__ = (
        Index(
            "outbox_given_up",
            "id",
            sqlite_where=text("status = 'dead'"),
            postgresql_where=text("status = 'dead'"),
        ),
        Index(
            "outbox_open",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "outbox_open_conversation",
            "conversation",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )


class Laters(Table):
    """Jobs that fall due at a time."""

    __tablename__ = "laters"

    key: Mapped[str] = mapped_column(Key(), primary_key=True)
    plan: Mapped[str] = mapped_column(server_default="")
    """Names the planning itself: the same key planned again is another job."""
    due: Mapped[datetime]
    name: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    data: Mapped[dict[str, Any]]

    __table_args__ = (Index("laters_due", "due"),)


class Cards(Table):
    """Messages that are updated in place: where each was posted and how to draw it again."""

    __tablename__ = "cards"

    channel: Mapped[str] = mapped_column(primary_key=True)
    ts: Mapped[str] = mapped_column(primary_key=True)
    subject_type: Mapped[str]
    subject_id: Mapped[str]
    card: Mapped[str]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]
    reader: Mapped[str | None]
    thread: Mapped[str | None]

    __table_args__ = (Index("cards_subject", "subject_type", "subject_id", "card"),)


class Inbound(Table):
    """Keys of the events, clicks and commands seen in the last days."""

    __tablename__ = "inbound"

    key: Mapped[str] = mapped_column(Key(), primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index("inbound_at", "at"),)


class People(Table):
    """Members of the workspace, as last heard from Slack."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(Key(), primary_key=True)
    name: Mapped[str]
    handle: Mapped[str]
    title: Mapped[str]
    email: Mapped[str]
    tz: Mapped[str]
    active: Mapped[bool]


class Groups(Table):
    """User groups by handle."""

    __tablename__ = "user_groups"

    handle: Mapped[str] = mapped_column(Key(), primary_key=True)
    members: Mapped[list[str]]


class DirectoryVersion(Table):
    """Rises with every change of people or groups, so that cached directories know they are old. One row."""

    __tablename__ = "directory_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]


class Programs(Table):
    """The texts of every program version something was done under."""

    __tablename__ = "programs"

    hash: Mapped[str] = mapped_column(Key(), primary_key=True)
    label: Mapped[str]
    files: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]


class Texts(Table):
    """What use cases are compared by: the text, and its vector from the model of that fingerprint."""

    __tablename__ = "texts"

    use_case: Mapped[str] = mapped_column(Key(), ForeignKey("use_cases.id"), primary_key=True)
    text: Mapped[str]
    fingerprint: Mapped[str]
    vector: Mapped[bytes | None]
