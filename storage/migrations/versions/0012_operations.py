"""The request that an effect came of, what was given up, and what models cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
GIVEN_UP = sa.text("status = 'dead'")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("request", sa.Text(), nullable=False, server_default=""))
    op.create_index("outbox_given_up", "outbox", ["id"], sqlite_where=GIVEN_UP, postgresql_where=GIVEN_UP)
    op.create_table(
        "spending",
        sa.Column("day", KEY, nullable=False),
        sa.Column("workflow", KEY, nullable=False),
        sa.Column("model", KEY, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.Column("unpriced", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("day", "workflow", "model"),
    )


def downgrade() -> None:
    op.drop_table("spending")
    op.drop_index("outbox_given_up", "outbox")
    op.drop_column("outbox", "request")
