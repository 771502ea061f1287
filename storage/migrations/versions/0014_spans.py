"""What measures are counted from: spans, and the answers that can be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "spans",
        sa.Column("subject_type", KEY, nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("use_case", KEY, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("begins", MOMENT, nullable=False),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("ends", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("subject_type", "subject_id", "kind", "item"),
    )
    op.create_index("spans_begins", "spans", ["kind", "begins"], unique=False)
    op.create_index("spans_ends", "spans", ["kind", "ends"], unique=False)
    op.create_index("spans_use_case", "spans", ["use_case", "kind"], unique=False)
    op.create_table(
        "answers",
        sa.Column("question", KEY, nullable=False),
        sa.Column("use_case", KEY, nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("question", "use_case"),
    )
    op.create_index("answers_use_case", "answers", ["use_case"], unique=False)


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("spans")
