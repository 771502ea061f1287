"""Recorded events, scores and facets to rank by, digests, check-ins, feedback, plans and learners."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
COUNTED = ("subscription", "digest_issue", "check_in", "feedback", "plan")
FACETS = ("lane", "bucket", "function", "business_owner", "metric_owner")
FOUND_BY: dict[str, dict[str, list[str]]] = {
    "subscriptions": {},
    "digest_issues": {},
    "check_ins": {"status": ["status", "opened_at"], "owner": ["owner", "status"]},
    "feedbacks": {"use_case": ["use_case", "opened_at"], "status": ["status", "opened_at"]},
    "plans": {"status": ["status", "opened_at"]},
    "learners": {},
}
NAMED = ("subscriptions", "digest_issues", "check_ins")


def upgrade() -> None:
    for table, indices in FOUND_BY.items():
        op.create_table(
            table,
            sa.Column("use_case", sa.Text(), nullable=True),
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("status", sa.Text(), nullable=False),
            sa.Column("owner", sa.Text(), nullable=True),
            sa.Column("channel", sa.Text(), nullable=True),
            sa.Column("thread", sa.Text(), nullable=True),
            sa.Column("opened_at", MOMENT, nullable=False),
            sa.Column("closed_at", MOMENT, nullable=True),
            sa.Column("id", KEY, nullable=False),
            sa.Column("revision", sa.Integer(), nullable=False),
            sa.Column("state", sa.JSON(), nullable=False),
            sa.PrimaryKeyConstraint("id"),
        )
        for name, columns in indices.items():
            op.create_index(f"{table}_{name}", table, columns, unique=False)
    for table in NAMED:
        op.create_index(f"{table}_name", table, ["name"], unique=True)
    op.create_table(
        "events",
        sa.Column("key", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("week", KEY, nullable=False),
        sa.Column("use_case", KEY, nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("out_of", sa.Float(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("events_kind", "events", ["kind", "week"], unique=False)
    op.create_index("events_use_case", "events", ["use_case", "kind", "week"], unique=False)
    op.create_table(
        "scores",
        sa.Column("use_case", KEY, nullable=False),
        sa.Column("scorecard", KEY, nullable=False),
        sa.Column("dimension", KEY, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["use_case"], ["use_cases.id"]),
        sa.PrimaryKeyConstraint("use_case", "scorecard", "dimension"),
    )
    op.create_index("scores_rank", "scores", ["scorecard", "dimension", "value"], unique=False)
    for name in FACETS:
        op.add_column("use_cases", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in COUNTED:
        op.add_column("serials", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("use_cases") as use_cases:
        for name in FACETS:
            use_cases.alter_column(name, server_default=None)
    with op.batch_alter_table("serials") as serials:
        for name in COUNTED:
            serials.alter_column(name, server_default=None)
    op.create_index("use_cases_function", "use_cases", ["function", "stage"], unique=False)
    op.create_index("audit_at", "audit", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("audit_at", "audit")
    op.drop_index("use_cases_function", "use_cases")
    for name in COUNTED:
        op.drop_column("serials", name)
    for name in FACETS:
        op.drop_column("use_cases", name)
    op.drop_table("scores")
    op.drop_table("events")
    for table in FOUND_BY:
        op.drop_table(table)
