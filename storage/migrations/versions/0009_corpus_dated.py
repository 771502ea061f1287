"""Documents keep the date of their last change, where one is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("corpus_documents", sa.Column("dated", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("corpus_documents", "dated")
