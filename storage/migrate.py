"""Brings the tables up to date, or back; a database that is current does not pay for loading Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage import projections
from storage.database import Database
from storage.errors import UnknownSchema

HEAD = "0018"
"""The newest migration. A test holds it against the folder."""

_FOLDER = Path(__file__).resolve().parent / "migrations"
_LOCK = 7205_2026
"""PostgreSQL's advisory lock under which one replica at a time migrates."""


def current(connection: Connection) -> str | None:
    """The migration the database is at; ``None`` for one that is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def demand_current(connection: Connection) -> None:
    """Return if the tables are those of this version; raise :class:`UnknownSchema` otherwise."""
    found = current(connection)
    if found != HEAD:
        raise UnknownSchema(
            f"The database is at version {found or 'none'}, this Preflight needs {HEAD}. "
            "Run `preflight db upgrade`, or start the version of Preflight that wrote it."
        )


def bring_up_to_date(database: Database) -> None:
    """Migrate to :data:`HEAD` where needed; :class:`UnknownSchema` for a database of a newer version."""
    with database.read() as connection:
        found = current(connection)
    if found != HEAD:
        upgrade(database)


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Run the migrations up to ``revision``, all or none of them, one process at a time."""
    _run(database, revision, up=True)


def downgrade(database: Database, revision: str) -> None:
    """Undo the migrations down to ``revision``; ``base`` removes every table and all that is in them."""
    _run(database, revision, up=False)


def _run(database: Database, revision: str, up: bool) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    with database.write() as connection:
        if not database.sqlite:
            # A replica that starts meanwhile waits for as long as migrating takes.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        try:
            (command.upgrade if up else command.downgrade)(config, revision)
        except CommandError as error:
            raise UnknownSchema(
                f"The database is at version {current(connection)}, which this Preflight does not know: "
                "it was written by a newer one. Install that version, or restore a backup made before it."
            ) from error
        if up and revision == HEAD and projections.missing(connection):
            projections.rebuild(connection)
