"""Runs Alembic's migrations on a connection it is given; see ``storage/migrate.py``.

A new migration is a new file in ``versions``, written by hand or by ``alembic.autogenerate`` against
``storage.schema``; ``storage.migrate.HEAD`` then names it. Tests run every migration up and down on both
databases and compare the outcome with the schema.
"""

from __future__ import annotations

from alembic import context

from storage.schema import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
