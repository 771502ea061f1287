"""Consultations are found by the champion who has them in hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("consultations", sa.Column("put_to", sa.Text(), nullable=True))
    op.create_index("consultations_put_to", "consultations", ["put_to", "asked_at"], unique=False)


def downgrade() -> None:
    op.drop_index("consultations_put_to", "consultations")
    op.drop_column("consultations", "put_to")
