"""Planned jobs name their planning, so that the same job planned again for the same time runs again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("laters", sa.Column("plan", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("laters", "plan")
