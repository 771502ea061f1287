"""Databases for the tests: a PostgreSQL server of our own, and fresh databases that are ready at once."""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.database import FILE
from storage.store import Store

_PATIENCE_SECONDS = 30.0
_TEMPLATE = "ready"


@dataclass(frozen=True)
class Place:
    """Where a test's database is: what ``Store`` takes, also in another process."""

    url: str
    data_dir: Path

    def open(self, *, serving: bool = False) -> Store:
        return Store(self.url, self.data_dir, serving=serving)


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs: the newest of Debian's, or the one on the path."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if newest:
        return newest[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


def skip_or_fail(what: str) -> None:
    """Skip loudly; where nothing may be skipped, fail."""
    if os.environ.get("PREFLIGHT_NOTHING_SKIPPED") == "1":
        pytest.fail(what)
    pytest.skip(what)


class Cluster:
    """A PostgreSQL server on a socket in a temporary folder, without fsync; ends with the tests."""

    def __init__(self, bin: Path) -> None:
        self._bin = bin
        # A socket's path may have at most 107 bytes, so not below pytest's own folders.
        self.folder = Path(tempfile.mkdtemp(prefix="preflight-pg-"))
        self._data = self.folder / "data"
        self._serial = count(1)
        self._server: subprocess.Popen[bytes] | None = None
        self._as: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            user = next(u for u in pwd.getpwall() if u.pw_name in {"postgres", "nobody"})
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        self._run("initdb", "-D", str(self._data), "-U", self.user, "-A", "trust", "--no-sync", "-E", "UTF8")
        self.start()

    def _command(self, program: str, *arguments: str) -> list[str]:
        privileges = ["setpriv", *self._as] if self._as else []
        return [*privileges, str(self._bin / program), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(self._command(program, *arguments), capture_output=True, cwd="/", check=False)
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "150",
            "shared_buffers": "32MB",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = self._command("postgres", "-D", str(self._data), *arguments)
        if shutil.which("setpriv"):
            command = ["setpriv", "--pdeathsig", "INT", *(command[1:] if self._as else command)]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.Error:
                if self._server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")) from None
                time.sleep(0.05)

    def stop(self, how: str = "immediate") -> None:
        """Stop the server: ``immediate`` is as if it had crashed."""
        if self._server is not None:
            self._run("pg_ctl", "-D", str(self._data), "-m", how, "-w", "stop")
            self._server.wait(_PATIENCE_SECONDS)
            self._server = None

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def new_database(self, *, empty: bool = False) -> str:
        """The address of a fresh database: with the tables, or quite empty."""
        name = f"test_{next(self._serial)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if (
                not empty
                and not connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]
                ).fetchone()
            ):
                connection.execute(f"CREATE DATABASE {_TEMPLATE}")
                Store(self.url(_TEMPLATE), self.folder).close()
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else _TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def remove(self) -> None:
        """Stop the server and remove everything of it."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_cluster() -> Cluster:
    """The cluster of this test run; skips, or fails, where PostgreSQL is not installed."""
    bin = programs()
    if bin is None:
        skip_or_fail("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        raise AssertionError("unreachable")
    return Cluster(bin)


def copy_ready(template: Path, data_dir: Path) -> Place:
    """A SQLite folder with the tables in place, copied from one that was made before."""
    data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template / FILE, data_dir / FILE)
    return Place("", data_dir)
