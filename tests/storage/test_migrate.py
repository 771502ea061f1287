from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from storage import migrate
from storage.corpus_schema import DERIVED
from storage.database import Database, address
from storage.errors import UnknownSchema
from storage.schema import Table
from storage.store import Store
from tests.databases import Cluster, Place
from tests.storage.records import stored, use_case


@pytest.fixture
def database(place: Place) -> Database:
    return Database(address(place.url, place.data_dir))


def tables(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    return ScriptDirectory.from_config(config)


def test_the_newest_migration_is_the_one_the_code_asks_for() -> None:
    assert scripts().get_heads() == [migrate.HEAD]


def of_the_schema(name: str | None, kind: str, parents: object) -> bool:
    """Whether the schema must tell of it; the index for words is each database's own."""
    return not (name or "").startswith(DERIVED)


def test_the_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": of_the_schema}
        )
        assert compare_metadata(context, Table.metadata) == []
    database.close()


def test_every_migration_goes_down_and_up_again(database: Database) -> None:
    there = tables(database)
    assert there >= set(Table.metadata.tables)
    for script in scripts().walk_revisions():
        migrate.downgrade(database, script.down_revision or "base")  # type: ignore[arg-type]
    assert tables(database) == {"alembic_version"}
    for script in reversed(list(scripts().walk_revisions())):
        migrate.upgrade(database, script.revision)
    assert tables(database) == there
    database.close()


def test_after_down_and_up_a_store_works_and_starts_from_nothing(place: Place, database: Database) -> None:
    store = place.open()
    stored(store, use_case())
    store.close()
    migrate.downgrade(database, "base")
    database.close()
    store = place.open()
    stored(store, use_case())
    assert store.verify().rows == 1
    store.close()


def test_a_database_of_a_newer_version_is_refused_untouched(place: Place, database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnknownSchema, match="newer one"):
        place.open()
    with database.read() as connection:
        assert migrate.current(connection) == "9999"
    database.close()


def test_a_store_whose_tables_were_changed_under_it_says_so(store: Store) -> None:
    store.check()
    with store.write() as tx:
        tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnknownSchema, match="preflight db upgrade"):
        store.check()


@pytest.mark.long
def test_opening_a_current_database_does_not_load_alembic(sqlite_place: Place) -> None:
    script = (
        "import sys; from pathlib import Path; from storage.store import Store; "
        "Store('', Path(sys.argv[1])).close(); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(sqlite_place.data_dir)], check=True)


@pytest.mark.postgres
def test_replicas_that_start_together_on_an_empty_database_migrate_it_once(cluster: Cluster) -> None:
    url = cluster.new_database(empty=True)
    script = (
        "import sys; from pathlib import Path; from storage.store import Store; "
        "Store(sys.argv[1], Path('.')).check()"
    )
    replicas = [subprocess.Popen([sys.executable, "-c", script, url]) for _ in range(3)]
    assert [replica.wait(60) for replica in replicas] == [0, 0, 0]
    cluster.drop(url)
