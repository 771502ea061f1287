"""Questions to the playbook and what was told; the numbers they are given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("touched_at", MOMENT, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("consultations_place", "consultations", ["channel", "thread", "asked_at"], unique=False)
    op.create_index("consultations_asker", "consultations", ["asker", "channel", "asked_at"], unique=False)
    op.create_index("consultations_touched", "consultations", ["touched_at"], unique=False)
    op.create_table(
        "told",
        sa.Column("consultation", KEY, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"]),
        sa.PrimaryKeyConstraint("consultation"),
    )
    with op.batch_alter_table("serials") as serials:
        serials.add_column(sa.Column("consultation", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("serials") as serials:
        serials.alter_column("consultation", server_default=None)


def downgrade() -> None:
    op.drop_column("serials", "consultation")
    op.drop_table("told")
    op.drop_table("consultations")
