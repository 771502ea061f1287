"""Opens the database: SQLite or PostgreSQL by address, with what each needs to be safe and quick."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.pool import QueuePool

from storage.errors import Unavailable, WrongAddress, in_our_terms
from storage.schema import Table, table_of

FILE = "preflight.db"
_POOL, _OVERFLOW = 8, 24
_PATIENCE_SECONDS = 10.0
"""How long a write waits for the writer before it."""
_RESTED_SECONDS = 0.5
"""A connection that was not used for so long is asked whether it still stands before it is used again."""


def address(url: str, data_dir: Path) -> URL:
    """The database's address: SQLite in the data folder when ``url`` is empty.

    ``postgres://`` and ``postgresql://`` are both understood. Raises :class:`WrongAddress`.
    """
    if not url:
        return URL.create("sqlite", database=str(data_dir / FILE))
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise WrongAddress(
            "DATABASE_URL is not a database address. Write postgresql://user:password@host/name, "
            "or leave it unset to keep everything in a file in PREFLIGHT_DATA_DIR."
        ) from None
    backend = parsed.drivername.split("+", 1)[0]
    if backend in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername="sqlite")
    raise WrongAddress(
        f"DATABASE_URL names {backend}, which is not supported. Use postgresql://..., "
        "or leave it unset to keep everything in a file in PREFLIGHT_DATA_DIR."
    )


class Database:
    """A pool of connections, and the two ways to use one: to read, and to write.

    On SQLite there is one writer in the process at a time: threads queue for a lock of ours instead of
    polling for the file's. ``BEGIN IMMEDIATE`` takes the file's lock before the first read, so what was read
    cannot have changed when it is written; it also keeps other processes (an import beside the running
    server) apart. On PostgreSQL rows are locked instead.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self.sqlite = url.get_backend_name() == "sqlite"
        self.watch: Callable[[str, float], None] = _unwatched
        """Told what was done (``read``, ``write``, ``wait`` for the one writer) and its seconds."""
        self._turn = threading.Lock()
        self._writing: int | None = None
        self._engine = _sqlite(url) if self.sqlite else _postgres(url)
        if self.sqlite:
            self._reader: Engine = self._engine
            self._writer: Engine = self._engine.execution_options(preflight_write=True)
            self._at_once = self._writer
        else:
            self._writer = self._engine
            self._at_once = self._engine.execution_options(isolation_level="AUTOCOMMIT")
            self._reader = self._engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database and changes nothing."""
        with self._timed("read"), in_our_terms(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in a transaction that commits at the end, or not at all when anything is raised."""
        with (
            self._alone(),
            self._timed("write"),
            in_our_terms(),
            self._writer.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[Connection]:
        """A connection for single statements, each of which stands on its own.

        On PostgreSQL each is a transaction of its own, in one round trip instead of three.
        """
        with (
            self._alone(),
            self._timed("write"),
            in_our_terms(),
            self._at_once.connect() as connection,
            connection.begin(),
        ):
            yield connection

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are in use at this moment, and how many there may be."""
        pool = self._engine.pool
        return (pool.checkedout(), _POOL + _OVERFLOW) if isinstance(pool, QueuePool) else (0, 0)

    @contextmanager
    def _timed(self, kind: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.watch(kind, time.perf_counter() - began)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.sqlite:
            yield
            return
        if self._writing == threading.get_ident():
            raise RuntimeError("a write transaction was begun inside another one")
        with self._timed("wait"):
            ours = self._turn.acquire(timeout=_PATIENCE_SECONDS)
        if not ours:
            raise Unavailable("The database is busy with another writer. Try again in a moment.")
        self._writing = threading.get_ident()
        try:
            yield
        finally:
            self._writing = None
            self._turn.release()

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def _unwatched(_kind: str, _seconds: float) -> None:
    """Nobody wants to know."""


def _dumps(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_dumps,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        connect_args={"timeout": _PATIENCE_SECONDS, "check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # FULL: a commit is on the disk before it is acknowledged. NORMAL would survive kill -9 as well, but a
        # power cut could take the last decisions with it; what FULL costs is one write to the disk a commit.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("preflight_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgres(url: URL) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_dumps,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        pool_timeout=_PATIENCE_SECONDS,
        connect_args={"connect_timeout": 5, "application_name": "preflight"},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # A replica that froze inside a transaction must not hold up the others for long.
        connection.autocommit = True
        for setting in ("lock_timeout = '10s'", "idle_in_transaction_session_timeout = '30s'"):
            connection.execute(f"SET {setting}")
        connection.autocommit = False

    @event.listens_for(engine, "checkin")
    def rested(_connection: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def alive(connection: Any, record: Any, _proxy: Any) -> None:
        # A server that restarted meanwhile is noticed here; to ask each time would be a round trip more.
        if time.monotonic() - record.info.get("since", 0.0) > _RESTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error:
                raise DisconnectionError from None

    return engine


@contextmanager
def in_one_go(connection: Connection) -> Iterator[None]:
    """Statements whose results nobody reads: on PostgreSQL they go out together, in one round trip.

    What one of them raises is raised at the end of the block.
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, psycopg.Connection):
        yield
        return
    try:
        with raw.pipeline():
            yield
    except psycopg.Error as error:
        raise DBAPIError("several statements in one go", None, error) from error


def insert_new(connection: Connection, rows: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that leaves rows alone whose key is there already; values are given at execution."""
    return new_rows(connection.dialect.name, rows)


def insert_or_replace(connection: Connection, rows: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that replaces rows with the same primary key; values are given at execution."""
    return _upsert(connection.dialect.name, rows)


def insert_or_add(
    connection: Connection, rows: type[Table], sums: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that adds to the columns ``sums`` of a row with the same primary key."""
    return _adding(connection.dialect.name, rows, sums)


@cache
def _adding(dialect: str, rows: type[Table], sums: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    statement, table = _insert(dialect, rows), table_of(rows)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)


@cache
def new_rows(dialect: str, rows: type[Table]) -> sqlite.Insert | postgresql.Insert:
    """The same as :func:`insert_new`, for a statement that goes on from there."""
    return _insert(dialect, rows).on_conflict_do_nothing()


@cache
def _upsert(dialect: str, rows: type[Table]) -> sqlite.Insert | postgresql.Insert:
    statement, table = _insert(dialect, rows), table_of(rows)
    replaced = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=replaced)


def _insert(dialect: str, rows: type[Table]) -> sqlite.Insert | postgresql.Insert:
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table_of(rows))
