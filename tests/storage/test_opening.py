from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from storage.database import FILE, address
from storage.errors import (
    AlreadyRunning,
    Full,
    StaleState,
    StorageError,
    Unavailable,
    WrongAddress,
    explained,
)
from storage.store import Store, open_store
from tests.databases import Cluster, Place
from tests.storage.records import post, said, stored, use_case


@dataclass
class Settings:
    database_url: str
    data_dir: Path


def test_without_an_address_everything_is_in_one_file_of_the_folder(tmp_path: Path) -> None:
    store = open_store(Settings("", tmp_path / "a" / "b"))
    store.close()
    assert store.local
    assert (tmp_path / "a" / "b" / FILE).is_file()
    assert (tmp_path / "a" / "b").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_a_postgresql_address_is_understood(scheme: str) -> None:
    found = address(f"{scheme}://me:secret@db/preflight", Path())
    assert (found.drivername, found.host, found.password) == ("postgresql+psycopg", "db", "secret")


@pytest.mark.parametrize(
    "wrong", ["mysql://db/preflight", "preflight", "://", "sqlite://", "sqlite:///:memory:"]
)
def test_an_address_that_will_not_do_is_refused_with_one_that_will(wrong: str) -> None:
    with pytest.raises(WrongAddress, match=r"postgresql://.*PREFLIGHT_DATA_DIR"):
        address(wrong, Path())


def test_an_address_is_refused_without_telling_its_password() -> None:
    with pytest.raises(WrongAddress) as refused:
        address("mysql://me:secret@db/preflight", Path())
    assert "secret" not in str(refused.value)


def test_a_second_server_on_the_same_folder_is_told_what_to_set(sqlite_place: Place) -> None:
    first = sqlite_place.open(serving=True)
    with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}.*PREFLIGHT_DATA_DIR.*DATABASE_URL"):
        sqlite_place.open(serving=True)
    first.close()
    sqlite_place.open(serving=True).close()


def test_commands_read_and_write_beside_a_running_server(sqlite_place: Place) -> None:
    server = sqlite_place.open(serving=True)
    command = sqlite_place.open()
    stored(command, use_case())
    stored(server, use_case("UC-0002"))
    assert command.verify().rows == 2
    command.close()
    server.close()


@pytest.mark.long
def test_a_killed_server_leaves_the_folder_free(sqlite_place: Place) -> None:
    script = (
        "import sys, time; from pathlib import Path; from storage.store import Store; "
        "s = Store('', Path(sys.argv[1]), serving=True); print('serving', flush=True); time.sleep(60)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(sqlite_place.data_dir)], stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"serving\n"
    with pytest.raises(AlreadyRunning, match=f"process {server.pid}"):
        sqlite_place.open(serving=True)
    server.send_signal(signal.SIGKILL)
    server.wait(10)
    server.stdout.close()
    sqlite_place.open(serving=True).close()


@pytest.mark.postgres
def test_several_serve_on_postgresql_and_wake_one_another(postgres_place: Place) -> None:
    one, other = postgres_place.open(serving=True), postgres_place.open(serving=True)
    assert one.hears_replicas(10)
    assert other.hears_replicas(10)
    woken = threading.Event()
    other.on_commit(woken.set)
    said(one, post())
    assert woken.wait(10)
    one.close()
    other.close()


@pytest.mark.postgres
def test_a_replica_hears_the_others_again_after_the_database_was_restarted(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = cluster.new_database()
    store = Place(url, tmp_path).open(serving=True)
    assert store.hears_replicas(10)
    cluster.stop()
    with pytest.raises(Unavailable, match=r"DATABASE_URL"):
        store.check()
    cluster.start()
    woken = threading.Event()
    store.on_commit(woken.set)
    # Listening again looks once, for what was announced while nobody listened.
    assert woken.wait(10)
    store.check()
    said(store, post())
    assert store.outbox.backlog().open == 1
    store.close()
    cluster.drop(url)


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_named_kindly(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"does not answer.*DATABASE_URL"):
        Store(cluster.url("nowhere"), tmp_path)
    with pytest.raises(Unavailable, match=r"does not answer.*DATABASE_URL"):
        Store("postgresql://me@127.0.0.1:1/preflight", tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="PREFLIGHT_DATA_DIR"):
        Store("", tmp_path / "file" / "data")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database " * 100)
    with pytest.raises(StorageError, match=r"damaged.*backup"):
        Store("", tmp_path)


def test_a_full_disk_loses_nothing_and_is_survived(sqlite_place: Place) -> None:
    store = sqlite_place.open()
    stored(store, use_case())
    with store.read() as reading:
        pages = reading.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with store.write() as tx:
        # A page limit is what SQLite itself reports as a full disk.
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Full, match="Make room"), store.write() as tx:
        tx.save_text(use_case().id, "x" * 1_000_000)
    with store.write() as tx:
        tx.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    stored(store, use_case("UC-0002"))
    assert store.verify().sound
    store.close()


def test_a_writer_in_another_process_is_waited_for_and_then_named(sqlite_place: Place) -> None:
    store = sqlite_place.open()
    other = sqlite3.connect(sqlite_place.data_dir / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    # The patience is shortened: the test is about what is said at its end.
    with pytest.raises(Unavailable, match="busy"):
        _impatient(store)
    with store.read() as reading:
        assert reading.use_case("UC-0001") is None
    other.execute("ROLLBACK")
    other.close()
    stored(store, use_case())
    store.close()


def _impatient(store: Store) -> None:
    with store.read() as reading:
        reading.connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with store.write():
        raise AssertionError("there was another writer")


@pytest.mark.parametrize(
    ("said_by_the_database", "kind"),
    [
        ("database or disk is full", Full),
        ("database is locked", Unavailable),
        ("attempt to write a readonly database", Unavailable),
        ("disk I/O error", Unavailable),
        ("unable to open database file", Unavailable),
        ("database disk image is malformed", StorageError),
        ("UNIQUE constraint failed: walks.id", StaleState),
    ],
)
def test_what_the_database_says_is_put_into_our_terms(
    said_by_the_database: str, kind: type[StorageError]
) -> None:
    error = explained(
        OperationalError("INSERT ...", {"secret": 1}, sqlite3.OperationalError(said_by_the_database))
    )
    assert type(error) is kind
    assert "INSERT" not in str(error)
    assert "secret" not in str(error)


def test_running_out_of_connections_and_misuse_are_told_apart() -> None:
    assert isinstance(explained(NoConnectionFree("")), Unavailable)
    assert type(explained(SQLAlchemyError("odd"))) is StorageError


@pytest.mark.postgres
def test_a_connection_that_the_server_closed_while_it_rested_is_replaced(
    postgres_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._RESTED_SECONDS", 0.0)
    store = postgres_place.open()
    try:
        store.check()
        with psycopg.connect(postgres_place.url, autocommit=True) as other:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            other.execute(f"{others} AND datname = current_database()")
        store.check()
    finally:
        store.close()
