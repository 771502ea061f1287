"""What else the portfolio is filtered and ranked by, in one index, and which use cases look alike."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COVERED = [
    "stage",
    "lane",
    "bucket",
    "function",
    "tier",
    "topic",
    "room",
    "business_owner",
    "metric_owner",
    "submitter",
    "users",
    "created_at",
    "id",
]


def upgrade() -> None:
    for name in ("room", "topic"):
        op.add_column("use_cases", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("use_cases", sa.Column("users", sa.Float(), nullable=True))
    with op.batch_alter_table("use_cases") as use_cases:
        for name in ("room", "topic"):
            use_cases.alter_column(name, server_default=None)
    op.create_index("use_cases_portfolio", "use_cases", COVERED, unique=False)
    op.create_table(
        "likenesses",
        sa.Column("one", KEY, nullable=False),
        sa.Column("other", KEY, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["use_cases.id"]),
        sa.ForeignKeyConstraint(["other"], ["use_cases.id"]),
        sa.PrimaryKeyConstraint("one", "other"),
    )
    op.create_index("likenesses_score", "likenesses", ["score"], unique=False)


def downgrade() -> None:
    op.drop_index("likenesses_score", "likenesses")
    op.drop_table("likenesses")
    op.drop_index("use_cases_portfolio", "use_cases")
    for name in ("users", "topic", "room"):
        op.drop_column("use_cases", name)
