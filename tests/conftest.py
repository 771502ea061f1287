"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import URL, Engine, event

from storage import database
from storage.store import Store
from tests.databases import Cluster, Place, copy_ready, start_cluster
from tests.sizes import DAILY

_LONGEST = ("test_releases.py", "test_approvals.py", "test_changes.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Scenarios come first, the longest files before the others.

    With several processes, a long file that began last would be waited for by itself.
    """

    def later(item: pytest.Item) -> int:
        if item.path.parent.name != "scenarios":
            return 2
        return 0 if item.path.name in _LONGEST else 1

    items.sort(key=later)


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """In the daily check, and in its own process, a commit does not wait until it is on the disk.

    Nobody cuts the power there. Whatever kills processes starts them, and those wait as in production.
    """
    if not DAILY:
        yield
        return
    opened = database._sqlite

    def quick(url: URL) -> Engine:
        engine = opened(url)
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        return engine

    with patch.object(database, "_sqlite", quick):
        yield


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for the whole run."""
    cluster = start_cluster()
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database has the tables and nothing in them."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    Store("", folder).close()
    return folder


@pytest.fixture
def sqlite_place(sqlite_template: Path, tmp_path: Path) -> Place:
    """A fresh SQLite database."""
    return copy_ready(sqlite_template, tmp_path / "data")


@pytest.fixture
def postgres_place(cluster: Cluster, tmp_path: Path) -> Iterator[Place]:
    """A fresh PostgreSQL database."""
    place = Place(cluster.new_database(), tmp_path / "data")
    yield place
    cluster.drop(place.url)


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest) -> Place:
    """A fresh database: the test runs once on each kind."""
    found = request.getfixturevalue(f"{request.param}_place")
    assert isinstance(found, Place)
    return found


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """A store on a fresh database: the test runs once on each kind."""
    store = place.open()
    yield store
    store.close()
